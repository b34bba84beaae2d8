/** What a container has been allocated of cpu and memory, and what it has got: allocation_manager.go, kuberuntime_manager.go computePodResizeAction. */
import { compareQuantities, formatQuantity, quantity } from '../api/quantity.js';
import type { Container, ResourceList, ResourceRequirements } from '../resources/pod-template/types.js';
import type { PodRecord } from './record.js';

const RESIZABLE = ['cpu', 'memory'] as const;

/** What the node has agreed to give a container. */
export const allocated = (record: PodRecord, { name, resources = {} }: Pick<Container, 'name' | 'resources'>): ResourceRequirements =>
  record.allocated?.[name] ?? resources;

/** What the status shows: what a running container has, for any other what it would get. */
export function reportedResources(record: PodRecord, container: Pick<Container, 'name' | 'resources'>, isRunning: boolean): ResourceRequirements {
  const agreed = allocated(record, container);
  if (!isRunning) return agreed;
  const actual = record.containers[container.name]?.resources;
  if (actual === undefined || actual === agreed) return withMemoryInBytes(agreed);
  const shown = (side: 'limits' | 'requests'): ResourceList | undefined => {
    const list = agreed[side];
    if (list === undefined) return undefined;
    return Object.fromEntries(Object.entries(list).map(([name, amount]) => [name, isResizable(name) ? (actual[side]?.[name] ?? amount) : amount]));
  };
  const [limits, requests] = [shown('limits'), shown('requests')];
  return withMemoryInBytes({ ...agreed, ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) });
}

/** The runtime tells a memory limit in bytes, and the kubelet writes it in powers of two: `128M` reads `125000Ki`. */
function withMemoryInBytes(resources: ResourceRequirements): ResourceRequirements {
  const memory = resources.limits?.['memory'];
  if (memory === undefined || memory.endsWith('i')) return resources;
  return { ...resources, limits: { ...resources.limits, memory: formatQuantity({ nano: quantity(memory).nano, format: 'BinarySI' }) } };
}
const isResizable = (name: string): boolean => RESIZABLE.some((one) => one === name);

/** How a running container comes to what it was allocated: as it is, or by a restart; undefined: it has it. */
export function resizeAction(record: PodRecord, container: Container): 'update' | 'restart' | undefined {
  const wanted = allocated(record, container);
  const actual = record.containers[container.name]?.resources ?? {};
  if (wanted.limits === actual.limits && wanted.requests === actual.requests) return undefined;
  const changed = RESIZABLE.filter((name) => !isSameAmount(wanted, actual, name));
  if (changed.length === 0) return undefined;
  const mustRestart = changed.some((name) => container.resizePolicy?.find(({ resourceName }) => resourceName === name)?.restartPolicy === 'RestartContainer');
  return mustRestart ? 'restart' : 'update';
}

const isSameAmount = (a: ResourceRequirements, b: ResourceRequirements, name: string): boolean =>
  (['limits', 'requests'] as const).every((side) => {
    const [one, other] = [a[side]?.[name] ?? '0', b[side]?.[name] ?? '0'];
    return one === other || compareQuantities(quantity(one), quantity(other)) === 0;
  });

export const isSameSize = (a: ResourceRequirements, b: ResourceRequirements): boolean => RESIZABLE.every((name) => isSameAmount(a, b, name));
