/** The text of a failed attempt: FitError.Error of pkg/scheduler/framework/types.go. */

export const NO_NODES = 'no nodes available to schedule pods';

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`: `reasons` one for each time a node gives it. */
export function fitMessage(nodeCount: number, reasons: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  const head = `0/${nodeCount} nodes are available:`;
  return parts.length === 0 ? head : `${head} ${parts.join(', ')}.`;
}

/** When a plugin turned down all nodes at once, its reason stands alone. */
export const preFilterMessage = (nodeCount: number, reason: string): string => `0/${nodeCount} nodes are available: ${reason}.`;
