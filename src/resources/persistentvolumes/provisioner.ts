/**
 * The external provisioners of the clusters people learn on, as one sees them from outside: rancher.io/local-path (kind) and
 * k8s.io/minikube-hostpath. What they share is sigs.k8s.io/sig-storage-lib-external-provisioner.
 */
import { keyOf, type ObjectKey } from '../../api/object.js';
import type { Context, Reconciler, Result, StateMap } from '../../api/reconciler.js';
import { type Duration, milliseconds, minutes, seconds, type Time } from '../../api/time.js';
import type { WatchEvent } from '../../api/verbs.js';
import { storageClassOf } from '../meta/storage.js';
import type { Node } from '../nodes/types.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { Pod } from '../pods/types.js';
import type { StorageClass } from '../storageclasses/types.js';
import type { Wipe } from './binder.js';
import type { PersistentVolume, PersistentVolumeSpec } from './types.js';
import { CLAIMS, clusterKey, PROVISIONED_BY, VOLUMES } from './writes.js';

const ASKED = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner'];
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** The delays of its work queue: 15s, doubled up to 1000s. */
const FIRST_RETRY = seconds(15);
const LAST_RETRY = (minutes(16) + seconds(40)) as Duration;

/** How often somebody looks whether the provisioner runs again. */
const ABSENT = seconds(5);

interface Driver {
  readonly provisioner: string;
  /** Who its volumes are written by. */
  readonly manager: string;
  /** Its pod, as its events name it; undefined: it is not running, and does nothing. */
  pod(context: Context): string | undefined;
  /** How long until a volume is made, or gone. */
  takes(random: () => number): Duration;
  /** What the volume is made of; a text says why there is none. */
  make(claim: PersistentVolumeClaim, name: string, node: Node | undefined): Made | string;
}

interface Made {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PersistentVolumeSpec;
}

/** A helper pod on the node makes the directory. */
const localPath: Driver = {
  provisioner: 'rancher.io/local-path',
  manager: 'local-path-provisioner',
  pod: ({ api }) =>
    api
      .list<Pod>('pods', { namespace: 'kube-system', labelSelector: 'app=local-path-provisioner' })
      .find(({ metadata, status }) => status?.phase === 'Running' && metadata.deletionTimestamp === undefined)?.metadata.name,
  takes: (random) => milliseconds(1000 + Math.floor(1000 * random())),
  make(claim, name, node) {
    if (claim.spec.selector !== undefined) return 'claim.Spec.Selector is not supported';
    if (!(claim.spec.accessModes ?? []).every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod'))
      return 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes';
    if (node === undefined) return 'configuration error, no node was specified';
    const key = 'kubernetes.io/hostname';
    const { name: nodeName = '', labels } = node.metadata;
    const path = `/var/local-path-provisioner/${name}_${claim.metadata.namespace}_${claim.metadata.name}`;
    return {
      annotations: { 'local.path.provisioner/selected-node': nodeName },
      spec: {
        hostPath: { path, type: 'DirectoryOrCreate' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [labels?.[key] ?? nodeName] }] }] } },
      },
    };
  },
};

/** The volumes of minikube's one node, made at once. */
const minikube: Driver = {
  provisioner: 'k8s.io/minikube-hostpath',
  manager: 'minikube',
  pod: () => 'minikube',
  takes: () => milliseconds(50),
  make: (claim) => ({
    annotations: {},
    spec: { hostPath: { path: `/tmp/hostpath-provisioner/${claim.metadata.namespace}/${claim.metadata.name}`, type: '' } },
  }),
};

export const provisioners = (state: StateMap, wipe: Wipe): readonly Reconciler[] =>
  [localPath, minikube].map((driver) => ({
    name: driver.provisioner,
    watches: [
      {
        resource: CLAIMS,
        keys: ({ object, type }: WatchEvent): readonly ObjectKey[] =>
          type === 'DELETED' || asks(object as PersistentVolumeClaim, driver) ? [keyOf(object)] : [],
      },
      {
        resource: VOLUMES,
        keys: ({ object }: WatchEvent): readonly ObjectKey[] => (object.metadata.annotations?.[PROVISIONED_BY] === driver.provisioner ? [keyOf(object)] : []),
      },
    ],
    reconcile: (key: ObjectKey, context: Context) =>
      key.namespace === '' ? clearAway(key, context, state, driver, wipe) : provision(key, context, state, driver),
  }));

const asks = ({ metadata, spec }: PersistentVolumeClaim, { provisioner }: Driver): boolean =>
  !spec.volumeName && ASKED.some((key) => metadata.annotations?.[key] === provisioner);

/** Work that is under way: it ends at `until`; after `failures` it is tried again then. */
interface Task {
  readonly uid: string;
  readonly until: Time;
  readonly failures: number;
  readonly isIdle?: true;
}

const taskKey = ({ provisioner }: Driver, { namespace, name }: ObjectKey): string => `provisioners/${provisioner}/${namespace}/${name}`;
const wait = (until: Time, now: Time): Result => ({ requeueAfter: (until - now) as Duration });

function provision(key: ObjectKey, context: Context, state: StateMap, driver: Driver): Result | undefined {
  const { api, now } = context;
  const claim = api.get<PersistentVolumeClaim>(CLAIMS, key);
  const memory = taskKey(driver, key);
  const known = state.get<Task>(memory);
  const storageClass = claim === undefined ? undefined : api.get<StorageClass>('storageclasses.storage.k8s.io', clusterKey(storageClassOf(claim)));
  const selected = claim?.metadata.annotations?.[SELECTED_NODE];
  const isWanted =
    claim !== undefined &&
    asks(claim, driver) &&
    storageClass?.provisioner === driver.provisioner &&
    (storageClass.volumeBindingMode !== 'WaitForFirstConsumer' || selected !== undefined) &&
    api.get(VOLUMES, clusterKey(volumeNameOf(claim))) === undefined;
  if (!isWanted) {
    if (known !== undefined) state.delete(memory);
    return undefined;
  }
  const pod = driver.pod(context);
  if (pod === undefined) return { requeueAfter: ABSENT };
  const component = componentOf(context, driver, pod);
  const task = known?.uid === claim.metadata.uid ? known : undefined;
  if (task !== undefined && now < task.until) return wait(task.until, now);
  const uid = claim.metadata.uid ?? '';
  if (task === undefined || task.isIdle === true) {
    const until = (now + driver.takes(() => context.random(driver.provisioner))) as Time;
    context.event(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${key.namespace}/${key.name}"`, { component });
    state.set(memory, { uid, until, failures: task?.failures ?? 0 } satisfies Task);
    return wait(until, now);
  }
  const name = volumeNameOf(claim);
  const node = selected === undefined ? undefined : api.get<Node>('nodes', clusterKey(selected));
  const made = driver.make(claim, name, node);
  if (typeof made === 'string') {
    const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${made}`;
    context.event(claim, 'Warning', 'ProvisioningFailed', message, { component });
    const until = (now + Math.min(FIRST_RETRY * 2 ** task.failures, LAST_RETRY)) as Time;
    state.set(memory, { uid, until, failures: task.failures + 1, isIdle: true } satisfies Task);
    return wait(until, now);
  }
  state.delete(memory);
  api.create<PersistentVolume>(VOLUMES, volumeFor(claim, storageClass, name, made, driver), { fieldManager: driver.manager });
  context.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`, { component });
  return undefined;
}

const volumeNameOf = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`;

function volumeFor(claim: PersistentVolumeClaim, storageClass: StorageClass, name: string, made: Made, { provisioner }: Driver): PersistentVolume {
  const { uid = '', resourceVersion = '' } = claim.metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { ...made.annotations, [PROVISIONED_BY]: provisioner } },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.['storage'] ?? '0' },
      accessModes: claim.spec.accessModes ?? [],
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name ?? '',
      volumeMode: 'Filesystem',
      claimRef: { kind: 'PersistentVolumeClaim', ...keyOf(claim), uid, apiVersion: 'v1', resourceVersion },
      ...made.spec,
    },
    status: {},
  };
}

/** A released volume goes, with what is on it. */
function clearAway(key: ObjectKey, context: Context, state: StateMap, driver: Driver, wipe: Wipe): Result | undefined {
  const { api, now } = context;
  const volume = api.get<PersistentVolume>(VOLUMES, key);
  const memory = taskKey(driver, key);
  const known = state.get<Task>(memory);
  const isReleased =
    volume !== undefined &&
    volume.metadata.deletionTimestamp === undefined &&
    volume.status?.phase === 'Released' &&
    volume.spec.persistentVolumeReclaimPolicy === 'Delete';
  if (!isReleased) {
    if (known !== undefined) state.delete(memory);
    return undefined;
  }
  if (driver.pod(context) === undefined) return { requeueAfter: ABSENT };
  const until = known?.until ?? ((now + driver.takes(() => context.random(driver.provisioner))) as Time);
  if (now < until) {
    state.set(memory, { uid: volume.metadata.uid ?? '', until, failures: 0 } satisfies Task);
    return wait(until, now);
  }
  state.delete(memory);
  const path = volume.spec.hostPath?.path;
  if (path !== undefined) wipe(path, volume.metadata.annotations?.['local.path.provisioner/selected-node']);
  api.delete(VOLUMES, key);
  return undefined;
}

/** `<provisioner>_<pod>_<uid>`: one id for as long as the provisioner runs, here as long as the cluster is there. */
function componentOf({ api }: Context, { provisioner }: Driver, pod: string): string {
  const uid = api.get('namespaces', clusterKey('kube-system'))?.metadata.uid ?? '';
  return `${provisioner}_${pod}_${uid}`;
}
