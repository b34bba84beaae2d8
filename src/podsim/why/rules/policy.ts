/** What a NetworkPolicy lets through, and why it may be more or less than was meant. */
import type { KubeObject } from '../../../api/object.js';
import { formatLabelSelector, type LabelSelector, matchesSelector, selectorOf } from '../../../api/selectors.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../../resources/networkpolicies/types.js';
import type { Pod } from '../../../resources/pods/types.js';
import type { Service } from '../../../resources/services/types.js';
import { objectLine, specLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';
import type { World } from '../world.js';

export interface PolicyCase {
  readonly world: World;
  readonly policy: NetworkPolicy;
  readonly namespace: string;
  /** Those it isolates. */
  readonly pods: readonly Pod[];
  readonly isIngress: boolean;
  readonly isEgress: boolean;
}

/** Undefined selectors choose nothing here; an empty one chooses all. */
const takes = (selector: LabelSelector | undefined, { metadata }: KubeObject): boolean => {
  const requirements = selectorOf(selector);
  return requirements !== undefined && matchesSelector(requirements, metadata.labels);
};

/** Without policyTypes: Ingress always, Egress where there are rules for it. */
const typesOf = ({ spec }: NetworkPolicy): readonly string[] => spec.policyTypes ?? ['Ingress', ...((spec.egress?.length ?? 0) > 0 ? ['Egress'] : [])];

export function policyCase(world: World, policy: NetworkPolicy): PolicyCase {
  const { namespace = '' } = policy.metadata;
  const pods = (world.list<Pod>('pods', namespace) ?? []).filter((pod) => takes(policy.spec.podSelector, pod));
  const types = typesOf(policy);
  return { world, policy, namespace, pods, isIngress: types.includes('Ingress'), isEgress: types.includes('Egress') };
}

const namesOf = (objects: readonly KubeObject[]): string =>
  objects
    .slice(0, 4)
    .map(({ metadata }) => metadata.name)
    .join(', ');

export const policyValues = ({ policy, pods, isIngress, isEgress }: PolicyCase): Values => ({
  policy: policy.metadata.name,
  selector: formatLabelSelector(policy.spec.podSelector),
  count: pods.length,
  pods: pods.length === 0 ? undefined : `${namesOf(pods)}${pods.length > 4 ? ', …' : ''}`,
  types: [isIngress ? 'Ingress' : '', isEgress ? 'Egress' : ''].filter((type) => type !== '').join(', '),
});

const portText = ({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): string =>
  `${protocol}${port === undefined ? '' : ` ${port}`}${endPort === undefined ? '' : `-${endPort}`}`;
function peerText({ ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer): string {
  if (ipBlock !== undefined) return ipBlock.cidr ?? '';
  const pods = podSelector === undefined || formatLabelSelector(podSelector) === '<none>' ? 'all pods' : `pods ${formatLabelSelector(podSelector)}`;
  if (namespaceSelector === undefined) return pods;
  const text = formatLabelSelector(namespaceSelector);
  return `${pods} of ${text === '<none>' ? 'all namespaces' : `namespaces ${text}`}`;
}
const ruleText = (peers: readonly NetworkPolicyPeer[] | undefined, ports: readonly NetworkPolicyPort[] | undefined): string =>
  `${(peers?.length ?? 0) === 0 ? 'everybody' : peers?.map(peerText).join(' or ')}, ${(ports?.length ?? 0) === 0 ? 'all ports' : ports?.map(portText).join(', ')}`;

/** What is allowed, a line a rule. */
function allowed({ policy: { spec }, isIngress, isEgress }: PolicyCase): readonly Evidence[] {
  const lines = (type: string, rules: readonly string[]): readonly Evidence[] =>
    (rules.length === 0 ? ['nothing'] : rules).map((rule) => specLine(`${type} allowed`, rule) as Evidence);
  return [
    ...(isIngress
      ? lines(
          'ingress',
          (spec.ingress ?? []).map(({ from, ports }) => ruleText(from, ports)),
        )
      : []),
    ...(isEgress
      ? lines(
          'egress',
          (spec.egress ?? []).map(({ to, ports }) => ruleText(to, ports)),
        )
      : []),
  ];
}

/** The policies that isolate one of these pods for what comes in. */
export const guardsOf = (world: World, namespace: string, pods: readonly Pod[]): readonly PolicyCase[] =>
  (world.list<NetworkPolicy>('networkpolicies', namespace) ?? [])
    .map((policy) => policyCase(world, policy))
    .filter((one) => one.isIngress && idlePlugin(one) === undefined && one.pods.some((pod) => pods.includes(pod)));

/** What the policy lets in. */
export const entrance = ({ policy }: PolicyCase): Evidence =>
  objectLine(
    `networkpolicy/${policy.metadata.name} lets in: ${(policy.spec.ingress ?? []).map(({ from, ports }) => ruleText(from, ports)).join('; ') || 'nobody'}`,
  );

/** Network plugins that do not know policies, and those that do, by the DaemonSets they come as. */
const WITHOUT_POLICIES = /^(kube-)?flannel(-ds)?/;
const WITH_POLICIES = /calico|canal|cilium|antrea|weave|kube-router|kube-ovn|romana|kindnet/;

/** The DaemonSet of a plugin that does nothing for policies. */
function idlePlugin({ world }: PolicyCase): KubeObject | undefined {
  const all = world.list('daemonsets') ?? [];
  return all.some(({ metadata }) => WITH_POLICIES.test(metadata.name ?? ''))
    ? undefined
    : all.find(({ metadata }) => WITHOUT_POLICIES.test(metadata.name ?? ''));
}

/** The pods a peer means at the moment; undefined: addresses, or not known. */
function meant({ world, namespace }: PolicyCase, { ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer): readonly Pod[] | undefined {
  const [pods, namespaces] = [world.list<Pod>('pods'), world.list('namespaces')];
  if (ipBlock !== undefined || pods === undefined || (namespaceSelector !== undefined && namespaces === undefined)) return undefined;
  const places =
    namespaceSelector === undefined ? [namespace] : (namespaces ?? []).filter((one) => takes(namespaceSelector, one)).map(({ metadata }) => metadata.name);
  return pods.filter((pod) => places.includes(pod.metadata.namespace) && (podSelector === undefined || takes(podSelector, pod)));
}

/** A peer that means nobody, with what it may have been meant to say. */
function nobody(p: PolicyCase): Facts | undefined {
  const peers = [...(p.policy.spec.ingress ?? []).flatMap(({ from = [] }) => from), ...(p.policy.spec.egress ?? []).flatMap(({ to = [] }) => to)];
  const peer = peers.find((one) => meant(p, one)?.length === 0);
  if (peer === undefined) return undefined;
  const namespaces = p.world.list('namespaces') ?? [];
  const isNamespace = peer.namespaceSelector !== undefined && !namespaces.some((one) => takes(peer.namespaceSelector, one));
  const candidates = isNamespace ? namespaces : (p.world.list<Pod>('pods', peer.namespaceSelector === undefined ? p.namespace : undefined) ?? []);
  const wish = Object.entries((isNamespace ? peer.namespaceSelector : peer.podSelector)?.matchLabels ?? {})[0];
  const near =
    wish === undefined
      ? undefined
      : nearest(
          wish[1],
          candidates.flatMap(({ metadata }) => metadata.labels?.[wish[0]] ?? []),
        );
  return {
    values: {
      peer: peerText(peer),
      near: near === undefined ? undefined : `${wish?.[0]}=${near}`,
      named: isNamespace && namespaces.some(({ metadata }) => metadata.name === wish?.[1]) ? wish?.[1] : undefined,
    },
    evidence: [
      ...allowed(p),
      ...candidates.slice(0, 5).map(({ kind, metadata }) => objectLine(`${kind.toLowerCase()}/${metadata.name}: labels ${formatLabels(metadata.labels)}`)),
    ],
  };
}

const formatLabels = (labels: Readonly<Record<string, string>> = {}): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';

const DNS = 53;
const isDnsPort = ({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): boolean =>
  protocol === 'UDP' &&
  (port === undefined || port === DNS || port === 'dns' || (typeof port === 'number' && endPort !== undefined && port <= DNS && endPort >= DNS));

/** All that its pods may send is listed in this and other policies, and looking up names is not among it. */
function withoutDns(p: PolicyCase): Facts | undefined {
  const [pod] = p.pods;
  if (!p.isEgress || pod === undefined || (p.policy.spec.egress ?? []).length === 0) return undefined;
  const others = (p.world.list<NetworkPolicy>('networkpolicies', p.namespace) ?? []).filter(
    (one) => typesOf(one).includes('Egress') && takes(one.spec.podSelector, pod),
  );
  const rules = others.flatMap(({ spec }) => spec.egress ?? []);
  const isOpen = rules.some(
    ({ to = [], ports = [] }) =>
      (ports.length === 0 || ports.some(isDnsPort)) &&
      (to.length === 0 || to.some((peer) => meant(p, peer)?.some(({ metadata }) => metadata.labels?.['k8s-app'] === 'kube-dns') ?? true)),
  );
  return isOpen
    ? undefined
    : {
        values: { pod: pod.metadata.name, all: others.map(({ metadata }) => metadata.name).join(', ') },
        evidence: [specLine('podSelector', p.policy.spec.podSelector), ...allowed(p)],
      };
}

/** A port of a Service where the pods listen on another. */
function servicePort(p: PolicyCase): Facts | undefined {
  const ports = (p.policy.spec.ingress ?? []).flatMap(({ ports: all = [] }) => all);
  for (const service of p.world.list<Service>('services', p.namespace) ?? []) {
    const { selector = {}, ports: served = [] } = service.spec;
    if (Object.keys(selector).length === 0 || !p.pods.some((pod) => takes({ matchLabels: selector }, pod))) continue;
    const mistaken = served.find(
      ({ port, targetPort = port }) =>
        targetPort !== port && ports.some((one) => one.port === port) && !ports.some((one) => one.port === targetPort) && !isListened(p.pods, port),
    );
    if (mistaken !== undefined)
      return {
        values: { service: service.metadata.name, port: mistaken.port, target: mistaken.targetPort },
        evidence: [...allowed(p), objectLine(`service/${service.metadata.name}: port ${mistaken.port} goes to port ${mistaken.targetPort} of the pods`)],
      };
  }
  return undefined;
}

const isListened = (pods: readonly Pod[], port: number): boolean =>
  pods.some(({ spec }) => spec.containers.some(({ ports = [] }) => ports.some((one) => one.containerPort === port)));

const SEE = ['kubectl describe networkpolicy {policy}{n}'];
const LABELS = 'kubectl get pods{n} --show-labels';

/** The first one counts. */
export const policyRules: readonly Rule<PolicyCase>[] = [
  {
    id: 'policy-selects-no-pod',
    when: (p) => {
      if (p.pods.length > 0 || p.world.list('pods') === undefined) return undefined;
      const all = p.world.list<Pod>('pods', p.namespace) ?? [];
      const [key = '', value = ''] = Object.entries(p.policy.spec.podSelector.matchLabels ?? {})[0] ?? [];
      const near = nearest(
        value,
        all.flatMap(({ metadata }) => metadata.labels?.[key] ?? []),
      );
      return {
        values: { near: near === undefined ? undefined : `${key}=${near}` },
        evidence: [
          specLine('podSelector', p.policy.spec.podSelector),
          ...all.slice(0, 5).map((pod) => objectLine(`pod/${pod.metadata.name}: labels ${formatLabels(pod.metadata.labels)}`)),
        ],
      };
    },
    en: {
      cause: ['Its podSelector ({selector}) chooses no pod of namespace {ns}: it protects nothing, whatever its rules say.'],
      todo: ['Correct spec.podSelector; it chooses the pods that are protected, not those that may come.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['podSelector({selector})가 고르는 파드가 {ns} 네임스페이스에 없습니다. 규칙이 무엇이든 아무것도 보호하지 않습니다.'],
      todo: ['spec.podSelector를 고치세요. 접근을 허용할 파드가 아니라 보호할 파드를 고르는 필드입니다.', '혹시 {near} 레이블이었나요?'],
    },
    fix: ['kubectl edit networkpolicy {policy}{n}'],
    proof: [...SEE, LABELS],
  },
  {
    id: 'policy-not-enforced',
    when: (p) => {
      const plugin = idlePlugin(p);
      return plugin === undefined
        ? undefined
        : {
            values: { plugin: plugin.metadata.name },
            evidence: [objectLine(`daemonset/${plugin.metadata.name} in ${plugin.metadata.namespace}`), ...allowed(p)],
          };
    },
    en: {
      cause: [
        'The network plugin of this cluster ({plugin}) does not enforce NetworkPolicies: the API server keeps them, and nobody acts on them. Everything gets through.',
      ],
      todo: ['Use a plugin that enforces them, such as Calico or Cilium (in podsim: a cluster made with --cni calico).'],
    },
    ko: {
      cause: [
        '이 클러스터의 네트워크 플러그인({plugin})은 NetworkPolicy를 적용하지 않습니다. API 서버에 저장될 뿐 아무도 처리하지 않아 모든 트래픽이 통과합니다.',
      ],
      todo: ['Calico나 Cilium처럼 적용하는 플러그인을 쓰세요(podsim에서는 --cni calico로 만든 클러스터).'],
    },
    proof: [...SEE, 'kubectl get daemonsets -A{f}'],
  },
  {
    id: 'policy-peer-matches-nobody',
    when: nobody,
    en: {
      cause: [
        'It allows {peer}, and at the moment there are none such: that rule lets nobody through.',
        'There is a namespace named {named}, but a selector goes by labels; the label of its name is kubernetes.io/metadata.name.',
      ],
      todo: ['Correct the selector of the rule, or the labels. A podSelector alone means pods of the own namespace.', 'Did you mean {near}?'],
    },
    ko: {
      cause: [
        '{peer}을(를) 허용하지만 지금 해당하는 것이 없습니다. 이 규칙으로는 아무것도 통과하지 못합니다.',
        '이름이 {named}인 네임스페이스는 있지만 셀렉터는 레이블을 봅니다. 이름을 담은 레이블은 kubernetes.io/metadata.name입니다.',
      ],
      todo: ['규칙의 셀렉터나 레이블을 고치세요. podSelector만 쓰면 같은 네임스페이스의 파드를 뜻합니다.', '혹시 {near} 레이블이었나요?'],
    },
    fix: ['kubectl edit networkpolicy {policy}{n}'],
    proof: [...SEE, 'kubectl get pods -A{f} --show-labels', 'kubectl get namespaces{f} --show-labels'],
  },
  {
    id: 'policy-blocks-dns',
    when: withoutDns,
    en: {
      cause: [
        'Pods it chooses, such as {pod}, may send only what policies list ({all}), and looking up names is not listed: they reach addresses, but no names ("bad address", "could not resolve host").',
      ],
      todo: ['Allow egress to the DNS pods (namespace kube-system, label k8s-app=kube-dns) on port 53, UDP and TCP.'],
    },
    ko: {
      cause: [
        '{pod}처럼 이 정책이 고르는 파드는 정책({all})에 적힌 것만 내보낼 수 있는데 이름 조회가 없습니다. 주소로는 접속되지만 이름으로는 되지 않습니다("bad address", "could not resolve host").',
      ],
      todo: ['DNS 파드(kube-system 네임스페이스, k8s-app=kube-dns 레이블)의 53번 포트로 나가는 UDP와 TCP를 허용하세요.'],
    },
    fix: ['kubectl edit networkpolicy {policy}{n}'],
    proof: [...SEE, 'kubectl get pods -n kube-system{f} -l k8s-app=kube-dns'],
  },
  {
    id: 'policy-names-service-port',
    when: servicePort,
    en: {
      cause: [
        'It allows port {port}, which is the port of the Service {service}; the pods behind it listen on {target}. Policies look at the port of the pod, and so connections through the Service are dropped.',
      ],
      todo: ['Allow port {target}.'],
    },
    ko: {
      cause: [
        '{port} 포트를 허용하는데 이는 {service} Service의 포트이고, 파드는 {target} 포트에서 듣습니다. 정책은 파드의 포트를 보므로 Service를 통한 연결이 차단됩니다.',
      ],
      todo: ['{target} 포트를 허용하세요.'],
    },
    fix: ['kubectl edit networkpolicy {policy}{n}'],
    proof: [...SEE, 'kubectl describe service {service}{n}'],
  },
  {
    id: 'policy-well',
    isFine: true,
    when: (p) => ({ evidence: [specLine('podSelector', p.policy.spec.podSelector), ...allowed(p)] }),
    en: {
      cause: ['For {types} it isolates {count} of the pods of namespace {ns} ({pods}): only what this or another policy allows gets through.'],
      todo: ['Nothing. Whoever is not listed gets no answer (a time-out, not a refusal); what comes from the node of the pod itself always gets through.'],
    },
    ko: {
      cause: ['파드 {count}개({pods})를 {types}에 대해 격리합니다. 이 정책이나 다른 정책이 허용한 것만 통과합니다.'],
      todo: ['할 일은 없습니다. 허용되지 않은 접속은 거부가 아니라 시간 초과가 됩니다. 파드가 있는 노드에서 오는 트래픽은 항상 통과합니다.'],
    },
    proof: [...SEE, LABELS],
  },
];
