/** A claim that is being deleted stays while a scheduled pod uses it: pkg/controller/volume/pvcprotection. */
import { claimNameOf } from '../../api/claims.js';
import type { ObjectKey } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import type { Pod } from '../pods/types.js';
import type { PersistentVolumeClaim } from './types.js';

const FINALIZER = 'kubernetes.io/pvc-protection';

const NONE: readonly never[] = [];

export const controller: Reconciler = {
  name: 'pvc-protection',
  watches: [
    {
      resource: 'persistentvolumeclaims',
      keys: ({ type, object }): readonly ObjectKey[] =>
        type === 'DELETED' ? [] : [{ namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' }],
    },
    // A pod that has gone may have been the last to use its claims.
    { resource: 'pods', keys: ({ type, object }) => (type === 'DELETED' ? claimsOf(object as Pod) : NONE) },
  ],
  reconcile(key, { api }) {
    const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', key);
    if (claim === undefined) return undefined;
    const { metadata } = claim;
    const finalizers = metadata.finalizers ?? [];
    const isProtected = finalizers.includes(FINALIZER);
    const isDeleting = metadata.deletionTimestamp !== undefined;
    if (isDeleting === isProtected) {
      const isUsed =
        isDeleting &&
        api.list<Pod>('pods', { namespace: key.namespace }).some((pod) => pod.spec.nodeName && claimsOf(pod).some(({ name }) => name === key.name));
      if (isUsed) return undefined;
      const next = isDeleting ? finalizers.filter((name) => name !== FINALIZER) : [...finalizers, FINALIZER];
      api.update<PersistentVolumeClaim>('persistentvolumeclaims', { ...claim, metadata: { ...metadata, finalizers: next } });
    }
    return undefined;
  },
};

/** Those it names, and those made for its ephemeral volumes (`<pod>-<volume>`). */
function claimsOf(pod: Pod): readonly ObjectKey[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [{ namespace: pod.metadata.namespace ?? '', name }];
  });
}
