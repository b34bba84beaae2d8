/** May this pod run here? The kubelet's own check of what the scheduler (or a nodeName in the manifest) decided: lifecycle/predicate.go. */
import { hostPortsOf, portsCollide } from '../api/host-ports.js';
import { nodeLike, requiredNodeAffinity, untoleratedTaint } from '../api/node-selector.js';
import { quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import type { Node } from '../resources/nodes/types.js';
import type { ResourceList } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import { refusedUnderPressure } from './eviction.js';
import { bookUsage, effective, NO_USAGE, type NodeUsage, podUsage } from './node-usage.js';
import { isCritical, makeRoom, type Shortage } from './preemption.js';
import type { Usage } from './record.js';
import { forbiddenSysctl } from './sysctl.js';
import type { Work } from './work.js';

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Undefined: admitted, and what it takes is booked. A critical pod may have to wait till others have made room. */
export function admit(work: Work): Rejection | 'waiting' | undefined {
  const { kubelet, pod } = work;
  const node = work.context.api.get<Node>('nodes', { namespace: '', name: kubelet.node });
  const used = kubelet.state.get<NodeUsage>(kubelet.keys.usage) ?? NO_USAGE;
  const wanted = podUsage(pod.spec);
  const pressed = node === undefined ? undefined : refusedUnderPressure(work, node);
  if (pressed !== undefined) return pressed;
  const sysctl = forbiddenSysctl(pod);
  if (sysctl !== undefined) return { reason: 'SysctlForbidden', message: sysctl };
  const foreign = ofOtherSystem(pod);
  if (foreign !== undefined) return foreign;
  const short = shortages(node?.status?.allocatable, wanted, used);
  const other = node === undefined ? undefined : misplaced(work, node);
  if (short.length > 0 && isCritical(pod)) {
    // For lack of room a critical pod is not turned away.
    if (other !== undefined) return other;
    return makeRoom(work, short) ?? 'waiting';
  }
  const refusal = short[0] === undefined ? (scalarShort(work, node?.status?.allocatable) ?? other) : rejected(short[0]);
  if (refusal !== undefined) return refusal;
  bookUsage(work, wanted);
  return undefined;
}

/** The first resource the node has too little of, with the pod itself out of account. */
export function resourceShort({ kubelet: { state, keys }, record }: Work, allocatable: ResourceList, wanted: Usage): Rejection | undefined {
  const used = state.get<NodeUsage>(keys.usage) ?? NO_USAGE;
  const own = record.usage;
  const others =
    own === undefined ? used : { cpu: used.cpu - own.cpu, memory: used.memory - own.memory, storage: used.storage - own.storage, pods: used.pods - 1 };
  const [short] = shortages(allocatable, wanted, others);
  return short === undefined ? undefined : rejected(short);
}

interface Demand {
  readonly resource: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
}
type Lack = Demand & Shortage;

const rejected = ({ resource, requested, used, capacity }: Demand): Rejection => ({
  reason: `OutOf${resource}`,
  message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
});

/** noderesources.Fits: everything there is too little of. */
function shortages(allocatable: ResourceList | undefined, wanted: Usage, used: NodeUsage): readonly Lack[] {
  const lack = (resource: Shortage['resource'], requested: number, taken: number, capacity: number): readonly Lack[] =>
    requested > 0 && taken + requested > capacity ? [{ resource, requested, used: taken, capacity, amount: taken + requested - capacity }] : [];
  const pods = lack('pods', 1, used.pods, Number(allocatable?.['pods'] ?? Number.POSITIVE_INFINITY));
  if ((wanted.cpu === 0 && wanted.memory === 0 && wanted.storage === 0) || allocatable === undefined) return pods;
  return [
    ...pods,
    ...lack('cpu', wanted.cpu, used.cpu, quantityMilliValue(quantity(allocatable['cpu']))),
    ...lack('memory', wanted.memory, used.memory, quantityValue(quantity(allocatable['memory']))),
    ...(allocatable['ephemeral-storage'] === undefined
      ? []
      : lack('ephemeral-storage', wanted.storage, used.storage, quantityValue(quantity(allocatable['ephemeral-storage'])))),
  ];
}

/** Huge pages and extended resources; such as the node knows nothing of are the cluster's, and no affair of its own (removeMissingExtendedResources). */
function scalarShort(work: Work, allocatable: ResourceList = {}): Rejection | undefined {
  const { spec } = work.pod;
  const asked = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) => Object.keys(resources?.requests ?? {}));
  const names = new Set(asked.filter((name) => name.startsWith('hugepages-') || (name.includes('/') && allocatable[name] !== undefined)));
  if (names.size === 0) return undefined;
  const others = othersHere(work);
  for (const resource of names) {
    const of = (pod: Pod): number => effective(pod.spec, 'requests', (list) => quantityValue(quantity(list?.[resource])));
    const requested = of(work.pod);
    const used = others.reduce((sum, other) => sum + of(other), 0);
    const capacity = quantityValue(quantity(allocatable[resource]));
    if (requested > 0 && used + requested > capacity) return rejected({ resource, requested, used, capacity });
  }
  return undefined;
}

/** Pods that have been admitted before and have not ended. */
const othersHere = ({ context, kubelet, pod }: Work): readonly Pod[] =>
  context.api
    .list<Pod>('pods', { index: { name: 'node', value: kubelet.node } })
    .filter(({ metadata, status }) => metadata.uid !== pod.metadata.uid && status?.startTime !== undefined && !ENDED.has(status.phase ?? ''));
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** Nodes run Linux. */
function ofOtherSystem({ metadata, spec }: Pod): Rejection | undefined {
  // Upstream looks at the label of the pod, though it speaks of a selector.
  if ((metadata.labels?.['kubernetes.io/os'] ?? 'linux') !== 'linux')
    return { reason: 'PodOSSelectorNodeLabelDoesNotMatch', message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label" };
  if ((spec.os?.name ?? 'linux') !== 'linux') return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" };
  return undefined;
}

/** What else is in the way; the kubelet minds only taints that would drive the pod away again. */
function misplaced(work: Work, node: Node): Rejection | undefined {
  const { spec } = work.pod;
  const fits = requiredNodeAffinity(spec)?.(nodeLike(node)) ?? true;
  if (!fits) return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  const taken = portsTaken(work);
  if (taken !== undefined || untoleratedTaint(node.spec?.taints, spec.tolerations ?? [], ['NoExecute']) === undefined) return taken;
  return { reason: 'TaintToleration', message: "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate" };
}

/** Host ports of the pods already here. */
function portsTaken(work: Work): Rejection | undefined {
  const wanted = hostPortsOf(work.pod);
  if (wanted.length === 0) return undefined;
  const clash = othersHere(work).some((other) => hostPortsOf(other).some((taken) => wanted.some((port) => portsCollide(taken, port))));
  return clash ? { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" } : undefined;
}
