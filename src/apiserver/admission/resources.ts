/** Sums of requests and limits, as LimitRanger and ResourceQuota count them (component-helpers/resource). */
import { addQuantities, compareQuantities, type Quantity, quantity } from '../../api/quantity.js';
import type { Container, PodSpec, ResourceList } from '../../resources/pod-template/types.js';

export type Amounts = Readonly<Record<string, Quantity>>;
type Which = 'requests' | 'limits';

/** Containers and sidecars together, or the largest init container with the sidecars before it, whichever is more; and overhead. */
export function podAmounts(spec: PodSpec, which: Which): Amounts {
  let sum = addAll((spec.containers ?? []).map((container) => amounts(container, which)));
  let sidecars: Amounts = {};
  let largest: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    const own = amounts(container, which);
    if (container.restartPolicy === 'Always') {
      sum = add(sum, own);
      sidecars = add(sidecars, own);
      largest = larger(largest, sidecars);
    } else largest = larger(largest, add(sidecars, own));
  }
  const total = larger(sum, largest);
  if (spec.overhead === undefined) return total;
  const overhead = read(spec.overhead);
  if (which === 'requests') return add(total, overhead);
  return Object.fromEntries(Object.entries(total).map(([name, value]) => [name, overhead[name] === undefined ? value : addQuantities(value, overhead[name])]));
}

const amounts = (container: Container, which: Which): Amounts => read(container.resources?.[which]);
export const read = (list: ResourceList | undefined): Amounts => Object.fromEntries(Object.entries(list ?? {}).map(([name, text]) => [name, quantity(text)]));

export function add(a: Amounts, b: Amounts): Amounts {
  const sum: Record<string, Quantity> = { ...a };
  for (const [name, value] of Object.entries(b)) sum[name] = sum[name] === undefined ? value : addQuantities(sum[name], value);
  return sum;
}

const addAll = (all: readonly Amounts[]): Amounts => all.reduce(add, {});

function larger(a: Amounts, b: Amounts): Amounts {
  const result: Record<string, Quantity> = { ...a };
  for (const [name, value] of Object.entries(b)) if (result[name] === undefined || compareQuantities(result[name], value) < 0) result[name] = value;
  return result;
}
