/**
 * Brings claims and volumes together, and reclaims volumes whose claim has gone: pkg/controller/volume/persistentvolume
 * (pv_controller.go). A volume is written first, the claim second; whatever is found half done is finished by the next look.
 */
import { claimNameOf } from '../../api/claims.js';
import { isEqual } from '../../api/equality.js';
import { keyOf, type ObjectKey } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { formatTime, milliseconds, seconds } from '../../api/time.js';
import type { WatchEvent } from '../../api/verbs.js';
import { isDefaultClass, storageClassOf } from '../meta/storage.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { Pod } from '../pods/types.js';
import type { StorageClass } from '../storageclasses/types.js';
import { bestMatch, hasMode, isBoundTo, mismatch } from './matching.js';
import { reclaim } from './reclaim.js';
import type { PersistentVolume } from './types.js';
import { BOUND_BY_CONTROLLER, CLAIMS, clusterKey, PROVISIONED_BY, setPhase, unbind, VOLUMES, WRITE } from './writes.js';

const CLASSES = 'storageclasses.storage.k8s.io';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const BETA_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';
/** Claims are looked at again so often; those that are not bound say so each time. */
const RESYNC = seconds(15);

/** Empties a directory of the nodes: what the recycler's and the deleter's pods do. */
export type Wipe = (path: string, node?: string) => void;

/** Keys without a namespace are volumes, the others claims. */
export const persistentVolumeController = (wipe: Wipe): Reconciler => ({
  name: 'persistentvolume-controller',
  watches: [
    {
      resource: CLAIMS,
      keys(event) {
        const { type, object } = event as WatchEvent<PersistentVolumeClaim>;
        if (type !== 'DELETED') return [keyOf(object)];
        return object.spec.volumeName ? [clusterKey(object.spec.volumeName)] : [];
      },
    },
    {
      resource: VOLUMES,
      keys(event) {
        const { type, object } = event as WatchEvent<PersistentVolume>;
        if (type !== 'DELETED') return [keyOf(object)];
        const claim = claimKey(object);
        return claim === undefined ? [] : [claim];
      },
    },
  ],
  reconcile: (key, context) => (key.namespace === '' ? syncVolume(key, context, wipe) : syncClaim(key, context)),
});

function claimKey({ spec: { claimRef } }: PersistentVolume): ObjectKey | undefined {
  return claimRef?.name ? { namespace: claimRef.namespace ?? '', name: claimRef.name } : undefined;
}

function syncClaim(key: ObjectKey, context: Context): Result | undefined {
  const claim = context.api.get<PersistentVolumeClaim>(CLAIMS, key);
  if (claim === undefined) return undefined;
  if (claim.metadata.annotations?.[BIND_COMPLETED] === undefined) return syncUnbound(claim, context) ? undefined : { requeueAfter: RESYNC };
  syncBound(claim, context);
  return undefined;
}

/** True: it is bound now, or changed and will be looked at again. */
function syncUnbound(claim: PersistentVolumeClaim, context: Context): boolean {
  const { api, event } = context;
  const wanted = claim.spec.volumeName;
  if (!wanted) {
    const isDelayed = waitsForConsumer(claim, context);
    const volume = bestMatch(claim, api.list<PersistentVolume>(VOLUMES), isDelayed);
    if (volume !== undefined) {
      bind(volume, claim, context);
      return true;
    }
    if (assignDefaultClass(claim, context)) return true;
    if (isDelayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined) sayWaiting(claim, context);
    else if (storageClassOf(claim) !== '') {
      callProvisioner(claim, context);
      return false;
    } else event(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
    return leavePending(claim, context);
  }
  const volume = api.get<PersistentVolume>(VOLUMES, clusterKey(wanted));
  if (volume === undefined) return leavePending(claim, context);
  if (volume.spec.claimRef === undefined) {
    const problem = mismatch(volume, claim);
    if (problem !== undefined) {
      event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${wanted}": ${problem}`);
      return leavePending(claim, context);
    }
  } else if (!isBoundTo(volume, claim)) {
    if (claim.metadata.annotations?.[BOUND_BY_CONTROLLER] !== undefined) return false;
    event(claim, 'Warning', 'FailedBinding', `volume "${wanted}" already bound to a different claim.`);
    return leavePending(claim, context);
  }
  bind(volume, claim, context);
  return true;
}

/** Whatever its status says, it is not bound (any more). Never true: it is looked at again. */
function leavePending(claim: PersistentVolumeClaim, { api }: Context): false {
  const { accessModes, capacity, phase, ...rest } = claim.status ?? {};
  if (phase !== 'Pending' || accessModes !== undefined || capacity !== undefined)
    api.updateStatus<PersistentVolumeClaim>(CLAIMS, { ...claim, status: { ...rest, phase: 'Pending' } }, WRITE);
  return false;
}

function syncBound(claim: PersistentVolumeClaim, context: Context): void {
  const name = claim.spec.volumeName;
  const volume = name ? context.api.get<PersistentVolume>(VOLUMES, clusterKey(name)) : undefined;
  if (!name) lose(claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!', context);
  else if (volume === undefined) lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!', context);
  else if (volume.spec.claimRef === undefined || volume.spec.claimRef.uid === claim.metadata.uid) bind(volume, claim, context);
  else lose(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly', context);
}

function lose(claim: PersistentVolumeClaim, reason: string, message: string, { api, event }: Context): void {
  if (claim.status?.phase === 'Lost') return;
  const { accessModes: _, capacity: __, ...rest } = claim.status ?? {};
  event(api.updateStatus<PersistentVolumeClaim>(CLAIMS, { ...claim, status: { ...rest, phase: 'Lost' } }, WRITE), 'Warning', reason, message);
}

function waitsForConsumer(claim: PersistentVolumeClaim, { api }: Context): boolean {
  const name = storageClassOf(claim);
  return name !== '' && api.get<StorageClass>(CLASSES, clusterKey(name))?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** A default class that came later than the claim; `""` is a class of its own. */
function assignDefaultClass(claim: PersistentVolumeClaim, { api }: Context): boolean {
  if (claim.spec.storageClassName !== undefined || storageClassOf(claim) !== '') return false;
  const [newest] = api
    .list<StorageClass>(CLASSES)
    .filter(({ metadata }) => isDefaultClass(metadata))
    .toSorted((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''));
  if (newest === undefined) return false;
  api.update<PersistentVolumeClaim>(CLAIMS, { ...claim, spec: { ...claim.spec, storageClassName: newest.metadata.name as string } }, WRITE);
  return true;
}

/** The scheduler has not chosen a node: there is no pod, or none of them can be placed. */
function sayWaiting(claim: PersistentVolumeClaim, { api, event, now }: Context): void {
  const { namespace, name } = keyOf(claim);
  // Whoever makes claim and pod in one go (a StatefulSet) makes the claim first, and this loop looks at it before it hears of the pod.
  const isNew = claim.metadata.creationTimestamp === formatTime(now);
  const isHeardOf = ({ metadata }: Pod): boolean => !isNew || Number(metadata.resourceVersion) < Number(claim.metadata.resourceVersion);
  const waiting = api
    .list<Pod>('pods', { namespace, index: { name: 'node', value: '' } })
    .filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && usesClaim(pod, name) && isHeardOf(pod))
    .map((pod) => pod.metadata.name ?? '');
  if (waiting.length === 0) event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  else event(claim, 'Normal', 'WaitForPodScheduled', `waiting for pod${waiting.length > 1 ? 's' : ''} ${waiting.join(',')} to be scheduled`);
}

const usesClaim = (pod: Pod, claim: string): boolean => (pod.spec.volumes ?? []).some((volume) => claimNameOf(pod, volume) === claim);

/** Leaves the claim to the provisioner its class names. No in-tree one is left (`kubernetes.io/…`). */
function callProvisioner(claim: PersistentVolumeClaim, { api, event }: Context): void {
  const name = storageClassOf(claim);
  const found = api.get<StorageClass>(CLASSES, clusterKey(name));
  if (found === undefined) {
    event(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);
    return;
  }
  const { provisioner } = found;
  if (provisioner.startsWith('kubernetes.io/') && !MIGRATED.has(provisioner)) {
    event(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
    return;
  }
  const driver = MIGRATED.get(provisioner) ?? provisioner;
  const annotations = { ...claim.metadata.annotations, [BETA_PROVISIONER]: driver, [PROVISIONER]: driver };
  const asked = api.update<PersistentVolumeClaim>(CLAIMS, { ...claim, metadata: { ...claim.metadata, annotations } }, WRITE);
  event(
    asked,
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${driver}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
}

/** In-tree plugins whose work CSI drivers do now (csi-translation-lib). */
const MIGRATED: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['kubernetes.io/azure-file', 'file.csi.azure.com'],
  ['kubernetes.io/cinder', 'cinder.csi.openstack.org'],
  ['kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['kubernetes.io/portworx-volume', 'pxd.portworx.com'],
  ['kubernetes.io/vsphere-volume', 'csi.vsphere.vmware.com'],
]);

/** Writes what is missing of the bond, on both sides; nothing if all is there. */
function bind(volume: PersistentVolume, claim: PersistentVolumeClaim, context: Context): void {
  const { api } = context;
  const { name, namespace } = keyOf(claim);
  const { metadata, spec } = volume;
  let bound = volume;
  if (!isBoundTo(volume, claim) || spec.claimRef?.uid !== claim.metadata.uid) {
    const annotations = isBoundTo(volume, claim) ? metadata.annotations : { ...metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' };
    const { uid, resourceVersion } = claim.metadata;
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      namespace,
      name,
      ...(uid === undefined ? {} : { uid }),
      apiVersion: 'v1',
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    bound = api.update<PersistentVolume>(
      VOLUMES,
      { ...volume, metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }) }, spec: { ...spec, claimRef } },
      WRITE,
    );
  }
  bound = setPhase(bound, 'Bound', context);

  const volumeName = keyOf(bound).name;
  const given = claim.metadata.annotations ?? {};
  let kept = claim;
  if (claim.spec.volumeName !== volumeName || given[BIND_COMPLETED] === undefined) {
    const byUs = claim.spec.volumeName === volumeName || given[BOUND_BY_CONTROLLER] !== undefined ? {} : { [BOUND_BY_CONTROLLER]: 'yes' };
    const annotations = { ...given, ...byUs, ...(given[BIND_COMPLETED] === undefined ? { [BIND_COMPLETED]: 'yes' } : {}) };
    kept = api.update<PersistentVolumeClaim>(CLAIMS, { ...claim, metadata: { ...claim.metadata, annotations }, spec: { ...claim.spec, volumeName } }, WRITE);
  }
  const { accessModes, capacity } = bound.spec;
  const status = {
    ...kept.status,
    phase: 'Bound',
    ...(accessModes === undefined ? {} : { accessModes }),
    // One that has grown keeps its size.
    ...(capacity === undefined || (kept.status?.phase === 'Bound' && kept.status.capacity !== undefined) ? {} : { capacity }),
  };
  if (!isEqual(status, kept.status)) api.updateStatus<PersistentVolumeClaim>(CLAIMS, { ...kept, status }, WRITE);
}

function syncVolume(key: ObjectKey, context: Context, wipe: Wipe): Result | undefined {
  const volume = context.api.get<PersistentVolume>(VOLUMES, key);
  if (volume === undefined) return undefined;
  const owner = claimKey(volume);
  const uid = volume.spec.claimRef?.uid;
  // Reserved by hand for a claim that has not taken it yet: free for that one.
  if (owner === undefined || !uid) {
    setPhase(volume, 'Available', context);
    // A claim that has the volume all the same hears of it when all claims are looked at again.
    for (const claim of context.api.list<PersistentVolumeClaim>(CLAIMS))
      if (claim.spec.volumeName === key.name && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) context.requeue(keyOf(claim), RESYNC);
    return undefined;
  }
  const found = context.api.get<PersistentVolumeClaim>(CLAIMS, owner);
  // Another claim of the same name is not the one it was bound to.
  const claim = found?.metadata.uid === uid ? found : undefined;
  if (claim === undefined) return reclaim(release(volume, context), context, wipe);
  if (!claim.spec.volumeName) {
    if (hasMode(volume, claim)) context.requeue(owner, milliseconds(0));
    else sayModes(volume, claim, context);
  } else if (claim.spec.volumeName === key.name) setPhase(volume, 'Bound', context);
  else if (volume.metadata.annotations?.[PROVISIONED_BY] !== undefined && volume.spec.persistentVolumeReclaimPolicy === 'Delete')
    return reclaim(release(volume, context), context, wipe);
  else setPhase(unbind(volume, context), 'Available', context);
  return undefined;
}

/** A volume reserved for a claim of the other mode: neither can have the other. */
function sayModes(volume: PersistentVolume, claim: PersistentVolumeClaim, { event }: Context): void {
  const [volumeName, claimName] = [keyOf(volume).name, keyOf(claim).name];
  event(volume, 'Warning', 'VolumeMismatch', `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claimName}" due to incompatible volumeMode.`);
  event(claim, 'Warning', 'VolumeMismatch', `Cannot bind PersistentVolume "${volumeName}" to requested PersistentVolumeClaim due to incompatible volumeMode.`);
}

/** What went wrong before stays to be seen. */
const release = (volume: PersistentVolume, context: Context): PersistentVolume =>
  volume.status?.phase === 'Failed' ? volume : setPhase(volume, 'Released', context);
