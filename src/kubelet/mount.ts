/** Waiting for a pod's volumes: volumemanager, reconciler and nestedpendingoperations' exponential back-off. */
import { milliseconds, minutes, seconds } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';
import { contentOf, isDefaultTokenVolume, isWritten, volumeName } from './volumes.js';
import type { Work } from './work.js';

const FIRST_DELAY = milliseconds(500);
const MAX_DELAY = minutes(2) + seconds(2);
/** WaitForAttachAndMount gives up after this, and the sync with it. */
const MOUNT_WAIT = minutes(2) + seconds(3);

/** True when all volumes are in place; else a FailedMount event has been made and the next try is planned. */
export function mountVolumes(work: Work): boolean {
  const { record, pod, now, kubelet } = work;
  if (record.mounted === true) return true;
  const volumes = (pod.spec.volumes ?? []).filter((volume) => isWritten(volume) && !isDefaultTokenVolume(volume));
  if (volumes.length === 0) {
    record.mounted = true;
    return true;
  }
  const needsNode = volumes.some((volume) => volume.downwardAPI !== undefined || volume.projected !== undefined);
  const node = needsNode ? work.context.api.get<Node>('nodes', { namespace: '', name: kubelet.node }) : undefined;
  const facts = { pod, podIP: work.sandbox?.ip ?? '', hostIP: kubelet.nodeIP(), node };
  const missing: string[] = [];
  record.volumes ??= [];
  for (const volume of volumes) {
    const name = volumeName(pod, volume, work.context.api);
    if (record.volumes.includes(name)) continue;
    const content = contentOf(work.context.api, facts, volume);
    if ('error' in content) {
      missing.push(volume.name);
      work.event('Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume.name}" : ${content.error}`);
    } else {
      work.runtime.setVolume(name, content);
      record.volumes.push(name);
    }
  }
  if (missing.length === 0) {
    record.mounted = true;
    delete record.mount;
    return true;
  }
  const since = record.mount?.since ?? now;
  const delay = record.mount === undefined ? FIRST_DELAY : Math.min(record.mount.delay * 2, MAX_DELAY);
  let at = now + delay;
  record.mount = { delay, at, since };
  if (now - since >= MOUNT_WAIT) {
    work.event(
      'Warning',
      'FailedMount',
      `Unable to attach or mount volumes: unmounted volumes=[${missing.join(' ')}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`,
    );
    record.mount = { delay, at, since: now };
  } else at = Math.min(at, since + MOUNT_WAIT);
  record.syncAt = at;
  return false;
}
