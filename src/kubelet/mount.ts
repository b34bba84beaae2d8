/** Waiting for a pod's volumes: volumemanager, reconciler and nestedpendingoperations' exponential back-off. */
import { claimNameOf } from '../api/claims.js';
import type { VolumeContent } from '../api/cri.js';
import { milliseconds, minutes, seconds } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';
import type { PersistentVolumeClaim } from '../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../resources/persistentvolumes/types.js';
import { contentOf, isDefaultTokenVolume, isWritten, volumeName } from './volumes.js';
import type { Work } from './work.js';

/** A sync that failed is tried again after so long, and up to half as much again. */
const RETRY = seconds(10);
const FIRST_DELAY = milliseconds(500);
const MAX_DELAY = minutes(2) + seconds(2);
/** WaitForAttachAndMount gives up after this, and the sync with it. */
const MOUNT_WAIT = minutes(2) + seconds(3);

/** True when all volumes are in place; else a FailedMount event has been made and the next try is planned. */
export function mountVolumes(work: Work): boolean {
  const { record, pod, now, kubelet } = work;
  if (record.mounted === true) return true;
  const volumes = (pod.spec.volumes ?? []).filter(
    (volume) => (isWritten(volume) && !isDefaultTokenVolume(volume)) || volume.hostPath?.type || claimNameOf(pod, volume) !== undefined,
  );
  if (volumes.length === 0) {
    record.mounted = true;
    return true;
  }
  const needsNode = volumes.some((volume) => volume.downwardAPI !== undefined || volume.projected !== undefined);
  const node = needsNode ? work.context.api.get<Node>('nodes', { namespace: '', name: kubelet.node }) : undefined;
  const facts = { pod, podIP: work.sandbox?.ip ?? '', hostIP: kubelet.nodeIP(), node };
  const missing: string[] = [];
  const unprocessed: { readonly name: string; readonly error: string }[] = [];
  record.volumes ??= [];
  for (const volume of volumes) {
    const claim = claimNameOf(pod, volume);
    const found = claim === undefined ? undefined : boundVolume(work, claim, volume.ephemeral !== undefined);
    if (found !== undefined && 'error' in found) {
      missing.push(volume.name);
      unprocessed.push({ name: volume.name, error: found.error });
      continue;
    }
    const name = volumeName(pod, volume, work.context.api);
    if (record.volumes.includes(name)) continue;
    if (found !== undefined) {
      const { hostPath } = found.spec;
      const checked = hostPath?.type ? hostPathCheck(hostPath) : { files: {} };
      if ('error' in checked) {
        missing.push(volume.name);
        work.event('Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${found.metadata.name}" : ${checked.error}`);
      } else record.volumes.push(name);
      continue;
    }
    const content = volume.hostPath === undefined ? contentOf(work.context.api, facts, volume) : hostPathCheck(volume.hostPath);
    if ('error' in content) {
      missing.push(volume.name);
      work.event('Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume.name}" : ${content.error}`);
    } else {
      if (volume.hostPath === undefined) work.runtime.setVolume(name, content);
      record.volumes.push(name);
    }
  }
  if (missing.length === 0) {
    record.mounted = true;
    delete record.mount;
    return true;
  }
  if (unprocessed.length > 0) {
    // Known at once, and the end of the sync: no waiting for what cannot be mounted.
    const errors = unprocessed.map(({ error }) => error).join('; ');
    const names = unprocessed.map(({ name }) => name).join(' ');
    work.event(
      'Warning',
      'FailedMount',
      `Unable to attach or mount volumes: unmounted volumes=[${missing.join(' ')}], unattached volumes=[], failed to process volumes=[${names}]: ${errors}`,
    );
    delete record.mount;
    record.syncAt = Math.ceil(now + RETRY * (1 + 0.5 * work.context.random(`kubelet/${kubelet.node}`)));
    return false;
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

/** The volume behind a claim, or why there is none: desired_state_of_world_populator.go createVolumeSpec. */
function boundVolume({ context: { api }, pod, key: { namespace } }: Work, name: string, isEphemeral: boolean): PersistentVolume | { readonly error: string } {
  const failed = (error: string) => ({ error: `error processing PVC ${namespace}/${name}: ${error}` });
  const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace, name });
  if (claim === undefined) return failed(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  if (isEphemeral && !claim.metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid))
    return { error: `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)` };
  if (claim.metadata.deletionTimestamp !== undefined) return failed('PVC is being deleted');
  if (claim.status?.phase !== 'Bound' || !claim.spec.volumeName) return failed('PVC is not bound');
  const volume = api.get<PersistentVolume>('persistentvolumes', { namespace: '', name: claim.spec.volumeName });
  if (volume === undefined)
    return failed(`failed to fetch PV ${claim.spec.volumeName} from API server: persistentvolumes "${claim.spec.volumeName}" not found`);
  return volume;
}

/** Directories and files of a node as kind makes it. */
const ON_HOST =
  /^\/($|(bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(lib|log|run|tmp|cache|spool|containerd|kubernetes|kubelet|modules|ssl|certs|cni|pods|containers)(\/.*)?)?$)/;
const FILES = /^\/(etc\/(hosts|hostname|passwd|group|resolv\.conf|os-release|localtime|machine-id)|run\/containerd\/containerd\.sock|run\/xtables\.lock)$/;

/** volume/hostpath checkType: what must be there before; the OrCreate types make it. */
function hostPathCheck({ path = '', type = '' }: { readonly path?: string; readonly type?: string }): VolumeContent | { readonly error: string } {
  const ok = type.endsWith('OrCreate') || (type === 'Directory' ? ON_HOST.test(path) && !FILES.test(path) : FILES.test(path));
  const what =
    { Directory: 'a directory', File: 'a file', Socket: 'a socket file', CharDevice: 'a character device', BlockDevice: 'a block device' }[type] ?? type;
  return ok ? { files: {} } : { error: `hostPath type check failed: ${path} is not ${what}` };
}
