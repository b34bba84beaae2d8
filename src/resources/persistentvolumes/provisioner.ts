/**
 * Volumes made when they are wanted, as kind's class does it: rancher/local-path-provisioner (a directory of the node that was
 * chosen for the pod) over sigs.k8s.io/sig-storage-lib-external-provisioner. Its helper pods are left out; their time is not.
 */
import type { KubeObject, ObjectKey } from '../../api/object.js';
import type { Context, Reconciler } from '../../api/reconciler.js';
import { seconds } from '../../api/time.js';
import type { WatchEvent } from '../../api/verbs.js';
import { storageClassOf } from '../meta/storage.js';
import { BIND_COMPLETED, PROVISIONED_BY, PROVISIONER, SELECTED_NODE } from '../meta/volume-matching.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { StorageClass } from '../storageclasses/types.js';
import type { PersistentVolume } from './types.js';

export const LOCAL_PATH = 'rancher.io/local-path';
const ROOT = '/var/local-path-provisioner';
/** How long its helper pod takes to make a directory, or to remove it. */
const WORK = seconds(2);
/** Behind a name: the helper pod is done. No object's name has a blank. */
const DONE = ' done';
const COMPONENT = { component: 'rancher.io/local-path' };
const WRITE = { fieldManager: 'local-path-provisioner' };

export const provisioner: Reconciler = {
  name: 'local-path-provisioner',
  watches: [
    { resource: 'persistentvolumeclaims', keys: newlyWanted },
    {
      resource: 'persistentvolumes',
      keys: ({ type, object }) => (type !== 'DELETED' && isLeft(object as PersistentVolume) ? [{ namespace: '', name: object.metadata.name ?? '' }] : []),
      after: WORK,
    },
  ],
  // Volumes have no namespace, claims have.
  reconcile(key, context) {
    if (key.namespace === '') remove(key, context);
    else provide(key, context);
    return undefined;
  },
};

/** Asked to make a volume, on a node that the scheduler has chosen. */
const isWanted = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  metadata.annotations?.[PROVISIONER] === LOCAL_PATH &&
  metadata.annotations[SELECTED_NODE] !== undefined &&
  metadata.annotations[BIND_COMPLETED] === undefined &&
  metadata.deletionTimestamp === undefined &&
  !spec.volumeName;

function newlyWanted({ type, object, old }: WatchEvent): readonly ObjectKey[] {
  const isNew = type !== 'DELETED' && isWanted(object as PersistentVolumeClaim) && !(old !== undefined && isWanted(old as PersistentVolumeClaim));
  return isNew ? [{ namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' }] : [];
}

function provide({ namespace, name }: ObjectKey, context: Context): void {
  const { api, event, requeue } = context;
  const isDone = name.endsWith(DONE);
  const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace, name: isDone ? name.slice(0, -DONE.length) : name });
  if (claim === undefined || !isWanted(claim)) return;
  if (!isDone) {
    event(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`, COMPONENT);
    requeue({ namespace, name: name + DONE }, WORK);
    return;
  }
  const storageClass = api.get<StorageClass>('storageclasses.storage.k8s.io', { namespace: '', name: storageClassOf(claim) });
  if (storageClass === undefined) return;
  const volume = volumeFor(claim, storageClass);
  if (api.get('persistentvolumes', { namespace: '', name: volume.metadata.name ?? '' }) === undefined)
    api.create<KubeObject>('persistentvolumes', volume, WRITE);
  event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`, COMPONENT);
}

function volumeFor(claim: PersistentVolumeClaim, { metadata: { name: className = '' }, reclaimPolicy = 'Delete' }: StorageClass) {
  const { metadata, spec } = claim;
  const node = metadata.annotations?.[SELECTED_NODE] ?? '';
  const name = `pvc-${metadata.uid}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { 'local.path.provisioner/selected-node': node, [PROVISIONED_BY]: LOCAL_PATH } },
    spec: {
      accessModes: spec.accessModes ?? [],
      capacity: { storage: spec.resources?.requests?.['storage'] ?? '0' },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: metadata.name,
        namespace: metadata.namespace,
        resourceVersion: metadata.resourceVersion,
        uid: metadata.uid,
      },
      hostPath: { path: `${ROOT}/${name}_${metadata.namespace}_${metadata.name}`, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: className,
      volumeMode: spec.volumeMode ?? 'Filesystem',
    },
  };
}

/** Its claim is gone, and so will it be. */
const isLeft = ({ metadata, spec, status }: PersistentVolume): boolean =>
  metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH &&
  metadata.deletionTimestamp === undefined &&
  spec.persistentVolumeReclaimPolicy === 'Delete' &&
  status?.phase === 'Released';

function remove(key: ObjectKey, { api }: Context): void {
  const volume = api.get<PersistentVolume>('persistentvolumes', key);
  if (volume !== undefined && isLeft(volume)) api.delete('persistentvolumes', key);
}
