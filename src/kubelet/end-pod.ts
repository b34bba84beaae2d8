/**
 * The end of a pod: pod_workers.go's terminating and terminated states, status_manager.go's final delete. Whatever the cause
 * (deletion, deadline, eviction, all containers done), from here on nothing is started any more.
 */
import { seconds } from '../api/time.js';
import type { Container } from '../resources/pod-template/types.js';
import { isSidecar, newestOf, previousOf } from './container-status.js';
import { advanceKill, beginKill } from './kill.js';
import { releaseUsage } from './node-usage.js';
import type { EndRecord, KillRun } from './record.js';
import { generateStatus, hasPodInitialized, isSameStatus, terminatedStatus } from './status.js';
import type { Work } from './work.js';

/** From the last container's end to the API object's: the sandbox, cgroups and volumes go first. */
const CLEAN_UP = seconds(0.8);
/** Until the PLEG has looked again, half its period on average (pod_workers.go: a terminated pod's sync waits for a newer cache). */
const RELIST = seconds(0.5);

export const DEADLINE = 'DeadlineExceeded';

/** ShouldEvict of the deadline says so whenever a status is made: twice when the end begins, and twice when nothing runs any more. */
function sayDeadline(work: Work, { reason, message = '' }: EndRecord): void {
  if (reason === DEADLINE) for (let i = 0; i < 2; i++) work.event('Normal', reason, message);
}

/** No sync may be under way: upstream's context is cancelled, but nobody looks at it before the sync is done. */
export function beginEnd(work: Work, end: Omit<EndRecord, 'began' | 'kills'>): void {
  const { record } = work;
  record.syncAt = undefined;
  record.end = { ...end, began: work.now, kills: {} };
  sayDeadline(work, record.end);
  // From now on containers that were to be started again are only what they are (SyncTerminatingPod).
  work.writeStatus(generateStatus(work.statusInput(false, record.end)).status);
  record.end.kills = beginKills(work, record.end.grace);
  continueEnd(work);
}

/** Begins to stop everything that runs (killContainersWithSyncResult). */
export function beginKills(work: Work, grace: number): Record<string, KillRun> {
  const kills: Record<string, KillRun> = {};
  for (const container of allContainers(work)) {
    const newest = work.newest(container.name);
    if (newest?.state === 'running') kills[container.name] = beginKill(work, container, newest.id, grace, `Stopping container ${container.name}`);
  }
  return kills;
}

const allContainers = (work: Work): readonly Container[] => [
  ...work.pod.spec.containers,
  ...(work.pod.spec.initContainers ?? []),
  ...(work.pod.spec.ephemeralContainers ?? []),
];

/** The kubelet's grace for a deletion: what the API says, at least one second (pod_workers.go calculateEffectiveGracePeriod). */
export const deletionGrace = (work: Work): number =>
  Math.max(1, work.pod.metadata.deletionGracePeriodSeconds ?? work.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;

export function continueEnd(work: Work): void {
  const { record, pod, now } = work;
  const { end } = record;
  if (end === undefined) return;
  if (end.finished === undefined) {
    if (!stopAll(work, end.kills ?? {})) return;
    // A pod that has come to its end by itself is cleared away first; its phase says so when the runtime has been looked at again.
    if (!isToGo(work) && end.phase === undefined) {
      end.stopped ??= now;
      if (now < end.stopped + RELIST) {
        work.wakeAt(end.stopped + RELIST);
        return;
      }
    }
    finish(work, end);
  }
  if (end.losing !== undefined && !tellLost(work, end, end.losing)) return;
  if (!isToGo(work) || end.deleted === true) return;
  end.deleteAt ??= Math.max(now, end.finished ?? now) + CLEAN_UP;
  if (now < end.deleteAt) {
    work.wakeAt(end.deleteAt);
    return;
  }
  work.context.api.delete('pods', work.key, { gracePeriodSeconds: 0, ...(pod.metadata.uid === undefined ? {} : { preconditions: { uid: pod.metadata.uid } }) });
  // Unless a webhook has said no, or has yet to answer.
  end.deleted = true;
}

/** The API's object goes, too, once nothing runs any more: it has been deleted, or mirrors a static pod that is no more. */
const isToGo = ({ pod, record }: Work): boolean => pod.metadata.deletionTimestamp !== undefined || record.removed === true;

/** Moves every container's stopping on; sidecars wait for all regular ones and for the sidecar behind them (newTerminationOrdering). */
export function stopAll(work: Work, kills: Readonly<Record<string, KillRun>>): boolean {
  const sidecars = (work.pod.spec.initContainers ?? []).filter(isSidecar);
  const isGone = (name: string): boolean => kills[name] === undefined || kills[name]?.stage === 'gone';
  const turnOf = (container: Container): boolean => {
    const place = sidecars.findIndex((one) => one.name === container.name);
    if (place < 0) return true;
    return work.pod.spec.containers.every((one) => isGone(one.name)) && isGone(sidecars[place + 1]?.name ?? '');
  };
  let all = true;
  for (const container of [...work.pod.spec.containers, ...(work.pod.spec.ephemeralContainers ?? []), ...[...(work.pod.spec.initContainers ?? [])].reverse()]) {
    const kill = kills[container.name];
    if (kill === undefined || kill.stage === 'gone') continue;
    if (!advanceKill(work, container, kill, () => turnOf(container))) all = false;
  }
  return all;
}

/**
 * Besides the newest instance a dead one is kept, but none when the newest has been dead since `since` and the PLEG has told of it
 * (pod_container_deletor.go, MaxPerPodContainer 1).
 */
export function removeDead(work: Work, since: number): void {
  let removed = false;
  const { instances } = work;
  for (const one of instances) {
    const newest = newestOf(instances, one.name);
    if (newest === undefined || newest === one) continue;
    const isGone = newest.state === 'exited' && (newest.finishedAt ?? newest.createdAt) <= since;
    if (!isGone && previousOf(instances, one.name) === one) continue;
    work.runtime.removeContainer(one.id);
    removed = true;
  }
  if (removed) work.refresh();
}

/** All containers are gone: the status says so, and the sandbox, the volumes and the node's resources are given back. */
function finish(work: Work, end: EndRecord): void {
  const { record } = work;
  end.finished = work.now;
  delete end.kills;
  sayDeadline(work, end);
  if (record.sandbox !== undefined) work.runtime.stopPodSandbox(record.sandbox);
  work.refresh();
  removeDead(work, work.now - RELIST);
  const { status } = generateStatus(work.statusInput(true, end));
  // As the API had it before the end (status_manager.go TerminatePod).
  const initialized = hasPodInitialized(work.pod);
  const isLeft = !isToGo(work) && work.instances.some((one) => newestOf(work.instances, one.name) !== one);
  if (isLeft || !isSameStatus(status, terminatedStatus(status, initialized))) end.losing = { initialized };
  work.writeStatus(status);
  for (const volume of record.volumes ?? []) if (volume.startsWith(record.uid)) work.runtime.removeVolume(volume);
  delete record.volumes;
  releaseUsage(work.kubelet, record);
}

/** SyncTerminatedPod: when all has been cleared away, what nobody can account for is lost. True: it has been said. */
function tellLost(work: Work, end: EndRecord, { initialized }: { readonly initialized: boolean }): boolean {
  const at = (end.finished ?? work.now) + CLEAN_UP;
  if (work.now < at) {
    work.wakeAt(at);
    return false;
  }
  delete end.losing;
  if (isToGo(work)) end.deleteAt = work.now;
  else removeDead(work, work.now);
  work.writeStatus(terminatedStatus(generateStatus(work.statusInput(true, end)).status, initialized));
  return true;
}
