/** Which volume a claim gets: FindMatchingVolume of k8s.io/component-helpers/storage/volume. The binder and the scheduler both ask. */
import { compareQuantities, quantity } from '../../api/quantity.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import { storageClassOf } from '../meta/storage.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { PersistentVolume } from './types.js';

export interface Matching {
  /** Only a volume that names the claim: any other waits for a pod to come. */
  readonly isDelayed?: boolean;
  readonly isExcluded?: (volume: PersistentVolume) => boolean;
}

/** The one that names the claim, else the smallest that will do. */
export function findVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[], options: Matching = {}): PersistentVolume | undefined {
  const wanted = quantity(claim.spec.resources?.requests?.['storage']);
  const selector = selectorOf(claim.spec.selector) ?? [];
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { spec, metadata } = volume;
    if (metadata.deletionTimestamp !== undefined || options.isExcluded?.(volume) === true) continue;
    if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) continue;
    if (compareQuantities(quantity(spec.capacity?.['storage']), wanted) < 0) continue;
    if (spec.claimRef !== undefined) {
      if (isBoundTo(volume, claim)) return volume;
      continue;
    }
    const isAvailable = volume.status?.phase === undefined || volume.status.phase === 'Available';
    if (options.isDelayed === true || !isAvailable || !hasModes(volume, claim) || storageClassOf(volume) !== storageClassOf(claim)) continue;
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
