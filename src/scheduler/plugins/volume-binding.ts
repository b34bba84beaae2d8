/** Claims and the volumes they are, or could be, bound to: pkg/scheduler/framework/plugins/volumebinding. */
import { foreignClaim } from '../../api/claims.js';
import { isSemanticEqual } from '../../api/equality.js';
import { matchesNodeSelector } from '../../api/node-selector.js';
import { compareQuantities, quantity } from '../../api/quantity.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import type { CSIDriver } from '../../resources/csidrivers/types.js';
import type { CSIStorageCapacity } from '../../resources/csistoragecapacities/types.js';
import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../resources/persistentvolumes/types.js';
import type { StorageClass } from '../../resources/storageclasses/types.js';
import { type Change, type ClusterView, clusterKey, type FilterPlugin, type Rejection, unresolvable } from '../framework.js';
import type { NodeInfo } from '../node-info.js';
import { type PodInfo, usesClaim } from '../pod-info.js';

const NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const NO_SPACE = 'node(s) did not have enough free storage';
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
    if (found.some((claim) => !isBound(claim) && (Boolean(claim.spec.volumeName) || !isDelayed(claim, cluster))))
      return { rejection: unresolvable('pod has unbound immediate PersistentVolumeClaims') };
    return (node) => {
      const { reasons } = findVolumes(found, node, cluster);
      return reasons.length === 0 ? undefined : unresolvable(...reasons);
    };
  },
};

/** Claims of others, and changes of classes and CSI nodes that mean nothing for binding, help nobody. */
function isOfInterest(pod: PodInfo, { object, old }: Change): boolean {
  switch (object.kind) {
    case 'PersistentVolumeClaim':
      return usesClaim(pod, object);
    case 'StorageClass':
      return old === undefined || !isSemanticEqual((object as StorageClass).allowedTopologies, (old as StorageClass).allowedTopologies);
    case 'CSINode':
      return old === undefined || object.metadata.annotations?.[MIGRATED_PLUGINS] !== old.metadata.annotations?.[MIGRATED_PLUGINS];
    case 'CSIStorageCapacity': {
      const [now, before] = [object, old].map((capacity) => capacityLimit(capacity as CSIStorageCapacity | undefined));
      return old === undefined || (now !== undefined && (before === undefined || compareQuantities(quantity(now), quantity(before)) > 0));
    }
    default:
      return object.kind === 'PersistentVolume';
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

/** FindPodVolumes of volumebinding/binder.go: what is wrong with the node, or how the claims would come by their volumes there. */
function findVolumes(
  claims: readonly PersistentVolumeClaim[],
  node: NodeInfo,
  cluster: ClusterView,
): { readonly reasons: readonly string[]; readonly plans: readonly ClaimPlan[] } {
  const reasons = boundConflict(claims.filter(isBound), node, cluster);
  const unbound = claims.filter((claim) => !isBound(claim));
  const selected = (claim: PersistentVolumeClaim) => claim.metadata.annotations?.[SELECTED_NODE];
  if (unbound.some((claim) => selected(claim) !== undefined && selected(claim) !== node.name)) return { reasons: [...reasons, NO_VOLUME], plans: [] };
  const plans: ClaimPlan[] = [];
  const taken = new Set<string>();
  const toProvision = unbound.filter((claim) => selected(claim) !== undefined);
  // The smallest claim has the first choice.
  for (const claim of unbound.filter((one) => selected(one) === undefined).sort((a, b) => compareQuantities(sizeOf(a), sizeOf(b)))) {
    const volume = bestVolume(claim, node, cluster, taken)?.metadata.name;
    if (volume === undefined) toProvision.push(claim);
    else {
      taken.add(volume);
      plans.push({ claim, volume });
    }
  }
  for (const claim of toProvision) {
    const reason = notProvided(claim, node, cluster);
    if (reason !== undefined) return { reasons: [...reasons, reason], plans: [] };
    plans.push({ claim, volume: undefined });
  }
  return { reasons, plans };
}

const sizeOf = ({ spec }: PersistentVolumeClaim) => quantity(spec.resources?.requests?.['storage']);

/** checkBoundClaims: the first that is wrong. */
function boundConflict(claims: readonly PersistentVolumeClaim[], node: NodeInfo, { api }: ClusterView): readonly string[] {
  for (const { spec } of claims) {
    const volume = api.get<PersistentVolume>('persistentvolumes', clusterKey(spec.volumeName as string));
    if (volume === undefined) return [VOLUME_GONE];
    if (!fitsNode(volume, node)) return [NODE_CONFLICT];
  }
  return [];
}

/** checkVolumeProvisions: why no new volume can be made for this node. */
function notProvided(claim: PersistentVolumeClaim, node: NodeInfo, { api }: ClusterView): string | undefined {
  const storageClass = api.get<StorageClass>('storageclasses.storage.k8s.io', clusterKey(claim.spec.storageClassName ?? ''));
  if (storageClass === undefined || storageClass.provisioner === '' || storageClass.provisioner === NO_PROVISIONER) return NO_VOLUME;
  const topologies = storageClass.allowedTopologies ?? [];
  const isAllowed =
    topologies.length === 0 ||
    topologies.some((term) => (term.matchLabelExpressions ?? []).every(({ key, values }) => values.includes(node.labels[key] ?? '')));
  if (!isAllowed) return NO_VOLUME;
  const driver = api.get<CSIDriver>('csidrivers.storage.k8s.io', clusterKey(storageClass.provisioner));
  if (driver?.spec.storageCapacity !== true) return undefined;
  const isEnough = api.list<CSIStorageCapacity>('csistoragecapacities.storage.k8s.io').some((capacity) => {
    const limit = capacityLimit(capacity);
    return (
      capacity.storageClassName === storageClass.metadata.name &&
      limit !== undefined &&
      compareQuantities(quantity(limit), sizeOf(claim)) >= 0 &&
      capacity.nodeTopology !== undefined &&
      matchesSelector(selectorOf(capacity.nodeTopology) ?? [], node.labels)
    );
  });
  return isEnough ? undefined : NO_SPACE;
}

const capacityLimit = (capacity: CSIStorageCapacity | undefined): string | undefined => capacity?.maximumVolumeSize ?? capacity?.capacity;

/** What has to be done before the pod can be bound to the node: for claims that are not bound yet. */
export function planClaims(pod: PodInfo, node: NodeInfo, cluster: ClusterView): readonly ClaimPlan[] {
  const found = claimsOf(pod, cluster);
  return 'code' in found ? [] : findVolumes(found, node, cluster).plans;
}

/** The smallest volume that will do, or the one that names the claim (FindMatchingVolume of component-helpers/storage/volume). */
function bestVolume(claim: PersistentVolumeClaim, node: NodeInfo, { api }: ClusterView, taken: ReadonlySet<string>): PersistentVolume | undefined {
  const wanted = sizeOf(claim);
  const selector = selectorOf(claim.spec.selector) ?? [];
  let best: PersistentVolume | undefined;
  for (const volume of api.list<PersistentVolume>('persistentvolumes')) {
    const { spec, metadata } = volume;
    if (taken.has(metadata.name as string) || metadata.deletionTimestamp !== undefined) continue;
    if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) continue;
    if (compareQuantities(quantity(spec.capacity?.['storage']), wanted) < 0 || !fitsNode(volume, node)) continue;
    if ((spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? '')) continue;
    const ref = spec.claimRef;
    if (ref !== undefined) {
      const isOurs = ref.namespace === claim.metadata.namespace && ref.name === claim.metadata.name && (!ref.uid || ref.uid === claim.metadata.uid);
      if (isOurs) return volume;
      continue;
    }
    const isAvailable = volume.status?.phase === 'Available';
    const hasModes = (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode) === true);
    if (!isAvailable || !hasModes || !matchesSelector(selector, metadata.labels)) continue;
    if (best === undefined || compareQuantities(quantity(spec.capacity?.['storage']), quantity(best.spec.capacity?.['storage'])) < 0) best = volume;
  }
  return best;
}
