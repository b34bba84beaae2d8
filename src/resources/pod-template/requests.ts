/** What a pod asks for as a whole, as kubectl adds it up: kubectl pkg/util/resource (PodRequestsAndLimits). */
import { addQuantities, compareQuantities, type Quantity, quantity } from '../../api/quantity.js';
import type { Pod } from '../pods/types.js';
import type { Container, ResourceList } from './types.js';

export type Amounts = Readonly<Record<string, Quantity>>;
type Totals = Record<string, Quantity>;

/** Containers and sidecars together, or an init container with the sidecars before it if that is more; plus overhead. */
export function podRequests(pod: Pod): Amounts {
  const total = aggregate(pod, 'requests');
  add(total, pod.spec.overhead);
  return total;
}

/** As {@link podRequests}; overhead counts only where there is a limit. */
export function podLimits(pod: Pod): Amounts {
  const total = aggregate(pod, 'limits');
  for (const name in pod.spec.overhead) if (total[name] !== undefined) total[name] = addQuantities(total[name] as Quantity, quantity(pod.spec.overhead[name]));
  return total;
}

type Side = 'requests' | 'limits';

function aggregate(pod: Pod, side: Side): Totals {
  const total: Totals = {};
  for (const container of pod.spec.containers ?? []) addAmounts(total, amountsOf(pod, container, side));
  const sidecars: Totals = {};
  const peak: Totals = {};
  for (const container of pod.spec.initContainers ?? []) {
    const own = amountsOf(pod, container, side);
    if (container.restartPolicy === 'Always') {
      addAmounts(total, own);
      addAmounts(sidecars, own);
      max(peak, sidecars);
    } else {
      const now: Totals = { ...own };
      addAmounts(now, sidecars);
      max(peak, now);
    }
  }
  max(total, peak);
  return total;
}

/** While a resize is on its way, the largest request of those wanted, allocated and in force. Limits are the wanted ones (kubectl pkg/util/resource). */
function amountsOf(pod: Pod, container: Container, side: Side): Amounts {
  if (side === 'limits') return amounts(container.resources?.limits);
  const total: Totals = {};
  const isInfeasible = pod.status?.conditions?.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible') === true;
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
  if (status?.resources === undefined || !isInfeasible) max(total, amounts(container.resources?.requests));
  if (status?.resources !== undefined) {
    max(total, amounts(status.resources.requests));
    max(total, amounts(status.allocatedResources));
  }
  return total;
}

const amounts = (list: ResourceList = {}): Amounts => Object.fromEntries(Object.entries(list).map(([name, text]) => [name, quantity(text)]));

const add = (total: Totals, list: ResourceList | undefined): void => addAmounts(total, amounts(list));

export function addAmounts(total: Totals, more: Amounts): void {
  for (const name in more) {
    const before = total[name];
    total[name] = before === undefined ? (more[name] as Quantity) : addQuantities(before, more[name] as Quantity);
  }
}

function max(total: Totals, other: Amounts): void {
  for (const name in other) {
    const before = total[name];
    if (before === undefined || compareQuantities(other[name] as Quantity, before) > 0) total[name] = other[name] as Quantity;
  }
}
