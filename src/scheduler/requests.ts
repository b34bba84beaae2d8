/** What a pod asks of a node: PodRequests of k8s.io/component-helpers/resource, in whole numbers as the scheduler's NodeInfo keeps them. */
import { podTotal, requestsOf } from '../api/amounts.js';
import { isEqual } from '../api/equality.js';
import { quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import type { ResourceList } from '../resources/pod-template/types.js';
import type { Container, Pod } from '../resources/pods/types.js';

/** CPU in thousandths, everything else in units. */
export interface Requests {
  readonly cpu: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  /** Extended resources and huge pages by name; undefined: none. */
  readonly scalar: Readonly<Record<string, number>> | undefined;
  /** CPU and memory for scoring, where containers without requests count as something. */
  readonly nonZeroCpu: number;
  readonly nonZeroMemory: number;
}

/** What containers without a request count as when nodes are scored (pkg/scheduler/util/pod_resources.go). */
const DEFAULT_CPU = 100;
const DEFAULT_MEMORY = 200 * 1024 * 1024;

/** Turns quantity texts into numbers; few distinct ones occur, so it remembers them. */
export class QuantityReader {
  private readonly milli = new Map<string, number>();
  private readonly units = new Map<string, number>();

  cpu(text: string): number {
    return remember(this.milli, text, (value) => quantityMilliValue(quantity(value)));
  }
  value(text: string): number {
    return remember(this.units, text, (value) => quantityValue(quantity(value)));
  }
}

/** More than this many distinct texts are not worth remembering. */
const MOST_REMEMBERED = 10_000;
function remember(known: Map<string, number>, text: string, read: (text: string) => number): number {
  const found = known.get(text);
  if (found !== undefined) return found;
  const value = read(text);
  if (known.size < MOST_REMEMBERED) known.set(text, value);
  return value;
}

interface Sum {
  cpu: number;
  memory: number;
  ephemeralStorage: number;
  scalar: Record<string, number> | undefined;
  nonZeroCpu: number;
  nonZeroMemory: number;
}
const none = (): Sum => ({ cpu: 0, memory: 0, ephemeralStorage: 0, scalar: undefined, nonZeroCpu: 0, nonZeroMemory: 0 });

/** What all containers need together, and overhead. */
export function podRequests(pod: Pod, read: QuantityReader): Requests {
  const { spec } = pod;
  const total = podTotal(spec, (container: Container) => containerRequests(requestsOf(pod, container), read), SUMS);
  return spec.overhead === undefined ? total : add(total, listSum(spec.overhead, read));
}

/** What scheduling counts is the same of both. */
export const hasSameRequests = (a: Pod, b: Pod): boolean => {
  const lists = (pod: Pod) => [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((container) => requestsOf(pod, container));
  return isEqual(lists(a), lists(b));
};

const AMOUNTS = ['cpu', 'memory', 'ephemeralStorage'] as const;

/** What the pod asked for and asks for less of now: `cpu`, `memory`, `ephemeralStorage`, and others by name. */
export function lessened(before: Pod, after: Pod, read: QuantityReader): readonly string[] {
  const [old, now] = [podRequests(before, read), podRequests(after, read)];
  const others = Object.entries(old.scalar ?? {}).filter(([name, amount]) => amount > (now.scalar?.[name] ?? 0));
  return [...AMOUNTS.filter((name) => old[name] > now[name]), ...others.map(([name]) => name)];
}

function containerRequests(requests: ResourceList | undefined, read: QuantityReader): Sum {
  const sum = requests === undefined ? none() : listSum(requests, read);
  if (requests?.['cpu'] === undefined) sum.nonZeroCpu = DEFAULT_CPU;
  if (requests?.['memory'] === undefined) sum.nonZeroMemory = DEFAULT_MEMORY;
  return sum;
}

export function listSum(list: Readonly<Record<string, string>>, read: QuantityReader): Sum {
  const sum = none();
  for (const name in list) {
    const text = list[name] as string;
    if (name === 'cpu') sum.cpu = read.cpu(text);
    else if (name === 'memory') sum.memory = read.value(text);
    else if (name === 'ephemeral-storage') sum.ephemeralStorage = read.value(text);
    else if (name !== 'pods') {
      sum.scalar ??= {};
      sum.scalar[name] = read.value(text);
    }
  }
  sum.nonZeroCpu = sum.cpu;
  sum.nonZeroMemory = sum.memory;
  return sum;
}

function add(to: Sum, more: Requests): Sum {
  to.cpu += more.cpu;
  to.memory += more.memory;
  to.ephemeralStorage += more.ephemeralStorage;
  to.nonZeroCpu += more.nonZeroCpu;
  to.nonZeroMemory += more.nonZeroMemory;
  for (const name in more.scalar) {
    to.scalar ??= {};
    to.scalar[name] = (to.scalar[name] ?? 0) + (more.scalar[name] as number);
  }
  return to;
}

function larger(to: Sum, other: Requests): Sum {
  to.cpu = Math.max(to.cpu, other.cpu);
  to.memory = Math.max(to.memory, other.memory);
  to.ephemeralStorage = Math.max(to.ephemeralStorage, other.ephemeralStorage);
  to.nonZeroCpu = Math.max(to.nonZeroCpu, other.nonZeroCpu);
  to.nonZeroMemory = Math.max(to.nonZeroMemory, other.nonZeroMemory);
  for (const name in other.scalar) {
    to.scalar ??= {};
    to.scalar[name] = Math.max(to.scalar[name] ?? 0, other.scalar[name] as number);
  }
  return to;
}

const SUMS = { none, add, larger };
