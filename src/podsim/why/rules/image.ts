/** Why an image is not there. The texts are containerd's, CRI-O's and Docker's, as the kubelet hands them on. */
import type { Node } from '../../../resources/nodes/types.js';
import type { Pod } from '../../../resources/pods/types.js';
import { officialImages } from '../../../runtime/official.js';
import { parseReference, type Reference } from '../../../runtime/reference.js';
import { specLine, stateLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { ContainerCase } from '../pod-case.js';
import type { Facts, Rule, Values } from '../rule.js';

const PULLING: readonly string[] = ['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable', 'ImageInspectError'];
const DENIED = /pull access denied|insufficient_scope|repository does not exist|requested access to the resource is denied/i;
const UNAUTHORIZED = /\b401\b|\b403\b|unauthorized|authorization failed|authentication required|no basic auth credentials|forbidden/i;
const MISSING = /code = NotFound|manifest unknown|: not found$|manifest for .* not found|name unknown/im;

/** What the pull failed with: the waiting message, or (older kubelets say less there) the Event. */
function pullError(c: ContainerCase): string | undefined {
  if (c.waiting === undefined || !PULLING.includes(c.waiting.reason ?? '')) return undefined;
  return `${c.waiting.message ?? ''}\n${c.event('Failed', /^Failed to pull image/)?.message ?? ''}`;
}

/** Facts of a failed pull whose text matches. */
function pull(
  c: ContainerCase,
  pattern: RegExp,
  values: (reference: Reference | undefined, error: string) => Values | undefined = () => ({}),
): Facts | undefined {
  const error = pullError(c);
  if (error === undefined || !pattern.test(error)) return undefined;
  const parsed = parseReference(c.container.image ?? '');
  const reference = 'error' in parsed ? undefined : parsed;
  const found = values(reference, error);
  if (found === undefined) return undefined;
  return {
    values: { registry: reference?.domain, repository: reference?.familiar, tag: reference?.tag, ...found },
    evidence: [specLine(`${c.path}.image`, c.container.image), stateLine(c.container.name, c.state?.state), c.seen('Failed', /^Failed to pull image/)],
  };
}

const isOfficialName = (reference: Reference | undefined): boolean => reference?.domain === 'docker.io' && reference.path.startsWith('library/');

/** Tags people use, and those of the same repository that this cluster uses or holds already. */
function nearTag(c: ContainerCase, reference: Reference): string | undefined {
  const used = [
    ...(c.world.list<Pod>('pods') ?? []).filter((pod) => pod !== c.pod).flatMap((pod) => pod.spec.containers.map((one) => one.image ?? '')),
    ...(c.world.list<Node>('nodes') ?? []).flatMap((node) => node.status?.images?.flatMap((image) => image.names ?? []) ?? []),
  ].flatMap((image) => {
    const other = parseReference(image);
    return 'error' in other || other.repository !== reference.repository || image === c.container.image || other.digest !== undefined ? [] : [other.tag];
  });
  return nearest(reference.tag, ['latest', 'stable', 'alpine', 'slim', 'edge', 'lts', ...used]);
}

const pullSecrets = (c: ContainerCase): readonly string[] => (c.pod.spec.imagePullSecrets ?? []).map(({ name = '' }) => name);
const SEE: readonly string[] = [
  'kubectl describe pod {pod}{n}',
  'kubectl get pod {pod}{n} -o jsonpath=\'{.status.{statuses}[*].state.waiting.message}{"\\n"}\'',
];
const SEE_PULL: readonly string[] = ['kubectl describe pod {pod}{n}', 'kubectl get events{n} --field-selector involvedObject.name={pod},reason=Failed'];
const SET_IMAGE = 'kubectl set image {settable} {container}={better}{n}';

export const imageRules: readonly Rule<ContainerCase>[] = [
  {
    id: 'image-pull-secret-missing',
    when: (c) => {
      const missing = pullSecrets(c).find((name) => c.world.find('secrets', c.namespace, name) === null);
      if (missing === undefined) return undefined;
      const facts = pull(c, /(?:)/, () => ({ secret: missing }));
      return facts && { ...facts, evidence: [specLine('imagePullSecrets', missing), c.seen('FailedToRetrieveImagePullSecret'), ...facts.evidence] };
    },
    en: {
      cause: ['The pod names the pull secret {secret}, but there is no Secret of that name in namespace {ns}, so the image was asked for without credentials.'],
      todo: ['Create the Secret in the namespace of the pod; the kubelet tries again by itself.'],
    },
    ko: {
      cause: [
        '파드는 imagePullSecrets로 {secret} Secret을 지정했지만 {ns} 네임스페이스에 그런 Secret이 없습니다. 그래서 자격 증명 없이 이미지를 요청했습니다.',
      ],
      todo: ['파드와 같은 네임스페이스에 Secret을 만드세요. kubelet이 알아서 다시 시도합니다.'],
    },
    fix: ['kubectl create secret docker-registry {secret}{n} --docker-server={registry} --docker-username=USER --docker-password=PASSWORD'],
    proof: ['kubectl get secrets{n}', ...SEE_PULL],
  },
  {
    id: 'image-name-misspelt',
    when: (c) =>
      pull(c, DENIED, (reference) => {
        if (!isOfficialName(reference) || reference === undefined) return undefined;
        const better = nearest(reference.familiar, officialImages());
        return better === undefined ? undefined : { better: `${better}${reference.tag === 'latest' ? '' : `:${reference.tag}`}`, meant: better };
      }),
    en: {
      cause: [
        'The registry {registry} gives nobody an image {repository}: it does not exist, or it is private. The name is one slip away from the official image {meant}.',
      ],
      todo: ['Did you mean {meant}? Correct the name of the image.'],
    },
    ko: {
      cause: ['{registry} 레지스트리에 {repository} 이미지가 없거나 비공개입니다. 공식 이미지 {meant}의 오타로 보입니다.'],
      todo: ['혹시 {meant} 이미지를 쓰려고 하셨나요? 이미지 이름을 고치세요.'],
    },
    fix: [SET_IMAGE],
    proof: SEE,
  },
  {
    id: 'image-credentials-rejected',
    when: (c) =>
      pullSecrets(c).length === 0 ? undefined : pull(c, new RegExp(`${DENIED.source}|${UNAUTHORIZED.source}`, 'i'), () => ({ secret: pullSecrets(c)[0] })),
    en: {
      cause: [
        'The registry {registry} refuses the image {repository} although the pod brings the pull secret {secret}: the credentials are wrong, expired, for another registry, or may not read this repository. (A repository that does not exist looks the same.)',
      ],
      todo: ['Check for which registry and user the Secret was made, and the spelling of the image.'],
    },
    ko: {
      cause: [
        '파드에 {secret} Secret이 지정되어 있는데도 {registry} 레지스트리가 {repository} 이미지를 거부했습니다. 자격 증명이 틀렸거나 만료되었거나, 다른 레지스트리용이거나, 이 저장소를 읽을 권한이 없습니다. (저장소가 아예 없을 때도 같은 응답이 옵니다.)',
      ],
      todo: ['Secret이 어느 레지스트리와 사용자로 만들어졌는지, 이미지 이름에 오타가 없는지 확인하세요.'],
    },
    proof: ["kubectl get secret {secret}{n} -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d", ...SEE_PULL],
  },
  {
    id: 'image-credentials-missing',
    when: (c) => pull(c, UNAUTHORIZED, (_, error) => (/insufficient_scope/.test(error) ? undefined : {})),
    en: {
      cause: ['The registry {registry} wants to know who asks for the image {repository}, and the pod brings no credentials (no imagePullSecrets).'],
      todo: ['Make a docker-registry Secret in namespace {ns} and name it in imagePullSecrets, of the pod or of its ServiceAccount.'],
    },
    ko: {
      cause: ['{registry} 레지스트리가 {repository} 이미지에 인증을 요구하지만 파드에 자격 증명(imagePullSecrets)이 없습니다.'],
      todo: ['{ns} 네임스페이스에 docker-registry 타입 Secret을 만들고 파드나 ServiceAccount의 imagePullSecrets에 지정하세요.'],
    },
    fix: [
      'kubectl create secret docker-registry regcred{n} --docker-server={registry} --docker-username=USER --docker-password=PASSWORD',
      `kubectl patch serviceaccount default{n} -p '{"imagePullSecrets":[{"name":"regcred"}]}'   # for new pods`,
    ],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.imagePullSecrets}{"\\n"}\'', ...SEE_PULL],
  },
  {
    id: 'image-repository-denied',
    when: (c) => pull(c, DENIED),
    en: {
      cause: [
        'The registry {registry} denies access to the repository {repository}: either it does not exist, or it is private. The registry does not say which.',
      ],
      todo: ['Check the spelling of the image. If it is private, give the pod credentials with imagePullSecrets.'],
    },
    ko: {
      cause: ['{registry} 레지스트리가 {repository} 저장소 접근을 거부했습니다. 저장소가 없거나 비공개인데, 레지스트리는 둘 중 무엇인지 알려 주지 않습니다.'],
      todo: ['이미지 이름의 철자를 확인하세요. 비공개 이미지라면 imagePullSecrets로 자격 증명을 주세요.'],
    },
    proof: SEE,
  },
  {
    id: 'image-digest-not-found',
    when: (c) => pull(c, MISSING, (reference) => (reference?.digest === undefined ? undefined : { digest: reference.digest })),
    en: {
      cause: ['The registry {registry} has no version {digest} of the image {repository}.'],
      todo: ['Copy the digest from the registry again: it belongs to another repository, was cut, or was deleted.'],
    },
    ko: {
      cause: ['{registry} 레지스트리의 {repository} 저장소에 {digest} 다이제스트가 없습니다.'],
      todo: ['레지스트리에서 다이제스트를 다시 확인하세요. 다른 저장소의 값이거나, 잘렸거나, 삭제된 것입니다.'],
    },
    proof: SEE,
  },
  {
    id: 'image-tag-not-found',
    when: (c) =>
      pull(c, MISSING, (reference) => {
        if (reference === undefined) return {};
        const tag = nearTag(c, reference);
        return { meant: tag, better: tag === undefined ? undefined : `${reference.familiar}:${tag}` };
      }),
    en: {
      cause: ['The registry {registry} answers, but has no tag {tag} of the image {repository}.'],
      todo: ['Use a tag that exists.', 'Did you mean {better}?'],
    },
    ko: {
      cause: ['{registry} 레지스트리는 응답하지만 {repository} 이미지에 {tag} 태그가 없습니다.'],
      todo: ['실제로 있는 태그를 쓰세요.', '혹시 {better} 이미지를 쓰려고 하셨나요?'],
    },
    fix: [SET_IMAGE],
    proof: SEE,
  },
  {
    id: 'image-registry-unresolvable',
    when: (c) => pull(c, /no such host|server misbehaving|Temporary failure in name resolution/i),
    en: {
      cause: ['The name of the registry, {registry}, cannot be resolved: the DNS that the node asks knows no such host.'],
      todo: ['Check the spelling of the part of the image before the first slash; if it is right, check the DNS of the node.'],
    },
    ko: {
      cause: ['레지스트리 이름 {registry}의 주소를 찾을 수 없습니다. 노드가 묻는 DNS에 이런 호스트가 없습니다.'],
      todo: ['이미지 이름에서 첫 번째 / 앞부분의 철자를 확인하세요. 맞다면 노드의 DNS 설정을 확인하세요.'],
    },
    proof: SEE,
  },
  {
    id: 'image-registry-timeout',
    when: (c) => pull(c, /i\/o timeout|TLS handshake timeout|context deadline exceeded|Client\.Timeout|request canceled|connection reset/i),
    en: {
      cause: ['The registry {registry} does not answer in time: it is down, or the node cannot reach it (network, proxy, firewall).'],
      todo: ['Nothing is wrong with the pod; the kubelet goes on trying. Check the way from node {node} to the registry.'],
    },
    ko: {
      cause: ['{registry} 레지스트리가 제때 응답하지 않습니다. 레지스트리가 내려갔거나 노드에서 닿지 않습니다(네트워크, 프록시, 방화벽).'],
      todo: ['파드에는 문제가 없으며 kubelet이 계속 다시 시도합니다. {node} 노드에서 레지스트리까지의 경로를 확인하세요.'],
    },
    proof: SEE_PULL,
  },
  {
    id: 'image-registry-refused',
    when: (c) => pull(c, /connection refused/i),
    en: {
      cause: ['At {registry} nothing listens: the connection was refused. Seen from the kubelet, localhost is the node, not your machine.'],
      todo: ['Check host and port of the registry, and that it runs.'],
    },
    ko: {
      cause: ['{registry} 주소에서 듣고 있는 프로세스가 없어 연결이 거부되었습니다. kubelet에게 localhost는 여러분의 PC가 아니라 노드 자신입니다.'],
      todo: ['레지스트리의 호스트와 포트가 맞는지, 실행 중인지 확인하세요.'],
    },
    proof: SEE,
  },
  {
    id: 'image-rate-limited',
    when: (c) => pull(c, /toomanyrequests|429 Too Many Requests|rate limit/i),
    en: {
      cause: ['The registry {registry} lets nobody pull so often: the rate limit was reached.'],
      todo: ['Wait until the limit is over, pull with credentials (imagePullSecrets), or use a mirror.'],
    },
    ko: {
      cause: ['{registry} 레지스트리의 풀 횟수 제한(rate limit)에 걸렸습니다.'],
      todo: ['제한이 풀릴 때까지 기다리거나, 자격 증명(imagePullSecrets)으로 받거나, 미러를 쓰세요.'],
    },
    proof: SEE_PULL,
  },
  {
    id: 'image-registry-certificate',
    when: (c) => pull(c, /x509|certificate|server gave HTTP response to HTTPS client/i),
    en: {
      cause: ['The node does not trust the registry {registry}: its certificate is not accepted, or it speaks plain HTTP.'],
      todo: ["Give the node's container runtime the registry's CA, or allow it as an insecure registry."],
    },
    ko: {
      cause: ['노드가 {registry} 레지스트리를 신뢰하지 않습니다. 인증서가 받아들여지지 않거나 레지스트리가 평문 HTTP를 씁니다.'],
      todo: ['노드의 컨테이너 런타임에 레지스트리의 CA를 등록하거나 insecure registry로 허용하세요.'],
    },
    proof: SEE_PULL,
  },
  {
    id: 'image-platform-missing',
    when: (c) =>
      pull(c, /no match for platform|no matching manifest|does not match the specified platform/i, () => ({ arch: c.node?.status?.nodeInfo?.architecture })),
    en: {
      cause: ['The image {repository} exists, but not for the architecture of the node.', 'Node {node} is {arch}.'],
      todo: ['Build the image for this architecture too, or choose nodes of another one (nodeSelector kubernetes.io/arch).'],
    },
    ko: {
      cause: ['{repository} 이미지는 있지만 노드의 아키텍처용이 없습니다.', '{node} 노드는 {arch} 아키텍처입니다.'],
      todo: ['이 아키텍처용으로도 이미지를 빌드하거나, nodeSelector(kubernetes.io/arch)로 다른 노드를 고르세요.'],
    },
    proof: [...SEE_PULL, 'kubectl get nodes{f} -L kubernetes.io/arch'],
  },
  {
    id: 'image-never-pulled',
    when: (c) =>
      c.waiting?.reason === 'ErrImageNeverPull'
        ? {
            evidence: [
              specLine(`${c.path}.image`, c.container.image),
              specLine(`${c.path}.imagePullPolicy`, c.container.imagePullPolicy),
              stateLine(c.container.name, c.state?.state),
              c.seen('ErrImageNeverPull'),
            ],
          }
        : undefined,
    en: {
      cause: ['imagePullPolicy is Never, and node {node} does not have the image {image}: the kubelet may not fetch it.'],
      todo: ['Use IfNotPresent, or bring the image onto the node beforehand (kind load docker-image, minikube image load).'],
    },
    ko: {
      cause: ['imagePullPolicy가 Never인데 {node} 노드에 {image} 이미지가 없습니다. kubelet은 이미지를 가져올 수 없습니다.'],
      todo: ['imagePullPolicy를 IfNotPresent로 바꾸거나, 이미지를 미리 노드에 넣어 두세요(kind load docker-image, minikube image load).'],
    },
    fix: ['{edit}'],
    proof: [
      'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.{containers}[*]}{.name} {.image} {.imagePullPolicy}{"\\n"}{end}\'',
      'kubectl describe pod {pod}{n}',
    ],
  },
  {
    id: 'image-name-upper-case',
    when: (c) =>
      c.waiting?.reason === 'InvalidImageName' && /must be lowercase/.test(c.waiting.message ?? '')
        ? {
            values: { better: c.container.image?.toLowerCase() },
            evidence: [specLine(`${c.path}.image`, c.container.image), stateLine(c.container.name, c.state?.state), c.seen('InspectFailed')],
          }
        : undefined,
    en: { cause: ['{image} is no valid image name: names of images are lower case.'], todo: ['Write {better}.'] },
    ko: { cause: ['{image}은(는) 올바른 이미지 이름이 아닙니다. 이미지 이름에는 소문자만 쓸 수 있습니다.'], todo: ['{better}(으)로 고치세요.'] },
    fix: [SET_IMAGE],
    proof: SEE,
  },
  {
    id: 'image-name-invalid',
    when: (c) =>
      c.waiting?.reason === 'InvalidImageName'
        ? { evidence: [specLine(`${c.path}.image`, c.container.image), stateLine(c.container.name, c.state?.state), c.seen('InspectFailed')] }
        : undefined,
    en: {
      cause: ['{image} cannot be read as the name of an image (REGISTRY/REPOSITORY:TAG): no registry was asked.'],
      todo: ['Correct it: no spaces, no scheme such as https://, one tag after the last colon.'],
    },
    ko: {
      cause: ['{image}은(는) 이미지 이름(레지스트리/저장소:태그) 형식이 아닙니다. 레지스트리에 물어보지도 않았습니다.'],
      todo: ['형식을 고치세요. 공백이나 https:// 같은 스킴 없이, 마지막 콜론 뒤에 태그 하나만 씁니다.'],
    },
    fix: ['kubectl set image {settable} {container}=IMAGE:TAG{n}'],
    proof: SEE,
  },
  {
    id: 'image-pull-failed',
    when: (c) => pull(c, /(?:)/),
    en: {
      cause: ['The kubelet could not get the image {image}; the evidence is what the runtime said.'],
      todo: ['Read the message: it names the step that failed.'],
    },
    ko: {
      cause: ['kubelet이 {image} 이미지를 가져오지 못했습니다. 런타임이 남긴 메시지가 아래에 있습니다.'],
      todo: ['메시지를 읽어 보세요. 어느 단계에서 실패했는지 적혀 있습니다.'],
    },
    proof: SEE_PULL,
  },
  {
    id: 'image-being-pulled',
    when: (c) => {
      const pulling = c.event('Pulling');
      const started = c.waiting !== undefined && ['ContainerCreating', 'PodInitializing'].includes(c.waiting.reason ?? '');
      // One container's Events only: those that name it.
      const isOwn = pulling?.involvedObject.fieldPath?.endsWith(`{${c.container.name}}`) === true;
      if (!started || !isOwn || c.event(/^(Pulled|Failed|Created)$/, /(?:)/)?.involvedObject.fieldPath === pulling?.involvedObject.fieldPath) return undefined;
      return { evidence: [stateLine(c.container.name, c.state?.state), c.seen('Pulling')] };
    },
    en: {
      cause: ['Node {node} is pulling the image {image}; nothing has gone wrong so far.'],
      todo: ['Wait: how long depends on the size of the image and the line.'],
    },
    ko: {
      cause: ['{node} 노드가 {image} 이미지를 받는 중입니다. 아직 잘못된 것은 없습니다.'],
      todo: ['기다리세요. 걸리는 시간은 이미지 크기와 네트워크에 달려 있습니다.'],
    },
    proof: ['kubectl get events{n} --field-selector involvedObject.name={pod}', 'kubectl get pod {pod}{n} -w   # follow it'],
  },
];
