/** The claims of a StatefulSet's pods, and who owns them: pkg/controller/statefulset/stateful_pod_control.go. */
import { StatusError } from '../../api/errors.js';
import { type KubeObject, keyOf, type OwnerReference } from '../../api/object.js';
import type { Context } from '../../api/reconciler.js';
import { controllerReference } from '../../controllers/owned.js';
import type { Pod } from '../pods/types.js';
import { type Claim, claimsOf } from './identity.js';
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

/** persistentVolumeClaimRetentionPolicy: claims that are to go with the set or with a pod that is scaled away are owned by it. */
export function fixClaimOwners({ api }: Context, set: StatefulSet, pod: Pod, ordinal: number, isCondemned: boolean): void {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const goesWithPod = whenScaled === 'Delete' && isCondemned;
  const goesWithSet = whenDeleted === 'Delete' && !goesWithPod;
  for (const { metadata } of claimsOf(set, ordinal)) {
    const claim = api.get<Claim>(CLAIMS, { namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
    if (claim === undefined) continue;
    const references = withOwner(withOwner(claim.metadata.ownerReferences ?? [], set, goesWithSet), pod, goesWithPod);
    if (references === claim.metadata.ownerReferences || (references.length === 0 && claim.metadata.ownerReferences === undefined)) continue;
    const { ownerReferences: _, ...rest } = claim.metadata;
    api.update<Claim>(CLAIMS, { ...claim, metadata: references.length === 0 ? rest : { ...rest, ownerReferences: references } }, WRITE);
  }
}

function withOwner(references: readonly OwnerReference[], owner: KubeObject, isOwned: boolean): readonly OwnerReference[] {
  const has = references.some(({ uid }) => uid === owner.metadata.uid);
  if (has === isOwned) return references;
  return isOwned ? [...references, controllerReference(owner)] : references.filter(({ uid }) => uid !== owner.metadata.uid);
}
