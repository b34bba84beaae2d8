/** What the binder and the reclaimer write to a volume. */
import type { ObjectKey } from '../../api/object.js';
import type { Context } from '../../api/reconciler.js';
import { formatTime } from '../../api/time.js';
import type { PersistentVolume } from './types.js';

export const VOLUMES = 'persistentvolumes';
export const CLAIMS = 'persistentvolumeclaims';
export const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** The bond was made by the controller, not asked for by the user. */
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** Names the provisioner that made the volume, and that deletes it. */
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

export const clusterKey = (name: string): ObjectKey => ({ namespace: '', name });

/** updateVolumePhase: the message goes with the phase. */
export function setPhase(volume: PersistentVolume, phase: string, { api, now }: Context, message = ''): PersistentVolume {
  if (volume.status?.phase === phase) return volume;
  const { message: _, ...rest } = volume.status ?? {};
  const status = { ...rest, phase, ...(message === '' ? {} : { message }), lastPhaseTransitionTime: formatTime(now) };
  return api.updateStatus<PersistentVolume>(VOLUMES, { ...volume, status }, WRITE);
}

/** Takes the bond back; what the user reserved stays reserved. */
export function unbind(volume: PersistentVolume, { api }: Context): PersistentVolume {
  const { claimRef, ...spec } = volume.spec;
  const { annotations = {}, ...metadata } = volume.metadata;
  if (annotations[BOUND_BY_CONTROLLER] === undefined) {
    const { uid: _, ...reserved } = claimRef ?? {};
    return api.update<PersistentVolume>(VOLUMES, { ...volume, spec: { ...spec, claimRef: reserved } }, WRITE);
  }
  const { [BOUND_BY_CONTROLLER]: _, ...rest } = annotations;
  const kept = Object.keys(rest).length === 0 ? metadata : { ...metadata, annotations: rest };
  return api.update<PersistentVolume>(VOLUMES, { ...volume, metadata: kept, spec }, WRITE);
}
