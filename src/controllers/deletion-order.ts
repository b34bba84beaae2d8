/** Which pods of a set go first: ActivePodsWithRanks and ActivePods of pkg/controller/controller_utils.go. */
import { parseTime, type Time } from '../api/time.js';
import type { ContainerStatus, Pod } from '../resources/pods/types.js';
import { isReady, readyCondition } from './pods.js';

const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const COST = 'controller.kubernetes.io/pod-deletion-cost';

/** For ReplicaSets. `ranks`: how many active pods of the same owner's sets share the pod's node, by node. */
export function byDeletionOrder(now: Time, ranks: ReadonlyMap<string, number>): (a: Pod, b: Pod) => number {
  const rank = (pod: Pod) => ranks.get(pod.spec.nodeName ?? '') ?? 0;
  return (a, b) =>
    byState(a, b) ||
    deletionCost(a) - deletionCost(b) ||
    rank(b) - rank(a) ||
    (isReady(a) && isReady(b) ? byAge(readySince(a), readySince(b), a, b, now) : 0) ||
    byRestarts(a, b) ||
    byAge(timeOf(a.metadata.creationTimestamp), timeOf(b.metadata.creationTimestamp), a, b, now);
}

/** For Jobs: without cost and ranks, ages compared as they are. */
export function bySimpleDeletionOrder(a: Pod, b: Pod): number {
  return (
    byState(a, b) ||
    (isReady(a) && isReady(b) ? readySince(b) - readySince(a) : 0) ||
    byRestarts(a, b) ||
    timeOf(b.metadata.creationTimestamp) - timeOf(a.metadata.creationTimestamp)
  );
}

/** Unassigned first, then by phase, then those that are not ready. */
function byState(a: Pod, b: Pod): number {
  const unassigned = (pod: Pod) => (pod.spec.nodeName ? 1 : 0);
  const phase = (pod: Pod) => PHASE_ORDER[pod.status?.phase ?? 'Unknown'] ?? 3;
  return unassigned(a) - unassigned(b) || phase(a) - phase(b) || Number(isReady(a)) - Number(isReady(b));
}

/** Younger first, but only by the power of two its age (in nanoseconds) falls in; within one, the lower uid. */
function byAge(a: number, b: number, podA: Pod, podB: Pod, now: Time): number {
  if (a === b) return 0;
  const bucket = (at: number) => (now > at ? Math.floor(Math.log2((now - at) * 1e6)) : -1);
  return bucket(a) - bucket(b) || ((podA.metadata.uid ?? '') < (podB.metadata.uid ?? '') ? -1 : 1);
}

/** More restarts first: of regular containers, then of sidecars. */
function byRestarts(a: Pod, b: Pod): number {
  const [regularA, sidecarA] = maxRestarts(a);
  const [regularB, sidecarB] = maxRestarts(b);
  return regularB - regularA || sidecarB - sidecarA;
}

function maxRestarts({ spec, status }: Pod): readonly [number, number] {
  const most = (statuses: readonly ContainerStatus[]) => statuses.reduce((max, { restartCount }) => Math.max(max, restartCount), 0);
  const sidecars = new Set((spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  return [
    most(status?.containerStatuses ?? []),
    sidecars.size === 0 ? 0 : most((status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))),
  ];
}

function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[COST];
  return text !== undefined && /^(-?[1-9]\d*|0)$/.test(text) ? Number(text) : 0;
}

const readySince = (pod: Pod): number => timeOf(readyCondition(pod)?.lastTransitionTime);
const timeOf = (text: string | null | undefined): number => (text ? (parseTime(text) ?? 0) : 0);
