/** Volumes say whose they are, and what becomes of them without their claim: syncVolume of pkg/controller/volume/persistentvolume/pv_controller.go. */
import type { ObjectKey } from '../../api/object.js';
import type { Context, Reconciler } from '../../api/reconciler.js';
import { formatTime } from '../../api/time.js';
import { PROVISIONED_BY } from '../meta/volume-matching.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { PersistentVolume } from './types.js';

const COMPONENT = { component: 'persistentvolume-controller' };
const WRITE = { fieldManager: 'kube-controller-manager' };

export const binder: Reconciler = {
  name: 'persistentvolume-binder-volumes',
  watches: [
    { resource: 'persistentvolumes', keys: ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object.metadata.name)]) },
    {
      resource: 'persistentvolumeclaims',
      keys: ({ object }) => {
        const { volumeName } = (object as PersistentVolumeClaim).spec;
        return volumeName ? [keyOf(volumeName)] : [];
      },
    },
  ],
  reconcile(key, context) {
    const volume = context.api.get<PersistentVolume>('persistentvolumes', key);
    if (volume !== undefined) setPhase(volume, phaseOf(volume, context), context);
    return undefined;
  },
};

const keyOf = (name: string | undefined): ObjectKey => ({ namespace: '', name: name ?? '' });

function phaseOf({ metadata, spec, status }: PersistentVolume, { api }: Context): string {
  const { claimRef } = spec;
  // Reserved for a claim that has not come yet.
  if (claimRef === undefined || !claimRef.uid) return 'Available';
  const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace: claimRef.namespace ?? '', name: claimRef.name ?? '' });
  if (claim === undefined || claim.metadata.uid !== claimRef.uid) return status?.phase === 'Failed' ? 'Failed' : 'Released';
  return claim.spec.volumeName === metadata.name ? 'Bound' : (status?.phase ?? 'Pending');
}

function setPhase(volume: PersistentVolume, phase: string, { api, event, now }: Context): void {
  if (volume.status?.phase === phase) return;
  const { metadata, spec } = volume;
  const isDeletable = metadata.annotations?.[PROVISIONED_BY] !== undefined;
  const failure =
    phase === 'Released' && spec.persistentVolumeReclaimPolicy === 'Delete' && !isDeletable
      ? `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched`
      : undefined;
  const time = { lastPhaseTransitionTime: formatTime(now) };
  const status = failure === undefined ? { phase, ...time } : { phase: 'Failed', message: failure, ...time };
  const said = api.updateStatus<PersistentVolume>('persistentvolumes', { ...volume, status }, WRITE);
  if (failure !== undefined) event(said, 'Warning', 'VolumeFailedDelete', failure, COMPONENT);
}
