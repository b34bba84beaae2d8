/** Sums of resources by name, and what a pod asks for in all (k8s.io/component-helpers/resource). */
import type { KubeObject } from './object.js';
import { addQuantities, compareQuantities, type Quantity, quantity, subtractQuantities } from './quantity.js';

/** Quantities by resource name. */
export type Amounts = Readonly<Record<string, Quantity>>;
type Which = 'requests' | 'limits';
type Texts = Readonly<Record<string, string>>;

/** As much of a container as counts here. */
export interface Demanding {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: Texts; readonly limits?: Texts };
}

/** As much of a PodSpec as counts here. */
export interface DemandingSpec {
  readonly containers?: readonly Demanding[];
  readonly initContainers?: readonly Demanding[];
  readonly overhead?: Texts;
}

/** How amounts are put together. An operation may change its first argument, never its second. */
export interface Arithmetic<T> {
  none(): T;
  add(to: T, more: T): T;
  larger(a: T, b: T): T;
}
interface Containers<C> {
  readonly containers?: readonly C[];
  readonly initContainers?: readonly C[];
}

/** AggregateContainerRequests: containers and sidecars together, or the largest init container with the sidecars before it, whichever is more. */
export function podTotal<C extends { readonly restartPolicy?: string }, T>(
  spec: Containers<C>,
  own: (container: C) => T,
  { none, add, larger }: Arithmetic<T>,
): T {
  let sum = none();
  for (const container of spec.containers ?? []) sum = add(sum, own(container));
  if (spec.initContainers === undefined || spec.initContainers.length === 0) return sum;
  let sidecars = none();
  let largest = none();
  for (const container of spec.initContainers) {
    const amount = own(container);
    if (container.restartPolicy === 'Always') {
      sum = add(sum, amount);
      sidecars = add(sidecars, amount);
      largest = larger(largest, sidecars);
    } else largest = larger(largest, add(amount, sidecars));
  }
  return larger(sum, largest);
}

/** As much of a pod as tells what its containers have been given. */
export interface Resizable extends KubeObject {
  readonly spec: { readonly initContainers?: readonly Demanding[] };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly Given[];
    readonly initContainerStatuses?: readonly Given[];
  };
}
interface Given {
  readonly name: string;
  readonly resources?: { readonly requests?: Texts; readonly limits?: Texts };
  readonly allocatedResources?: Texts;
}

/** What a container asks for; after a resize the most of what it should have, was allocated and has got (determineContainerReqs). */
export const requestsOf = (pod: Resizable, container: Demanding): Texts | undefined => resized(pod, container, 'requests');
/** Its limits likewise (determineContainerLimits). */
export const limitsOf = (pod: Resizable, container: Demanding): Texts | undefined => resized(pod, container, 'limits');

function resized({ metadata, spec: { initContainers }, status }: Resizable, { name, resources, restartPolicy }: Demanding, which: Which): Texts | undefined {
  const own = resources?.[which];
  if (metadata.generation === 1) return own;
  const isInit = restartPolicy === 'Always' || initContainers?.some((one) => one.name === name) === true;
  const known = (isInit ? status?.initContainerStatuses : status?.containerStatuses)?.find((one) => one.name === name);
  if (known?.resources === undefined) return own;
  const isInfeasible = status?.conditions?.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible') === true;
  const largest: Record<string, string> = {};
  for (const list of [isInfeasible ? undefined : own, known.resources[which], which === 'requests' ? known.allocatedResources : undefined])
    for (const [resource, amount] of Object.entries(list ?? {}))
      if (largest[resource] === undefined || compareQuantities(quantity(amount), quantity(largest[resource])) > 0) largest[resource] = amount;
  return largest;
}

/** {@link podTotal} in quantities, and overhead: with limits only where there is one. */
export function podAmounts<C extends Demanding>(
  spec: Containers<C> & { readonly overhead?: Texts },
  which: Which,
  own: (container: C) => Amounts = (container) => readAmounts(container.resources?.[which]),
): Amounts {
  const total = podTotal(spec, own, { none: (): Amounts => ({}), add: addAmounts, larger: largerAmounts });
  if (spec.overhead === undefined) return total;
  const overhead = readAmounts(spec.overhead);
  if (which === 'requests') return addAmounts(total, overhead);
  return Object.fromEntries(Object.entries(total).map(([name, value]) => [name, overhead[name] === undefined ? value : addQuantities(value, overhead[name])]));
}

export const readAmounts = (list: Texts | undefined): Amounts => Object.fromEntries(Object.entries(list ?? {}).map(([name, text]) => [name, quantity(text)]));

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  const sum: Record<string, Quantity> = { ...a };
  for (const [name, value] of Object.entries(b)) sum[name] = sum[name] === undefined ? value : addQuantities(sum[name], value);
  return sum;
}

/** `a - b`; what only `b` has comes out negative. */
export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  const rest: Record<string, Quantity> = { ...a };
  for (const [name, value] of Object.entries(b)) rest[name] = subtractQuantities(rest[name] ?? { nano: 0n, format: value.format }, value);
  return rest;
}

function largerAmounts(a: Amounts, b: Amounts): Amounts {
  const result: Record<string, Quantity> = { ...a };
  for (const [name, value] of Object.entries(b)) if (result[name] === undefined || compareQuantities(result[name], value) < 0) result[name] = value;
  return result;
}
