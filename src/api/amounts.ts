/** Sums of resources by name, and what a pod asks for in all (k8s.io/component-helpers/resource). */
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

/** Containers and sidecars together, or the largest init container with the sidecars before it, whichever is more; and overhead. */
export function podAmounts(spec: DemandingSpec, which: Which): Amounts {
  let sum = (spec.containers ?? []).map((container) => amountsOf(container, which)).reduce(addAmounts, {});
  let sidecars: Amounts = {};
  let largest: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    const own = amountsOf(container, which);
    if (container.restartPolicy === 'Always') {
      sum = addAmounts(sum, own);
      sidecars = addAmounts(sidecars, own);
      largest = largerAmounts(largest, sidecars);
    } else largest = largerAmounts(largest, addAmounts(sidecars, own));
  }
  const total = largerAmounts(sum, largest);
  if (spec.overhead === undefined) return total;
  const overhead = readAmounts(spec.overhead);
  if (which === 'requests') return addAmounts(total, overhead);
  return Object.fromEntries(Object.entries(total).map(([name, value]) => [name, overhead[name] === undefined ? value : addQuantities(value, overhead[name])]));
}

const amountsOf = (container: Demanding, which: Which): Amounts => readAmounts(container.resources?.[which]);

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
