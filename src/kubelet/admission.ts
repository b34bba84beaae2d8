/** May this pod run here? The kubelet's own check of what the scheduler (or a nodeName in the manifest) decided: lifecycle/predicate.go. */
import { type Arithmetic, podTotal } from '../api/amounts.js';
import { nodeLike, requiredNodeAffinity, untoleratedTaint } from '../api/node-selector.js';
import { type Quantity, quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import type { Node } from '../resources/nodes/types.js';
import type { Container, PodSpec, ResourceList } from '../resources/pod-template/types.js';
import type { PodRecord, Usage } from './record.js';
import type { KubeletOptions, Work } from './work.js';

interface NodeUsage extends Usage {
  pods: number;
}

const usageKey = (node: string): string => `nodes/${node}/usage`;
const EMPTY: NodeUsage = { cpu: 0, memory: 0, storage: 0, pods: 0 };

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Undefined: admitted, and what it takes is booked. */
export function admit(work: Work): Rejection | undefined {
  const { kubelet, pod } = work;
  const node = work.context.api.get<Node>('nodes', { namespace: '', name: kubelet.node });
  const used = kubelet.state.get<NodeUsage>(usageKey(kubelet.node)) ?? { ...EMPTY };
  const wanted = podUsage(pod.spec);
  const refusal = node === undefined ? undefined : (refusedBy(pod.spec, node, wanted, used) ?? portsTaken(work));
  if (refusal !== undefined) return refusal;
  bookUsage(work, wanted);
  return undefined;
}

/** From now on the pod counts. */
export function bookUsage({ kubelet: { state, node }, pod, record }: Work, wanted: Usage = podUsage(pod.spec)): void {
  const used = state.get<NodeUsage>(usageKey(node)) ?? EMPTY;
  record.usage = wanted;
  state.set(usageKey(node), { cpu: used.cpu + wanted.cpu, memory: used.memory + wanted.memory, storage: used.storage + wanted.storage, pods: used.pods + 1 });
}

/** A pod that has ended counts no more. */
export function releaseUsage({ state, node }: Pick<KubeletOptions, 'state' | 'node'>, record: PodRecord): void {
  const used = state.get<NodeUsage>(usageKey(node));
  if (record.usage === undefined || used === undefined) return;
  const { cpu, memory, storage } = record.usage;
  state.set(usageKey(node), { cpu: used.cpu - cpu, memory: used.memory - memory, storage: used.storage - storage, pods: used.pods - 1 });
  delete record.usage;
}

/** The first resource the node has too little of, with the pod itself out of account. */
export function resourceShort({ kubelet: { state, node }, record }: Work, allocatable: ResourceList, wanted: Usage): Rejection | undefined {
  const used = state.get<NodeUsage>(usageKey(node)) ?? EMPTY;
  const own = record.usage;
  const others =
    own === undefined ? used : { cpu: used.cpu - own.cpu, memory: used.memory - own.memory, storage: used.storage - own.storage, pods: used.pods - 1 };
  return insufficient(allocatable, wanted, others);
}

/** noderesources.Fits, as GeneralPredicates words it. */
function insufficient(allocatable: ResourceList | undefined, wanted: Usage, used: NodeUsage): Rejection | undefined {
  const short = (resource: string, requested: number, taken: number, capacity: number): Rejection | undefined =>
    requested > 0 && taken + requested > capacity
      ? { reason: `OutOf${resource}`, message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${taken}, capacity: ${capacity}` }
      : undefined;
  const isPriceless = wanted.cpu === 0 && wanted.memory === 0 && wanted.storage === 0;
  return (
    short('pods', 1, used.pods, Number(allocatable?.['pods'] ?? Number.POSITIVE_INFINITY)) ??
    (isPriceless || allocatable === undefined
      ? undefined
      : (short('cpu', wanted.cpu, used.cpu, quantityMilliValue(quantity(allocatable['cpu']))) ??
        short('memory', wanted.memory, used.memory, quantityValue(quantity(allocatable['memory']))) ??
        (allocatable['ephemeral-storage'] === undefined
          ? undefined
          : short('ephemeral-storage', wanted.storage, used.storage, quantityValue(quantity(allocatable['ephemeral-storage']))))))
  );
}

function refusedBy(spec: PodSpec, node: Node, wanted: Usage, used: NodeUsage): Rejection | undefined {
  const resources = insufficient(node.status?.allocatable, wanted, used);
  if (resources !== undefined) return resources;
  const fits = requiredNodeAffinity(spec)?.(nodeLike(node)) ?? true;
  if (!fits) return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  return untoleratedTaint(node.spec?.taints, spec.tolerations ?? [], ['NoExecute']) === undefined
    ? undefined
    : { reason: 'TaintToleration', message: "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate" };
}

/** Host ports of the pods already here. */
function portsTaken(work: Work): Rejection | undefined {
  const wanted = hostPorts(work.pod.spec);
  if (wanted.length === 0) return undefined;
  const others = work.context.api.list<typeof work.pod>('pods', { index: { name: 'node', value: work.kubelet.node } });
  const clash = others.some(
    (other) =>
      other.metadata.uid !== work.pod.metadata.uid &&
      other.status?.startTime !== undefined &&
      other.status.phase !== 'Succeeded' &&
      other.status.phase !== 'Failed' &&
      hostPorts(other.spec).some((port) => wanted.includes(port)),
  );
  return clash ? { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" } : undefined;
}

const hostPorts = (spec: PodSpec): string[] =>
  spec.containers.flatMap((container) =>
    (container.ports ?? []).filter((port) => (port.hostPort ?? 0) > 0).map((port) => `${port.protocol ?? 'TCP'}/${port.hostPort}`),
  );

/** What a pod asks for in all. */
export function podUsage(spec: PodSpec): Usage {
  const total = (resource: string, measure: (amount: Quantity) => number): number => {
    const of = (list: ResourceList | undefined): number => (list?.[resource] === undefined ? 0 : measure(quantity(list[resource])));
    return podTotal(spec, (container: Container) => of(container.resources?.requests), NUMBERS) + of(spec.overhead);
  };
  return {
    cpu: total('cpu', quantityMilliValue),
    memory: total('memory', quantityValue),
    storage: total('ephemeral-storage', quantityValue),
  };
}

const NUMBERS: Arithmetic<number> = { none: () => 0, add: (a, b) => a + b, larger: Math.max };
