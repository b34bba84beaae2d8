/** Why a pod that has a node stays ContainerCreating or PodInitializing: volumes that do not mount, sandboxes that do not start. */
import type { Volume, VolumeProjection } from '../../../resources/pod-template/types.js';
import { objectLine, specLine, stateLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { PodCase } from '../pod-case.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';
import { missingObject } from './start.js';

/** Facts when the newest failure of mounting matches and nothing has been mounted since. */
function mount(
  p: PodCase,
  pattern: RegExp,
  values: (match: RegExpExecArray, volume: string | undefined) => Values | undefined = () => ({}),
): Facts | undefined {
  const failed = p.event(/^(FailedMount|FailedAttachVolume)$/, pattern);
  const match = failed === undefined ? null : pattern.exec(failed.message ?? '');
  if (match === null) return undefined;
  const volume = /for volume "([^"]+)"/.exec(failed?.message ?? '')?.[1];
  const found = values(match, volume);
  if (found === undefined) return undefined;
  return { values: { volume, ...found }, evidence: [volumeLine(p, volume), ...waitingLines(p), p.seen(/^(FailedMount|FailedAttachVolume)$/, pattern)] };
}

function volumeLine(p: PodCase, name: string | undefined): Evidence | undefined {
  const volume = p.pod.spec.volumes?.find((one) => one.name === name);
  if (volume === undefined) return undefined;
  const { name: _, ...source } = volume;
  return specLine(`volumes[${name}]`, source);
}

const waitingLines = (p: PodCase): readonly (Evidence | undefined)[] =>
  (p.pod.status?.containerStatuses ?? [])
    .filter((one) => one.state?.waiting !== undefined)
    .slice(0, 1)
    .map((one) => stateLine(one.name, one.state));

interface Keyed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** The keys there are of what the volume shows, and those it asks for that are not there. */
function keyValues(p: PodCase, resource: 'configmaps' | 'secrets', volume: string | undefined, said: string | undefined): Values | undefined {
  const found = p.pod.spec.volumes?.find((one) => one.name === volume);
  const sources: readonly Pick<VolumeProjection, 'configMap' | 'secret'>[] | readonly Volume[] =
    found === undefined ? [] : (found.projected?.sources ?? [found]);
  for (const source of sources) {
    const own = resource === 'configmaps' ? source.configMap : source.secret;
    const object = own === undefined ? undefined : 'secretName' in own ? own.secretName : 'name' in own ? own.name : undefined;
    const stored = object === undefined ? undefined : p.world.find<Keyed>(resource, p.namespace, object);
    const keys = stored ? Object.keys(stored.data ?? {}) : undefined;
    const missing = said ?? own?.items?.find((item) => keys?.includes(item.key) === false)?.key;
    if (object !== undefined)
      return {
        object,
        key: missing,
        keys: keys === undefined || keys.length === 0 ? undefined : keys.join(', '),
        near: missing === undefined ? undefined : nearest(missing, keys ?? []),
      };
  }
  return undefined;
}

const SEE: readonly string[] = [
  'kubectl get events{n} --field-selector involvedObject.name={pod},reason=FailedMount',
  'kubectl get pod {pod}{n} -o jsonpath=\'{.spec.volumes}{"\\n"}\'',
];

/** The first one counts. */
export const volumeRules: readonly Rule<PodCase>[] = [
  {
    id: 'volume-config-map-missing',
    when: (p) =>
      mount(p, /configmap "([^"]+)" not found/, (m) =>
        p.world.find('configmaps', p.namespace, m[1] ?? '') ? undefined : missingObject(p, 'configmaps', m[1] ?? ''),
      ),
    en: {
      cause: [
        'The volume {volume} shows the ConfigMap {object}, and namespace {ns} has no ConfigMap of that name. Until it mounts, no container of the pod starts.',
        'There is one in namespace {elsewhere}, but a pod sees only those of its own namespace.',
      ],
      todo: ['Create it; the kubelet tries again, at least every two minutes or so.', 'Or did you mean {near}?'],
    },
    ko: {
      cause: [
        '{volume} 볼륨이 {object} ConfigMap을 쓰는데 {ns} 네임스페이스에 그런 ConfigMap이 없습니다. 볼륨이 마운트될 때까지 파드의 컨테이너는 시작되지 않습니다.',
        '{elsewhere} 네임스페이스에는 있지만, 파드는 자기 네임스페이스의 ConfigMap만 쓸 수 있습니다.',
      ],
      todo: ['ConfigMap을 만드세요. kubelet이 늦어도 2분 정도 간격으로 다시 시도합니다.', '혹시 {near} ConfigMap을 쓰려고 하셨나요?'],
    },
    fix: ['kubectl create configmap {object}{n} {literals}'],
    proof: ['kubectl get configmaps{n}', ...SEE],
  },
  {
    id: 'volume-secret-missing',
    when: (p) =>
      mount(p, /secret "([^"]+)" not found/, (m) => (p.world.find('secrets', p.namespace, m[1] ?? '') ? undefined : missingObject(p, 'secrets', m[1] ?? ''))),
    en: {
      cause: [
        'The volume {volume} shows the Secret {object}, and namespace {ns} has no Secret of that name. Until it mounts, no container of the pod starts.',
        'There is one in namespace {elsewhere}, but a pod sees only those of its own namespace.',
      ],
      todo: ['Create it; the kubelet tries again, at least every two minutes or so.', 'Or did you mean {near}?'],
    },
    ko: {
      cause: [
        '{volume} 볼륨이 {object} Secret을 쓰는데 {ns} 네임스페이스에 그런 Secret이 없습니다. 볼륨이 마운트될 때까지 파드의 컨테이너는 시작되지 않습니다.',
        '{elsewhere} 네임스페이스에는 있지만, 파드는 자기 네임스페이스의 Secret만 쓸 수 있습니다.',
      ],
      todo: ['Secret을 만드세요. kubelet이 늦어도 2분 정도 간격으로 다시 시도합니다.', '혹시 {near} Secret을 쓰려고 하셨나요?'],
    },
    fix: ['kubectl create secret generic {object}{n} {literals}'],
    proof: ['kubectl get secrets{n}', ...SEE],
  },
  {
    id: 'volume-config-map-key-missing',
    when: (p) => mount(p, /configmap references non-existent config key: (\S+)/, (m, volume) => keyValues(p, 'configmaps', volume, m[1])),
    en: {
      cause: ['The volume {volume} asks for the key {key} of the ConfigMap {object}, which has none of that name.', 'Its keys: {keys}.'],
      todo: ['Correct items of the volume, or add the key.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['{volume} 볼륨이 {object} ConfigMap의 {key} 키를 요구하는데 그런 키가 없습니다.', '있는 키: {keys}.'],
      todo: ['볼륨의 items를 고치거나 키를 추가하세요.', '혹시 {near} 키를 쓰려고 하셨나요?'],
    },
    fix: [`kubectl patch configmap {object}{n} -p '{"data":{"{key}":"VALUE"}}'`],
    proof: ['kubectl describe configmap {object}{n}', ...SEE],
  },
  {
    id: 'volume-secret-key-missing',
    when: (p) => mount(p, /references non-existent secret key: (\S+)/, (m, volume) => keyValues(p, 'secrets', volume, m[1])),
    en: {
      cause: ['The volume {volume} asks for the key {key} of the Secret {object}, which has none of that name.', 'Its keys: {keys}.'],
      todo: ['Correct items of the volume, or add the key.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['{volume} 볼륨이 {object} Secret의 {key} 키를 요구하는데 그런 키가 없습니다.', '있는 키: {keys}.'],
      todo: ['볼륨의 items를 고치거나 키를 추가하세요.', '혹시 {near} 키를 쓰려고 하셨나요?'],
    },
    fix: [`kubectl patch secret {object}{n} -p '{"stringData":{"{key}":"VALUE"}}'`],
    proof: ['kubectl describe secret {object}{n}', ...SEE],
  },
  {
    id: 'host-path-type',
    when: (p) =>
      mount(p, /hostPath type check failed: (\S+) is not an? (.+)/, (m, volume) => {
        const type = p.pod.spec.volumes?.find((one) => one.name === volume)?.hostPath?.type;
        return { hostPath: m[1], type };
      }),
    en: {
      cause: ['The volume {volume} wants {hostPath} of node {node} to be of the type {type}, and it is not, or is not there.'],
      todo: ['Create the path on the node, or use DirectoryOrCreate or FileOrCreate.'],
    },
    ko: {
      cause: ['{volume} 볼륨은 {node} 노드의 {hostPath} 경로가 {type} 타입이기를 요구하는데, 그렇지 않거나 경로가 없습니다.'],
      todo: ['노드에 경로를 만들거나 DirectoryOrCreate 또는 FileOrCreate를 쓰세요.'],
    },
    fix: ['{edit}'],
    proof: SEE,
  },
  {
    id: 'volume-attached-elsewhere',
    when: (p) => mount(p, /Multi-Attach error/),
    en: {
      cause: ['The volume is still attached to another node, and its access mode (ReadWriteOnce) lets only one node have it.'],
      todo: ['Wait until the old pod is gone; of a node that is down, delete the pod with --force once you are sure that it is off.'],
    },
    ko: {
      cause: ['볼륨이 아직 다른 노드에 붙어 있습니다. 접근 모드(ReadWriteOnce)가 한 노드만 허용합니다.'],
      todo: ['이전 파드가 사라질 때까지 기다리세요. 노드가 내려간 경우라면 꺼진 것을 확인한 뒤 그 파드를 --force로 삭제하세요.'],
    },
    proof: ['kubectl get events{n} --field-selector involvedObject.name={pod},reason=FailedAttachVolume', 'kubectl get volumeattachments{f}'],
  },
  {
    id: 'volume-mount-failed',
    when: (p) => mount(p, /(?:)/, (_, volume) => (hasMissing(p) ? undefined : { volume: volume ?? '' })),
    en: {
      cause: ['A volume of the pod does not mount, and no container starts before it does. The Event says which and why.'],
      todo: ['Correct what the Event names; the kubelet tries again by itself.'],
    },
    ko: {
      cause: ['파드의 볼륨이 마운트되지 않아 컨테이너가 시작되지 못합니다. 어느 볼륨이 왜 실패했는지는 이벤트에 있습니다.'],
      todo: ['이벤트에 나온 것을 고치세요. kubelet이 알아서 다시 시도합니다.'],
    },
    proof: SEE,
  },
  {
    id: 'sandbox-failed',
    when: (p) => {
      const failed = p.event('FailedCreatePodSandBox');
      return failed === undefined ? undefined : { evidence: [...waitingLines(p), p.seen('FailedCreatePodSandBox'), p.seen('NetworkNotReady')] };
    },
    en: {
      cause: ['The runtime cannot make the sandbox of the pod (its network): mostly the CNI plugin of the node is missing or has no addresses left.'],
      todo: ['Nothing is wrong with the pod. Look at the pods of the network plugin on node {node}.'],
    },
    ko: {
      cause: ['런타임이 파드의 샌드박스(네트워크)를 만들지 못합니다. 대개 노드의 CNI 플러그인이 없거나 줄 수 있는 IP가 남지 않은 것입니다.'],
      todo: ['파드에는 문제가 없습니다. {node} 노드의 네트워크 플러그인 파드를 확인하세요.'],
    },
    proof: [
      'kubectl get events{n} --field-selector involvedObject.name={pod},reason=FailedCreatePodSandBox',
      'kubectl get pods -n kube-system{f} -o wide --field-selector spec.nodeName={node}',
    ],
  },
  {
    id: 'being-created',
    when: (p) => ({ evidence: [...waitingLines(p), p.seen('Scheduled'), ...(p.events.length === 0 ? [objectLine('no Events of this pod')] : [])] }),
    en: {
      cause: ['Node {node} is preparing the pod: sandbox, volumes, images. Nothing has gone wrong so far.'],
      todo: ['Wait a moment. If it stays so for minutes, look at the Events again.'],
    },
    ko: {
      cause: ['{node} 노드가 파드를 준비하는 중입니다(샌드박스, 볼륨, 이미지). 아직 잘못된 것은 없습니다.'],
      todo: ['잠시 기다리세요. 몇 분 동안 그대로라면 이벤트를 다시 확인하세요.'],
    },
    proof: ['kubectl get events{n} --field-selector involvedObject.name={pod}', 'kubectl describe pod {pod}{n}'],
  },
];

/** What did not mount was missing, and is there now: the kubelet is about to try again. */
const hasMissing = (p: PodCase): boolean =>
  p.event('FailedMount')?.message?.includes('not found') === true &&
  !/kube-root-ca/.test(p.event('FailedMount')?.message ?? '') &&
  p.events.at(-1)?.reason !== 'FailedMount';
