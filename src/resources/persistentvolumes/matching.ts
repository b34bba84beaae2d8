/** Which volume a claim may have: component-helpers/storage/volume (FindMatchingVolume), checkVolumeSatisfyClaim of the binder. */
import { compareQuantities, quantity } from '../../api/quantity.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import { storageClassOf } from '../meta/storage.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { PersistentVolume } from './types.js';

const sizeOf = (volume: PersistentVolume) => quantity(volume.spec.capacity?.['storage']);
const isTooSmall = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  compareQuantities(sizeOf(volume), quantity(claim.spec.resources?.requests?.['storage'])) < 0;
export const hasMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem');
const hasAccess = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode) === true);
const hasClass = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => storageClassOf(volume) === storageClassOf(claim);

/** The volume names this claim: by name alone (reserved by hand), or by uid too. */
export function isBoundTo({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef === undefined || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/**
 * Among the volumes with the fewest access modes that one will do of: the one that names the claim, else the smallest free one
 * (persistentVolumeOrderedIndex). Free ones are not for claims that wait for a pod: the scheduler picks those.
 */
export function bestMatch(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[], isDelayed: boolean): PersistentVolume | undefined {
  const selector = selectorOf(claim.spec.selector) ?? [];
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { spec, metadata, status } = volume;
    if (spec.claimRef !== undefined && !isBoundTo(volume, claim)) continue;
    if (isTooSmall(volume, claim) || !hasMode(volume, claim) || !hasAccess(volume, claim) || metadata.deletionTimestamp !== undefined) continue;
    const isFree = !isDelayed && status?.phase === 'Available' && hasClass(volume, claim) && matchesSelector(selector, metadata.labels);
    if ((spec.claimRef !== undefined || isFree) && (best === undefined || isBetter(volume, best))) best = volume;
  }
  return best;
}

function isBetter(volume: PersistentVolume, other: PersistentVolume): boolean {
  const modes = ({ spec }: PersistentVolume) => new Set(spec.accessModes).size;
  const free = ({ spec }: PersistentVolume) => Number(spec.claimRef === undefined);
  const order = modes(volume) - modes(other) || free(volume) - free(other);
  return order < 0 || (order === 0 && compareQuantities(sizeOf(volume), sizeOf(other)) < 0);
}

/** Why the claim cannot have the volume it asks for by name; undefined: it can. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if (isTooSmall(volume, claim)) return 'requested PV is too small';
  if (!hasClass(volume, claim)) return 'storageClassName does not match';
  if (!hasMode(volume, claim)) return 'incompatible volumeMode';
  return hasAccess(volume, claim) ? undefined : 'incompatible accessMode';
}
