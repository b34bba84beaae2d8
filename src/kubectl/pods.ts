/** Pods of other objects, and containers of pods: kubectl pkg/polymorphichelpers, pkg/cmd/util/podcmd, k8s.io/kubectl pkg/util/podutils. */
import type { KubeObject } from '../api/object.js';
import { formatSelector, type LabelSelector, selectorOf } from '../api/selectors.js';
import { parseTime } from '../api/time.js';
import type { Container, Pod } from '../resources/pods/types.js';
import { type Factory, type FlagValues, UsageError } from './command.js';

/** cmdutil.GetPodRunningTimeoutFlag. */
export function podRunningTimeout(flags: FlagValues, hint: 'help' | 'none' = 'help'): number {
  const timeout = flags.duration('pod-running-timeout');
  if (timeout <= 0) throw new UsageError('--pod-running-timeout must be higher than zero', hint);
  return timeout;
}

export const PODS = { group: '', version: 'v1', resource: 'pods', namespaced: true } as const;

interface Workload extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector | Readonly<Record<string, string>> };
}

/** SelectorsForObject: the text of an object's pod selector; throws for kinds that have none. */
export function podSelectorOf(object: KubeObject): string {
  const selector = (object as Workload).spec?.selector;
  switch (`${object.apiVersion.split('/')[0]}/${object.kind}`) {
    case 'apps/ReplicaSet':
    case 'apps/Deployment':
    case 'apps/StatefulSet':
    case 'apps/DaemonSet':
    case 'batch/Job':
      return formatSelector(selectorOf(selector as LabelSelector | undefined) ?? []);
    case 'v1/ReplicationController':
      return mapSelector((selector ?? {}) as Readonly<Record<string, string>>);
    case 'v1/Service': {
      const map = (selector ?? {}) as Readonly<Record<string, string>>;
      if (Object.keys(map).length === 0) throw new UsageError(`invalid service '${object.metadata.name}': Service is defined without a selector`);
      return mapSelector(map);
    }
    default:
      throw new UsageError(`selector for ${goType(object)} not implemented`);
  }
}

const mapSelector = (map: Readonly<Record<string, string>>): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${map[key]}`)
    .join(',');

/** The Go type of an object, as errors name it: `*v1.ConfigMap`. */
export const goType = (object: Pick<KubeObject, 'apiVersion' | 'kind'>): string => `*${object.apiVersion.split('/').at(-1)}.${object.kind}`;

/** The pods a selector text picks, in the order the server lists them. */
export async function podsOf(factory: Factory, namespace: string, labelSelector: string): Promise<readonly Pod[]> {
  const list = await factory.client.list({ resource: PODS, namespace }, { query: { labelSelector } });
  return list.items as unknown as readonly Pod[];
}

/** GetFirstPod: the best of an object's pods, waiting for one to appear. */
export async function firstPod(
  factory: Factory,
  namespace: string,
  selector: string,
  timeout: number,
  order: (a: Pod, b: Pod) => number,
): Promise<{ readonly pod: Pod; readonly count: number }> {
  const pods = await podsOf(factory, namespace, selector);
  const [best] = [...pods].sort(order);
  if (best !== undefined) return { pod: best, count: pods.length };
  const stream = await factory.client.watch(
    { resource: PODS, namespace },
    { query: { labelSelector: selector, timeoutSeconds: Math.max(1, Math.ceil(timeout / 1000)) } },
  );
  for await (const event of stream) if (event.type === 'ADDED' || event.type === 'MODIFIED') return { pod: event.object as unknown as Pod, count: 1 };
  throw new UsageError('timed out waiting for the condition');
}

const PHASES: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };
const readyCondition = (pod: Pod) => pod.status?.conditions?.find((condition) => condition.type === 'Ready');
const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';
const timeOf = (text: string | null | undefined): number => (typeof text === 'string' ? (parseTime(text) ?? 0) : 0);
const maxRestarts = (pod: Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
const phaseOf = (pod: Pod): number => PHASES[pod.status?.phase ?? ''] ?? 0;

/** podutils.ByLogging: whose logs are of most use first. */
export const byLogging = (a: Pod, b: Pod): number => byState(a, b) || maxRestarts(b) - maxRestarts(a) || byAge(a, b);

/** podutils.ActivePods reversed: what attach, exec and port-forward go to. */
export const byActivity = (a: Pod, b: Pod): number => byState(a, b) || maxRestarts(a) - maxRestarts(b) || byAge(a, b);

/** Those on a node, those that run, those that are ready, those that have been ready for longest. */
const byState = (a: Pod, b: Pod): number =>
  Number((a.spec.nodeName ?? '') === '') - Number((b.spec.nodeName ?? '') === '') ||
  phaseOf(a) - phaseOf(b) ||
  Number(isReady(b)) - Number(isReady(a)) ||
  (isReady(a) ? timeOf(readyCondition(a)?.lastTransitionTime) - timeOf(readyCondition(b)?.lastTransitionTime) : 0);

const byAge = (a: Pod, b: Pod): number => timeOf(a.metadata.creationTimestamp) - timeOf(b.metadata.creationTimestamp);

/** podcmd.AllContainerNames. */
function allContainerNames(pod: Pod): string {
  return [
    ...pod.spec.containers.map((one) => one.name),
    ...(pod.spec.ephemeralContainers ?? []).map((one) => `${one.name} (ephem)`),
    ...(pod.spec.initContainers ?? []).map((one) => `${one.name} (init)`),
  ].join(', ');
}

export const findContainer = (pod: Pod, name: string): Pick<Container, 'name'> | undefined =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])].find((one) => one.name === name);

/** podcmd.FindOrDefaultContainerByName without a name: the annotated one, or the first, which is said. */
export function defaultContainer(pod: Pod, say: ((text: string) => void) | undefined): string {
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (annotated !== undefined && annotated !== '' && findContainer(pod, annotated) !== undefined) return annotated;
  const first = pod.spec.containers[0];
  if (first === undefined) throw new UsageError(`pod ${pod.metadata.namespace}/${pod.metadata.name} does not have any containers`);
  const several = pod.spec.containers.length > 1 || (pod.spec.initContainers?.length ?? 0) > 0 || (pod.spec.ephemeralContainers?.length ?? 0) > 0;
  if (several) say?.(`Defaulted container "${first.name}" out of: ${allContainerNames(pod)}\n`);
  return first.name;
}
