/** Which volume a claim gets, without a look at nodes: FindMatchingVolume of k8s.io/component-helpers/storage/volume; and the marks its makers leave. */
import { compareQuantities, quantity } from '../../api/quantity.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../persistentvolumes/types.js';
import { storageClassOf } from './storage.js';

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';

/** The one that names the claim, else the smallest that will do. `isDelayed`: any other waits for a pod to come. */
export function findVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[], isDelayed: boolean): PersistentVolume | undefined {
  const wanted = quantity(claim.spec.resources?.requests?.['storage']);
  const selector = selectorOf(claim.spec.selector) ?? [];
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { spec, metadata } = volume;
    if (metadata.deletionTimestamp !== undefined) continue;
    if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) continue;
    if (compareQuantities(quantity(spec.capacity?.['storage']), wanted) < 0) continue;
    if (spec.claimRef !== undefined) {
      if (isBoundTo(volume, claim)) return volume;
      continue;
    }
    const isAvailable = volume.status?.phase === undefined || volume.status.phase === 'Available';
    if (isDelayed || !isAvailable || !hasModes(volume, claim) || storageClassOf(volume) !== storageClassOf(claim)) continue;
    if (!matchesSelector(selector, metadata.labels)) continue;
    if (best === undefined || compareQuantities(quantity(spec.capacity?.['storage']), quantity(best.spec.capacity?.['storage'])) < 0) best = volume;
  }
  return best;
}

/** IsVolumeBoundToClaim: by name, and by uid once the reference has one. */
export function isBoundTo({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef === undefined || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

const hasModes = ({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode) === true);

/** checkVolumeSatisfyClaim of pv_controller.go: why a volume asked for by name will not do. */
export function whyUnfit(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  const wanted = quantity(claim.spec.resources?.requests?.['storage']);
  if (volume.metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if (compareQuantities(quantity(volume.spec.capacity?.['storage']), wanted) < 0) return 'requested PV is too small';
  if (storageClassOf(volume) !== storageClassOf(claim)) return 'storageClassName does not match';
  if ((volume.spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) return 'incompatible volumeMode';
  return hasModes(volume, claim) ? undefined : 'incompatible accessMode';
}
