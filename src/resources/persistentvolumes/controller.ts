/** A volume that is being deleted stays while it is bound: pkg/controller/volume/pvprotection. */
import type { Reconciler } from '../../api/reconciler.js';
import type { PersistentVolume } from './types.js';

const FINALIZER = 'kubernetes.io/pv-protection';

export const controller: Reconciler = {
  name: 'pv-protection',
  watches: [{ resource: 'persistentvolumes', keys: ({ type, object }) => (type === 'DELETED' ? [] : [{ namespace: '', name: object.metadata.name ?? '' }]) }],
  reconcile(key, { api }) {
    const volume = api.get<PersistentVolume>('persistentvolumes', key);
    if (volume === undefined) return undefined;
    const { metadata, status } = volume;
    const finalizers = metadata.finalizers ?? [];
    const isProtected = finalizers.includes(FINALIZER);
    const isDeleting = metadata.deletionTimestamp !== undefined;
    if (isDeleting !== isProtected || (isDeleting && status?.phase === 'Bound')) return undefined;
    const next = isDeleting ? finalizers.filter((name) => name !== FINALIZER) : [...finalizers, FINALIZER];
    api.update<PersistentVolume>('persistentvolumes', { ...volume, metadata: { ...metadata, finalizers: next } });
    return undefined;
  },
};
