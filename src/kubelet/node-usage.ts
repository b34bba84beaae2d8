/** What pods ask of their node's resources, and what the node has given to those it runs. */
import { type Arithmetic, podTotal } from '../api/amounts.js';
import { type Quantity, quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import type { Container, PodSpec, ResourceList } from '../resources/pod-template/types.js';
import type { PodRecord, Usage } from './record.js';
import type { Kubelet, Work } from './work.js';

/** What the pods of a node that have been admitted and have not ended take together. */
export interface NodeUsage extends Usage {
  pods: number;
}

export const NO_USAGE: NodeUsage = { cpu: 0, memory: 0, storage: 0, pods: 0 };

/** From now on the pod counts. */
export function bookUsage({ kubelet: { state, keys }, pod, record }: Work, wanted: Usage = podUsage(pod.spec)): void {
  const used = state.get<NodeUsage>(keys.usage) ?? NO_USAGE;
  record.usage = wanted;
  state.set(keys.usage, { cpu: used.cpu + wanted.cpu, memory: used.memory + wanted.memory, storage: used.storage + wanted.storage, pods: used.pods + 1 });
}

/** A pod that has ended counts no more. */
export function releaseUsage({ state, keys }: Kubelet, record: PodRecord): void {
  const used = state.get<NodeUsage>(keys.usage);
  if (record.usage === undefined || used === undefined) return;
  const { cpu, memory, storage } = record.usage;
  state.set(keys.usage, { cpu: used.cpu - cpu, memory: used.memory - memory, storage: used.storage - storage, pods: used.pods - 1 });
  delete record.usage;
}

/** What a pod asks for in all. */
export function podUsage(spec: PodSpec): Usage {
  const { containers, initContainers, overhead } = spec;
  if (overhead === undefined && !containers.some(asksForSome) && initContainers?.some(asksForSome) !== true) return { cpu: 0, memory: 0, storage: 0 };
  const of = (resource: string, value: (amount: Quantity) => number): number =>
    effective(spec, 'requests', (list) => (list?.[resource] === undefined ? 0 : value(quantity(list[resource]))));
  return { cpu: of('cpu', quantityMilliValue), memory: of('memory', quantityValue), storage: of('ephemeral-storage', quantityValue) };
}

const asksForSome = ({ resources }: Container): boolean => resources?.requests !== undefined;

const NUMBERS: Arithmetic<number> = { none: () => 0, add: (a, b) => a + b, larger: Math.max };

export const effective = (spec: PodSpec, side: 'requests' | 'limits', amount: (list: ResourceList | undefined) => number): number =>
  podTotal(spec, (container: Container) => amount(container.resources?.[side]), NUMBERS) + amount(spec.overhead);

/** ResourceConfigForPod: the pod has a limit if all its containers have one. */
export function memoryLimit(spec: PodSpec): number | undefined {
  const { containers, initContainers = [] } = spec;
  if (!containers.every(hasMemoryLimit) || !initContainers.every(hasMemoryLimit)) return undefined;
  return effective(spec, 'limits', (list) => (list?.['memory'] === undefined ? 0 : quantityValue(quantity(list['memory']))));
}
const hasMemoryLimit = ({ resources }: Container): boolean => resources?.limits?.['memory'] !== undefined;
