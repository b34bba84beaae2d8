/** Claims and the volumes they are, or could be, bound to: pkg/scheduler/framework/plugins/volumebinding. */
import { foreignClaim } from '../../api/claims.js';
import { isSemanticEqual } from '../../api/equality.js';
import { matchesNodeSelector } from '../../api/node-selector.js';
import { compareQuantities, quantity } from '../../api/quantity.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../resources/persistentvolumes/types.js';
import type { StorageClass } from '../../resources/storageclasses/types.js';
import { type Change, type ClusterView, clusterKey, type FilterPlugin, type Rejection, unresolvable } from '../framework.js';
import type { NodeInfo } from '../node-info.js';
import type { PodInfo } from '../pod-info.js';

const NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const VOLUME_GONE = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
/** A class of this provisioner makes no volumes. */
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const MIGRATED_PLUGINS = 'storage.alpha.kubernetes.io/migrated-plugins';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';

export const volumeBinding: FilterPlugin = {
  name: 'VolumeBinding',
  retryOn: { NodeAdd: true, NodeLabel: true, NodeTaint: true, StorageAdd: isOfInterest, StorageUpdate: isOfInterest },
  prepare: (pod, cluster) => {
    if (pod.claims.length === 0) return undefined;
    const found = claimsOf(pod, cluster);
    if ('code' in found) return { rejection: found };
    if (found.some((claim) => !isBound(claim) && !isDelayed(claim, cluster)))
      return { rejection: unresolvable('pod has unbound immediate PersistentVolumeClaims') };
    return (node) => {
      const reasons = new Set<string>();
      const taken = new Set<string>();
      for (const claim of found) {
        if (isBound(claim)) {
          const volume = cluster.api.get<PersistentVolume>('persistentvolumes', clusterKey(claim.spec.volumeName as string));
          if (volume === undefined) reasons.add(VOLUME_GONE);
          else if (!fitsNode(volume, node)) reasons.add(NODE_CONFLICT);
        } else {
          const plan = planClaim(claim, node, cluster, taken);
          if (plan === undefined) reasons.add(NO_VOLUME);
          else if (plan.volume !== undefined) taken.add(plan.volume);
        }
      }
      return reasons.size === 0 ? undefined : unresolvable(...reasons);
    };
  },
};

/** Claims of others, and changes of classes and CSI nodes that mean nothing for binding, help nobody. */
function isOfInterest({ namespace, claims }: PodInfo, { object, old }: Change): boolean {
  const { metadata } = object;
  switch (object.kind) {
    case 'PersistentVolumeClaim':
      return metadata.namespace === namespace && claims.some(({ name }) => name === metadata.name);
    case 'StorageClass':
      return old === undefined || !isSemanticEqual((object as StorageClass).allowedTopologies, (old as StorageClass).allowedTopologies);
    case 'CSINode':
      return old === undefined || metadata.annotations?.[MIGRATED_PLUGINS] !== old.metadata.annotations?.[MIGRATED_PLUGINS];
    default:
      return true;
  }
}

/** All claims of the pod, or why it cannot be scheduled on any node. */
function claimsOf(pod: PodInfo, { api }: ClusterView): readonly PersistentVolumeClaim[] | Rejection {
  const found: PersistentVolumeClaim[] = [];
  for (const { name, isEphemeral } of pod.claims) {
    const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace: pod.namespace, name });
    if (claim === undefined)
      return unresolvable(
        isEphemeral ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"` : `persistentvolumeclaim "${name}" not found`,
      );
    if (claim.status?.phase === 'Lost')
      return unresolvable(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`);
    if (claim.metadata.deletionTimestamp !== undefined) return unresolvable(`persistentvolumeclaim "${name}" is being deleted`);
    const foreign = isEphemeral ? foreignClaim(pod.pod, claim) : undefined;
    if (foreign !== undefined) return unresolvable(foreign);
    found.push(claim);
  }
  return found;
}

export const isBound = (claim: PersistentVolumeClaim): boolean => Boolean(claim.spec.volumeName) && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined;

/** Bound only when a pod needs it (WaitForFirstConsumer). */
function isDelayed(claim: PersistentVolumeClaim, { api }: Pick<ClusterView, 'api'>): boolean {
  const name = claim.spec.storageClassName;
  if (!name) return false;
  return api.get<StorageClass>('storageclasses.storage.k8s.io', clusterKey(name))?.volumeBindingMode === 'WaitForFirstConsumer';
}

function fitsNode(volume: PersistentVolume, node: NodeInfo): boolean {
  const required = volume.spec.nodeAffinity?.required;
  return required === undefined || matchesNodeSelector(required, node);
}

/** How a claim would come by a volume on this node: an existing one, or a new one when `volume` is undefined. */
export interface ClaimPlan {
  readonly claim: PersistentVolumeClaim;
  readonly volume: string | undefined;
}

function planClaim(claim: PersistentVolumeClaim, node: NodeInfo, cluster: ClusterView, taken: ReadonlySet<string>): ClaimPlan | undefined {
  const volume = bestVolume(claim, node, cluster, taken);
  if (volume !== undefined) return { claim, volume: volume.metadata.name as string };
  const storageClass = cluster.api.get<StorageClass>('storageclasses.storage.k8s.io', clusterKey(claim.spec.storageClassName ?? ''));
  if (storageClass === undefined || storageClass.provisioner === '' || storageClass.provisioner === NO_PROVISIONER) return undefined;
  const topologies = storageClass.allowedTopologies ?? [];
  const isAllowed =
    topologies.length === 0 ||
    topologies.some((term) => (term.matchLabelExpressions ?? []).every(({ key, values }) => values.includes(node.labels[key] ?? '')));
  return isAllowed ? { claim, volume: undefined } : undefined;
}

/** What has to be done before the pod can be bound to the node: for claims that are not bound yet. */
export function planClaims(pod: PodInfo, node: NodeInfo, cluster: ClusterView): readonly ClaimPlan[] {
  const found = claimsOf(pod, cluster);
  if ('code' in found) return [];
  const taken = new Set<string>();
  return found.flatMap((claim) => {
    if (isBound(claim)) return [];
    const plan = planClaim(claim, node, cluster, taken);
    if (plan?.volume !== undefined) taken.add(plan.volume);
    return plan === undefined ? [] : [plan];
  });
}

/** The smallest volume that will do, or the one that names the claim (FindMatchingVolume of component-helpers/storage/volume). */
function bestVolume(claim: PersistentVolumeClaim, node: NodeInfo, { api }: ClusterView, taken: ReadonlySet<string>): PersistentVolume | undefined {
  const wanted = quantity(claim.spec.resources?.requests?.['storage']);
  const selector = selectorOf(claim.spec.selector) ?? [];
  let best: PersistentVolume | undefined;
  for (const volume of api.list<PersistentVolume>('persistentvolumes')) {
    const { spec, metadata } = volume;
    if (taken.has(metadata.name as string) || metadata.deletionTimestamp !== undefined) continue;
    if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) continue;
    if (compareQuantities(quantity(spec.capacity?.['storage']), wanted) < 0 || !fitsNode(volume, node)) continue;
    const ref = spec.claimRef;
    if (ref !== undefined) {
      const isOurs = ref.namespace === claim.metadata.namespace && ref.name === claim.metadata.name && (!ref.uid || ref.uid === claim.metadata.uid);
      if (isOurs) return volume;
      continue;
    }
    const isAvailable = volume.status?.phase === 'Available';
    const hasModes = (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode) === true);
    if (!isAvailable || !hasModes || (spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? '')) continue;
    if (!matchesSelector(selector, metadata.labels)) continue;
    if (best === undefined || compareQuantities(quantity(spec.capacity?.['storage']), quantity(best.spec.capacity?.['storage'])) < 0) best = volume;
  }
  return best;
}
