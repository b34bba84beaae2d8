/**
 * Leaves a claim that wants to grow to whoever resizes its volume: pkg/controller/volume/expand. No plugin that could do it here is
 * left in the tree, and a cluster as kind makes it runs no resizer: the claim keeps the size it has.
 */
import { keyOf } from '../../api/object.js';
import { compareQuantities, quantity } from '../../api/quantity.js';
import type { Reconciler } from '../../api/reconciler.js';
import type { PersistentVolume } from '../persistentvolumes/types.js';
import type { PersistentVolumeClaim } from './types.js';

const requested = ({ spec }: PersistentVolumeClaim) => quantity(spec.resources?.requests?.['storage']);

export const expandController: Reconciler = {
  name: 'volume_expand',
  watches: [
    {
      resource: 'persistentvolumeclaims',
      keys: ({ object, old }) => {
        const claim = object as PersistentVolumeClaim;
        const hasGrown = old !== undefined && compareQuantities(requested(claim), requested(old as PersistentVolumeClaim)) > 0;
        return hasGrown && claim.status.phase === 'Bound' ? [keyOf(claim)] : [];
      },
    },
  ],
  reconcile(key, { api, event }) {
    const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', key);
    const volume = claim?.spec.volumeName ? api.get<PersistentVolume>('persistentvolumes', { namespace: '', name: claim.spec.volumeName }) : undefined;
    if (claim === undefined || volume?.spec.claimRef?.uid !== claim.metadata.uid) return undefined;
    if (compareQuantities(requested(claim), quantity(claim.status.capacity?.['storage'])) <= 0) return undefined;
    event(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC');
    return undefined;
  },
};
