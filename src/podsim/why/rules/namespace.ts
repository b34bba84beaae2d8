/** Why a Namespace stays Terminating. Its conditions say what is left. */
import type { KubeObject } from '../../../api/object.js';
import type { Namespace } from '../../../resources/namespaces/types.js';
import type { Pod } from '../../../resources/pods/types.js';
import { conditionLine, objectLine, specLine } from '../evidence.js';
import type { Evidence, Rule, Values } from '../rule.js';
import type { World } from '../world.js';

export interface NamespaceCase {
  readonly world: World;
  readonly namespace: Namespace;
  readonly name: string;
  /** Of its objects that are known, those that finalizers hold: `configmap/x`. */
  readonly held: readonly KubeObject[];
}

export function namespaceCase(world: World, namespace: Namespace, resources: readonly string[]): NamespaceCase {
  const { name = '' } = namespace.metadata;
  const held = resources
    .flatMap((resource) => world.list(resource, name) ?? [])
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined && (metadata.finalizers?.length ?? 0) > 0);
  return { world, namespace, name, held };
}

const condition = ({ namespace }: NamespaceCase, type: string) => namespace.status?.conditions?.find((one) => one.type === type && one.status === 'True');
const message = (n: NamespaceCase, type: string): string | undefined => condition(n, type)?.message?.replace(/^[^:]*: /, '');
const nameOf = ({ kind, metadata }: KubeObject): string => `${kind.toLowerCase()}/${metadata.name}`;

export const namespaceValues = (n: NamespaceCase): Values => ({
  namespace: n.name,
  left: message(n, 'NamespaceContentRemaining'),
  held: n.held.length === 0 ? undefined : n.held.slice(0, 4).map(nameOf).join(', '),
  first: n.held[0] === undefined ? undefined : nameOf(n.held[0]),
});

const isGoing = ({ namespace }: NamespaceCase): boolean => namespace.metadata.deletionTimestamp !== undefined || namespace.status?.phase === 'Terminating';
const deletion = ({ namespace }: NamespaceCase): Evidence => objectLine(`metadata.deletionTimestamp: ${namespace.metadata.deletionTimestamp ?? ''}`);
const SEE = ['kubectl describe namespace {namespace}{f}'];
const LEFT = 'kubectl api-resources --verbs=list --namespaced -o name{f} | xargs -n 1 kubectl get --show-kind --ignore-not-found -n {namespace}{f}';

/** The first one counts. */
export const namespaceRules: readonly Rule<NamespaceCase>[] = [
  {
    id: 'namespace-well',
    isFine: true,
    when: (n) => (isGoing(n) ? undefined : { evidence: [objectLine(`namespace/${n.name}: ${n.namespace.status?.phase ?? 'Active'}`)] }),
    en: { cause: ['The namespace is Active.'], todo: ['Nothing. To look at what is in it: podsim why -n {namespace}.'] },
    ko: { cause: ['네임스페이스가 Active입니다.'], todo: ['할 일은 없습니다. 안에 있는 것을 보려면 podsim why -n {namespace}를 실행하세요.'] },
    proof: SEE,
  },
  {
    id: 'namespace-api-unavailable',
    when: (n) => {
      const found = condition(n, 'NamespaceDeletionDiscoveryFailure');
      return found === undefined ? undefined : { values: { said: found.message }, evidence: [deletion(n), conditionLine(found)] };
    },
    en: {
      cause: ['The controller must empty the namespace, but cannot find out all the kinds there are: an API service does not answer. {said}'],
      todo: ['Bring back what serves that API (such as metrics-server), or delete its APIService if it is gone for good.'],
    },
    ko: {
      cause: ['컨트롤러가 네임스페이스를 비워야 하는데, 응답하지 않는 API 서비스가 있어 어떤 종류가 있는지 다 알 수 없습니다. {said}'],
      todo: ['그 API를 제공하는 것(예: metrics-server)을 되살리거나, 더는 쓰지 않으면 APIService를 지우세요.'],
    },
    proof: [...SEE, 'kubectl get apiservices{f}'],
  },
  {
    id: 'namespace-held-by-finalizers',
    when: (n) => {
      const found = condition(n, 'NamespaceFinalizersRemaining');
      // Pods go first, and while there are some the conditions tell of nothing.
      if (found === undefined && !n.held.some(({ kind }) => kind === 'Pod')) return undefined;
      const finalizers = found?.message?.replace(/^.*remaining: /, '').replace(/ in \d+ resource instances/g, '');
      return {
        values: { finalizers: finalizers ?? [...new Set(n.held.flatMap(({ metadata }) => metadata.finalizers ?? []))].join(', ') },
        evidence: [
          deletion(n),
          conditionLine(found),
          conditionLine(condition(n, 'NamespaceContentRemaining')),
          ...n.held.slice(0, 4).map((one) => specLine(`${nameOf(one)} finalizers`, one.metadata.finalizers)),
        ],
      };
    },
    en: {
      cause: [
        'The namespace goes when it is empty, and objects in it are held by finalizers ({finalizers}): somebody wants to clean up before they go, and has not said that it is done.',
        'They are {held}.',
      ],
      todo: [
        'Get the controller that set the finalizer to do its work. Only if it is gone for good, take the finalizer away; what it was to clean up then stays.',
      ],
    },
    ko: {
      cause: [
        '네임스페이스는 비워져야 사라지는데, 안의 오브젝트를 파이널라이저({finalizers})가 붙잡고 있습니다. 지워지기 전에 정리할 것이 있는 컨트롤러가 아직 끝났다고 하지 않았습니다.',
        '해당 오브젝트: {held}.',
      ],
      todo: ['파이널라이저를 단 컨트롤러가 일을 마치게 하세요. 컨트롤러가 아주 없어진 경우에만 파이널라이저를 지우세요. 그러면 정리할 것은 남습니다.'],
    },
    fix: [`kubectl patch {first} -n {namespace}{f} --type=merge -p '{"metadata":{"finalizers":null}}'`],
    proof: [...SEE, LEFT],
  },
  {
    id: 'namespace-still-has-content',
    when: (n) => {
      const found = condition(n, 'NamespaceContentRemaining') ?? condition(n, 'NamespaceDeletionContentFailure');
      const pods = (n.world.list<Pod>('pods', n.name) ?? []).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
      if (found === undefined && pods.length === 0) return undefined;
      return {
        values: { pods: pods.length === 0 ? undefined : pods.slice(0, 4).map(nameOf).join(', '), pod: pods[0]?.metadata.name },
        evidence: [
          deletion(n),
          conditionLine(found),
          ...pods.slice(0, 3).map((pod) => objectLine(`${nameOf(pod)}: Terminating since ${pod.metadata.deletionTimestamp}`)),
        ],
      };
    },
    en: {
      cause: [
        'All in the namespace was told to go, its pods first, and something is on its way still.',
        'Left are {left}.',
        'Pods that are Terminating: {pods}.',
      ],
      todo: ['Pods take their grace period (30 seconds by default). If they stay longer, ask what keeps them.'],
    },
    ko: {
      cause: ['네임스페이스 안의 모든 것을(파드부터) 지우는 중이고 아직 남은 것이 있습니다.', '남은 것: {left}.', 'Terminating인 파드: {pods}.'],
      todo: ['파드는 유예 시간(기본 30초)이 걸립니다. 더 오래 걸리면 이유를 보세요.'],
    },
    proof: [...SEE, 'podsim why pod/{pod} -n {namespace}{f}'],
  },
  {
    id: 'namespace-terminating',
    when: (n) => ({ evidence: [deletion(n), specLine('spec.finalizers', n.namespace.spec.finalizers)] }),
    en: {
      cause: ['The namespace was deleted just now, and the namespace controller has not said yet what is left.'],
      todo: ['That takes seconds. If it stays so, see whether kube-controller-manager runs (kube-system).'],
    },
    ko: {
      cause: ['네임스페이스가 방금 삭제되었고 무엇이 남았는지 네임스페이스 컨트롤러가 아직 알리지 않았습니다.'],
      todo: ['보통 몇 초 걸립니다. 계속 이렇다면 kube-system의 kube-controller-manager가 실행 중인지 확인하세요.'],
    },
    proof: SEE,
  },
];
