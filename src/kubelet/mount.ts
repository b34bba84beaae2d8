/** Waiting for a pod's volumes: volumemanager, reconciler and nestedpendingoperations' exponential back-off. */
import { milliseconds, minutes, seconds } from '../api/time.js';
import type { PodSpec, Volume } from '../resources/pod-template/types.js';
import { mountVolume } from './volume-plugins.js';
import { factsFor, isDefaultTokenVolume, volumeName } from './volumes.js';
import type { Work } from './work.js';

/** A sync that failed is tried again after so long, and up to half as much again. */
export const RETRY = seconds(10);
const FIRST_DELAY = milliseconds(500);
const MAX_DELAY = minutes(2) + seconds(2);
/** A mount that takes its time looks again so often. */
const TRYING = seconds(10);
/** WaitForAttachAndMount gives up after this, and the sync with it. */
export const MOUNT_WAIT = minutes(2) + seconds(3);

/** What no container mounts is not looked at (desired_state_of_world_populator.go processPodVolumes). */
function usedVolumes({ volumes = [], containers, initContainers = [], ephemeralContainers = [] }: PodSpec): readonly Volume[] {
  const found = volumes.filter((volume) => !isDefaultTokenVolume(volume));
  if (found.length === 0) return found;
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  const used = new Set(all.flatMap(({ volumeMounts = [], volumeDevices = [] }) => [...volumeMounts, ...volumeDevices].map(({ name }) => name)));
  return found.filter(({ name }) => used.has(name));
}

/** True when all volumes are in place; else a FailedMount event has been made or is to come, and the next look is planned. */
export function mountVolumes(work: Work): boolean {
  const { record, pod, now } = work;
  // Ephemeral containers may use volumes that nobody did before.
  if (record.mounted === true && pod.spec.ephemeralContainers === undefined) return true;
  const volumes = usedVolumes(pod.spec);
  if (volumes.length === 0) {
    record.mounted = true;
    return true;
  }
  const facts = factsFor(work, volumes);
  const since = record.mount?.since ?? now;
  const missing: string[] = [];
  const unattached: string[] = [];
  const unprocessed: { readonly name: string; readonly error: string }[] = [];
  let failed = false;
  let wake = Number.POSITIVE_INFINITY;
  record.volumes ??= [];
  for (const volume of volumes) {
    const name = volumeName(pod, volume, work.context.api);
    if (record.volumes.includes(name)) continue;
    const outcome = mountVolume(work, facts, volume);
    if (outcome.type === 'mounted') {
      if (outcome.content !== undefined) work.runtime.setVolume(name, outcome.content);
      record.volumes.push(name);
      continue;
    }
    missing.push(volume.name);
    if (outcome.type === 'unprocessed') unprocessed.push({ name: volume.name, error: outcome.error });
    else if (outcome.type === 'unattached') unattached.push(volume.name);
    else {
      const ends = (record.mount?.begun ?? now) + outcome.takes;
      // Whoever is not there yet may come while it is being tried.
      if (now < ends) wake = Math.min(wake, ends, now + TRYING);
      else {
        failed = true;
        work.event('Warning', 'FailedMount', outcome.message);
      }
    }
  }
  if (missing.length === 0) {
    record.mounted = true;
    delete record.mount;
    return true;
  }
  const giveUp = (error: string): void => {
    const names = unprocessed.map(({ name }) => name).sort();
    work.event(
      'Warning',
      'FailedMount',
      `Unable to attach or mount volumes: unmounted volumes=[${missing.toSorted().join(' ')}], unattached volumes=[${unattached.toSorted().join(' ')}], failed to process volumes=[${names.join(' ')}]: ${error}`,
    );
  };
  if (unprocessed.length > 0) {
    // Known at once, and the end of the sync: no waiting for what cannot be mounted.
    giveUp(unprocessed.map(({ error }) => error).join('; '));
    delete record.mount;
    record.syncAt = work.jittered(RETRY);
    return false;
  }
  const delay = !failed ? (record.mount?.delay ?? 0) : record.mount?.delay ? Math.min(record.mount.delay * 2, MAX_DELAY) : FIRST_DELAY;
  // The next try begins after the delay, and may take its time.
  const begun = failed ? now + delay : (record.mount?.begun ?? now);
  const isOver = now - since >= MOUNT_WAIT;
  if (isOver) giveUp('context deadline exceeded');
  record.mount = { delay, begun, since: isOver ? now : since };
  record.syncAt = Math.min(failed ? begun : wake, record.mount.since + MOUNT_WAIT);
  return false;
}
