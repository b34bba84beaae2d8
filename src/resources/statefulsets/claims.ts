/** The claims of a StatefulSet's pods, and who owns them: pkg/controller/statefulset/stateful_pod_control.go. */
import { StatusError } from '../../api/errors.js';
import { type KubeObject, keyOf, type OwnerReference } from '../../api/object.js';
import type { Context } from '../../api/reconciler.js';
import { controllerReference } from '../../controllers/owned.js';
import type { Pod } from '../pods/types.js';
import { type Claim, claimsOf, isInRange } from './identity.js';
import type { StatefulSet } from './types.js';

const CLAIMS = 'persistentvolumeclaims';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

/** Creates what is missing. Returns the errors' text, if there are any. */
export function createClaims(context: Context, set: StatefulSet, podName: string, ordinal: number): string | undefined {
  const errors: string[] = [];
  for (const claim of claimsOf(set, ordinal)) {
    const there = context.api.get<Claim>(CLAIMS, keyOf(claim));
    if (there?.metadata.deletionTimestamp !== undefined) errors.push(`pvc ${claim.metadata.name} is being deleted`);
    if (there !== undefined) continue;
    const where = `create Claim ${claim.metadata.name}`;
    try {
      context.api.create<Claim>(CLAIMS, claim, WRITE);
      context.event(set, 'Normal', 'SuccessfulCreate', `${where} Pod ${podName} in StatefulSet ${set.metadata.name} success`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      context.event(set, 'Warning', 'FailedCreate', `${where} for Pod ${podName} in StatefulSet ${set.metadata.name} failed error: ${error.message}`);
      errors.push(`failed to create PVC ${claim.metadata.name}: ${error.message}`);
    }
  }
  return errors.length > 1 ? `[${errors.join(', ')}]` : errors[0];
}

/** PodClaimIsStale: where claims go with scaled pods, one that still belongs to a pod before is to go first. */
export function hasStaleClaim({ api }: Context, set: StatefulSet, pod: Pod, ordinal: number): boolean {
  if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
  return claimsOf(set, ordinal).some((claim) => isStale(api.get<Claim>(CLAIMS, keyOf(claim))?.metadata.ownerReferences ?? [], pod));
}

/**
 * persistentVolumeClaimRetentionPolicy: claims that are to go with the set or with a pod that is scaled away are owned by it. Returns
 * whether something was not as it should be.
 */
export function fixClaimOwners(context: Context, set: StatefulSet, pod: Pod, ordinal: number): boolean {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const goesWithPod = whenScaled === 'Delete' && !isInRange(set, ordinal);
  const goesWithSet = whenDeleted === 'Delete' && !goesWithPod;
  let isFixed = false;
  for (const { metadata } of claimsOf(set, ordinal)) {
    const claim = context.api.get<Claim>(CLAIMS, { namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
    const references = claim?.metadata.ownerReferences ?? [];
    if (claim === undefined || isStale(references, set) || isStale(references, pod)) continue;
    const others = references.filter((reference) => !isTo(reference, set) && !isTo(reference, pod));
    const isForeign = (whenDeleted === 'Delete' || whenScaled === 'Delete') && others.some(({ controller }) => controller === true);
    const isOwned = (owner: KubeObject, isWanted: boolean) => {
      const own = references.find(({ uid }) => uid === owner.metadata.uid);
      return isWanted && !isForeign ? own?.controller === true : own === undefined;
    };
    if (isOwned(set, goesWithSet) && isOwned(pod, goesWithPod)) continue;
    if (isForeign) {
      const text = `PersistentVolumeClaim ${metadata.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
      context.event(set, 'Warning', 'ConflictingController', text);
    }
    const owners = isForeign ? [] : [...(goesWithSet ? [set] : []), ...(goesWithPod ? [pod] : [])];
    const next = [...others, ...owners.map(controllerReference)];
    const { ownerReferences: _, ...rest } = claim.metadata;
    context.api.update<Claim>(CLAIMS, { ...claim, metadata: next.length === 0 ? rest : { ...rest, ownerReferences: next } }, WRITE);
    isFixed = true;
  }
  return isFixed;
}

const isTo = ({ apiVersion, kind, name }: OwnerReference, owner: KubeObject): boolean =>
  apiVersion === owner.apiVersion && kind === owner.kind && name === owner.metadata.name;

/** Of the same name, but another object. */
function isStale(references: readonly OwnerReference[], owner: KubeObject): boolean {
  const reference = references.find((candidate) => isTo(candidate, owner));
  return reference !== undefined && reference.uid !== owner.metadata.uid;
}
