/**
 * Claims find their volumes: syncClaim of pkg/controller/volume/persistentvolume/pv_controller.go. What a claim waits for is
 * said again at every resync (15 s).
 */
import type { ObjectKey } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { seconds } from '../../api/time.js';
import type { Api, WatchEvent } from '../../api/verbs.js';
import { storageClassOf } from '../meta/storage.js';
import { BIND_COMPLETED, BOUND_BY_CONTROLLER, findVolume, isBoundTo, PROVISIONER, SELECTED_NODE, whyUnfit } from '../meta/volume-matching.js';
import type { PersistentVolume } from '../persistentvolumes/types.js';
import type { Pod } from '../pods/types.js';
import type { StorageClass } from '../storageclasses/types.js';
import type { PersistentVolumeClaim } from './types.js';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';
const BETA_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';
const COMPONENT = { component: 'persistentvolume-controller' };
const WRITE = { fieldManager: 'kube-controller-manager' };
const RESYNC: Result = { requeueAfter: seconds(15) };
/** Provisioners of this prefix were part of Kubernetes; none is left. */
const IN_TREE = 'kubernetes.io/';

export const binder: Reconciler = {
  name: 'persistentvolume-binder-claims',
  watches: [
    { resource: CLAIMS, keys: ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object as PersistentVolumeClaim)]) },
    { resource: VOLUMES, keys: claimsFor },
    { resource: 'storageclasses.storage.k8s.io', keys: (_event, api) => unbound(api).map(keyOf) },
  ],
  reconcile(key, context) {
    const claim = context.api.get<PersistentVolumeClaim>(CLAIMS, key);
    if (claim === undefined || claim.metadata.deletionTimestamp !== undefined) return undefined;
    if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) return syncBound(claim, context);
    return claim.spec.volumeName ? syncNamed(claim, context) : syncUnbound(claim, context);
  },
};

const keyOf = ({ metadata }: PersistentVolumeClaim): ObjectKey => ({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
const unbound = (api: Api): readonly PersistentVolumeClaim[] =>
  api.list<PersistentVolumeClaim>(CLAIMS).filter(({ metadata }) => metadata.annotations?.[BIND_COMPLETED] === undefined);

/** A volume concerns the claim it names, and while it names none all that wait. */
function claimsFor({ object }: WatchEvent, api: Api): readonly ObjectKey[] {
  const { claimRef } = (object as PersistentVolume).spec;
  if (claimRef !== undefined) return [{ namespace: claimRef.namespace ?? '', name: claimRef.name ?? '' }];
  return unbound(api).map(keyOf);
}

function syncUnbound(claim: PersistentVolumeClaim, context: Context): Result | undefined {
  const { api } = context;
  const className = storageClassOf(claim);
  const storageClass = api.get<StorageClass>('storageclasses.storage.k8s.io', { namespace: '', name: className });
  const isDelayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && claim.metadata.annotations?.[SELECTED_NODE] === undefined;
  const volume = findVolume(claim, api.list<PersistentVolume>(VOLUMES), isDelayed);
  if (volume !== undefined) return bind(volume, claim, context);
  if (isDelayed) sayDelayed(claim, context);
  else if (className === '')
    context.event(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set', COMPONENT);
  else if (storageClass === undefined) context.event(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`, COMPONENT);
  else if (storageClass.provisioner.startsWith(IN_TREE))
    context.event(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${storageClass.provisioner}`, COMPONENT);
  else askProvisioner(claim, storageClass.provisioner, context);
  return RESYNC;
}

/** emitEventForUnboundDelayBindingClaim. */
function sayDelayed(claim: PersistentVolumeClaim, { api, event }: Context): void {
  const { namespace, name } = keyOf(claim);
  const waiting = api
    .list<Pod>('pods', { namespace, index: { name: 'node', value: '' } })
    .filter(({ spec }) => spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name))
    .map(({ metadata }) => metadata.name);
  if (waiting.length === 0) event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding', COMPONENT);
  else event(claim, 'Normal', 'WaitForPodScheduled', `waiting for pod${waiting.length === 1 ? '' : 's'} ${waiting.join(',')} to be scheduled`, COMPONENT);
}

function askProvisioner(claim: PersistentVolumeClaim, provisioner: string, { api, event }: Context): void {
  const { metadata } = claim;
  const text = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  if (metadata.annotations?.[PROVISIONER] !== provisioner)
    api.update<PersistentVolumeClaim>(
      CLAIMS,
      { ...claim, metadata: { ...metadata, annotations: { ...metadata.annotations, [BETA_PROVISIONER]: provisioner, [PROVISIONER]: provisioner } } },
      WRITE,
    );
  event(claim, 'Normal', 'ExternalProvisioning', text, COMPONENT);
}

/** The claim's maker has said which volume it is to be. */
function syncNamed(claim: PersistentVolumeClaim, context: Context): Result | undefined {
  const { volumeName = '' } = claim.spec;
  const volume = context.api.get<PersistentVolume>(VOLUMES, { namespace: '', name: volumeName });
  if (volume === undefined) return undefined;
  if (volume.spec.claimRef === undefined) {
    const why = whyUnfit(volume, claim);
    if (why === undefined) return bind(volume, claim, context);
    context.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${volumeName}": ${why}`, COMPONENT);
    return RESYNC;
  }
  if (isBoundTo(volume, claim)) return bind(volume, claim, context);
  context.event(claim, 'Warning', 'FailedBinding', `volume "${volumeName}" already bound to a different claim.`, COMPONENT);
  return RESYNC;
}

/** Both sides name each other; then both say so in their status. */
function bind(volume: PersistentVolume, claim: PersistentVolumeClaim, { api }: Context): undefined {
  const claimRef = {
    kind: 'PersistentVolumeClaim',
    ...keyOf(claim),
    uid: claim.metadata.uid as string,
    apiVersion: 'v1',
    resourceVersion: claim.metadata.resourceVersion as string,
  };
  if (volume.spec.claimRef?.uid !== claimRef.uid)
    api.update<PersistentVolume>(
      VOLUMES,
      { ...withMark(volume, volume.spec.claimRef === undefined ? BOUND_BY_CONTROLLER : undefined), spec: { ...volume.spec, claimRef } },
      WRITE,
    );
  const marked = withMark(withMark(claim, claim.spec.volumeName ? undefined : BOUND_BY_CONTROLLER), BIND_COMPLETED);
  const bound = api.update<PersistentVolumeClaim>(CLAIMS, { ...marked, spec: { ...claim.spec, volumeName: volume.metadata.name as string } }, WRITE);
  say(bound, volume, api);
  return undefined;
}

const withMark = <T extends PersistentVolume | PersistentVolumeClaim>(object: T, mark: string | undefined): T =>
  mark === undefined ? object : { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [mark]: 'yes' } } };

function say(claim: PersistentVolumeClaim, { spec }: PersistentVolume, api: Api): void {
  const { accessModes = [], capacity = {} } = spec;
  // A claim that has grown by itself keeps its size.
  if (claim.status?.phase === 'Bound' && claim.status.capacity !== undefined) return;
  api.updateStatus<PersistentVolumeClaim>(CLAIMS, { ...claim, status: { ...claim.status, phase: 'Bound', accessModes, capacity } }, WRITE);
}

function syncBound(claim: PersistentVolumeClaim, { api, event }: Context): undefined {
  const volume = api.get<PersistentVolume>(VOLUMES, { namespace: '', name: claim.spec.volumeName ?? '' });
  if (volume !== undefined && isBoundTo(volume, claim)) return say(claim, volume, api) as undefined;
  if (claim.status?.phase === 'Lost') return undefined;
  const [reason, text] =
    volume === undefined
      ? ['ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!']
      : ['ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly'];
  api.updateStatus<PersistentVolumeClaim>(CLAIMS, { ...claim, status: { phase: 'Lost' } }, WRITE);
  event(claim, 'Warning', reason as string, text as string, COMPONENT);
  return undefined;
}
