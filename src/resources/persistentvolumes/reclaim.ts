/** What becomes of a volume whose claim has gone: pv_controller.go reclaimVolume, and the plugins that delete and recycle. */
import type { Context, Result } from '../../api/reconciler.js';
import { parseTime, seconds, since } from '../../api/time.js';
import type { PersistentVolume } from './types.js';
import { PROVISIONED_BY, setPhase, unbind, VOLUMES } from './writes.js';

/** A pod has to start, scrub and end. */
const RECYCLING = seconds(8);

export function reclaim(volume: PersistentVolume, context: Context, wipe: (path: string) => void): Result | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) return undefined;
  switch (volume.spec.persistentVolumeReclaimPolicy) {
    case 'Recycle':
      return recycle(volume, context, wipe);
    case 'Delete':
      // Who made it deletes it.
      if (volume.metadata.annotations?.[PROVISIONED_BY] === undefined) remove(volume, context, wipe);
  }
  return undefined;
}

/** pkg/volume/hostpath: only directories below /tmp are deleted; no other plugin in the tree deletes what it did not make. */
function remove(volume: PersistentVolume, context: Context, wipe: (path: string) => void): void {
  const path = volume.spec.hostPath?.path;
  if (path !== undefined && /\/tmp\/.+/.test(path)) {
    wipe(path);
    context.api.delete(VOLUMES, { namespace: '', name: volume.metadata.name ?? '' });
    return;
  }
  fail(
    volume,
    'VolumeFailedDelete',
    path === undefined
      ? `error getting deleter volume plugin for volume "${volume.metadata.name}": no deletable volume plugin matched`
      : `host_path deleter only supports /tmp/.+ but received provided ${path}`,
    context,
  );
}

function recycle(volume: PersistentVolume, context: Context, wipe: (path: string) => void): Result | undefined {
  const { hostPath, nfs } = volume.spec;
  if (hostPath === undefined && nfs === undefined) {
    fail(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!', context);
    return undefined;
  }
  const released = parseTime(volume.status?.lastPhaseTransitionTime ?? '') ?? context.now;
  const left = RECYCLING - since(released, context.now);
  if (left > 0) return { requeueAfter: left as NonNullable<Result['requeueAfter']> };
  if (hostPath?.path !== undefined) wipe(hostPath.path);
  context.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
  setPhase(unbind(volume, context), 'Available', context);
  return undefined;
}

function fail(volume: PersistentVolume, reason: string, message: string, context: Context): void {
  if (volume.status?.phase === 'Failed') return;
  context.event(setPhase(volume, 'Failed', context, message), 'Warning', reason, message);
}
