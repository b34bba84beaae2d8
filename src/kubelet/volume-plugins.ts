/** What becomes of the attempt to mount one volume of a pod: desired_state_of_world_populator.go, operation_generator.go and the plugins. */
import { claimNameOf, foreignClaim } from '../api/claims.js';
import type { VolumeContent } from '../api/cri.js';
import { matchesNodeSelector, nodeLike } from '../api/node-selector.js';
import { type Duration, milliseconds, minutes, seconds } from '../api/time.js';
import { needsAttach, pluginOf } from '../api/volume-plugins.js';
import type { CSIDriver } from '../resources/csidrivers/types.js';
import type { EndpointSlice } from '../resources/endpointslices/types.js';
import type { Node } from '../resources/nodes/types.js';
import type { PersistentVolumeClaim } from '../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume, PersistentVolumeSpec } from '../resources/persistentvolumes/types.js';
import type { Volume } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import type { Service } from '../resources/services/types.js';
import type { PodFacts } from './downward.js';
import { contentOf } from './volumes.js';
import type { Work } from './work.js';

export type Outcome =
  /** In place; with content: the kubelet writes it. */
  | { readonly type: 'mounted'; readonly content?: VolumeContent }
  /** It was not even tried, and the sync ends with this. */
  | { readonly type: 'unprocessed'; readonly error: string }
  /** Waits for the control plane. */
  | { readonly type: 'unattached' }
  /** An attempt that takes so long and ends in this FailedMount event. */
  | { readonly type: 'failed'; readonly message: string; readonly takes: Duration };

const MOUNTED: Outcome = { type: 'mounted' };
const AT_ONCE = milliseconds(0);

export function mountVolume(work: Work, facts: PodFacts, volume: Volume): Outcome {
  const claimName = claimNameOf(work.pod, volume);
  if (claimName === undefined) return mountSource(work, volume.name, volume, facts, volume);
  const found = boundVolume(work, claimName, volume);
  if (typeof found === 'string') return { type: 'unprocessed', error: found };
  findProvisioned(work, found);
  return mountSource(work, found.metadata.name ?? '', found.spec, facts);
}

/** A provisioner made the directory of its volume before, for anybody to write to (local-path's and minikube's both do). */
function findProvisioned({ runtime }: Work, { metadata, spec }: PersistentVolume): void {
  const path = spec.hostPath?.path;
  if (path === undefined || metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === undefined) return;
  if (runtime.hostEntry(path) === undefined) runtime.makeHostEntry(path, 'directory', 0o777);
}

/** The volume behind a claim, or why there is none (createVolumeSpec). */
function boundVolume({ context: { api }, pod, key: { namespace } }: Work, name: string, { name: volumeName, ephemeral }: Volume): PersistentVolume | string {
  const failed = (error: string): string => `error processing PVC ${namespace}/${name}: ${error}`;
  const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace, name });
  if (claim === undefined) return failed(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  const { deletionTimestamp, finalizers } = claim.metadata;
  if (deletionTimestamp !== undefined && finalizers?.includes('kubernetes.io/pvc-protection') !== true) return failed('PVC is being deleted');
  if (claim.status?.phase !== 'Bound') return failed('PVC is not bound');
  const { volumeName: bound } = claim.spec;
  if (!bound) return failed('PVC has empty pvc.Spec.VolumeName');
  const foreign = ephemeral === undefined ? undefined : foreignClaim(pod, claim);
  if (foreign !== undefined) return foreign;
  const volume = api.get<PersistentVolume>('persistentvolumes', { namespace: '', name: bound });
  if (volume === undefined) return failed(`failed to fetch PV ${bound} from API server: persistentvolumes "${bound}" not found`);
  const { claimRef, volumeMode = 'Filesystem' } = volume.spec;
  if (claimRef === undefined) return failed(`found PV object ${bound} but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`);
  if (claimRef.uid !== claim.metadata.uid)
    return failed(`found PV object ${bound} but its pv.Spec.ClaimRef.UID ${claimRef.uid ?? ''} does not point to claim.UID ${claim.metadata.uid}`);
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const misused = (wanted: string, used: 'volumeMounts' | 'volumeDevices'): boolean =>
    volumeMode !== wanted && containers.some((container) => container[used]?.some((use) => use.name === volumeName) === true);
  for (const [mode, used] of [
    ['Filesystem', 'volumeMounts'],
    ['Block', 'volumeDevices'],
  ] as const)
    if (misused(mode, used)) return `volume ${volumeName} has volumeMode ${volumeMode}, but is specified in ${used}`;
  return volume;
}

/** `written`: the pod's volume whose files the kubelet writes itself. */
function mountSource(work: Work, name: string, source: Volume | PersistentVolumeSpec, facts: PodFacts, written?: Volume): Outcome {
  const { api } = work.context;
  const failed = (operation: string, error: string, takes = AT_ONCE): Outcome => ({
    type: 'failed',
    message: `${operation} for volume "${name}" : ${error}`,
    takes,
  });
  const setUp = (error: string, takes?: Duration): Outcome => failed('MountVolume.SetUp failed', error, takes);
  const plugin = pluginOf(source);
  if (plugin.type === 'none') return { type: 'unprocessed', error: `failed to get Plugin from volumeSpec for volume "${name}" err=no volume plugin matched` };
  const driver = plugin.type === 'csi' ? api.get<CSIDriver>('csidrivers.storage.k8s.io', { namespace: '', name: plugin.driver }) : undefined;
  if (plugin.type === 'csi' && needsAttach(plugin, driver)) return { type: 'unattached' };
  const refused = written === undefined ? refusal(work, source as PersistentVolumeSpec) : undefined;
  if (refused !== undefined) return failed(refused.operation, refused.error);
  switch (plugin.type) {
    case 'csi': {
      const unknown = `driver name ${plugin.driver} not found in the list of registered CSI drivers`;
      return plugin.isInline
        ? setUp(`kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${unknown}`)
        : failed('MountVolume.MountDevice failed', `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${unknown}`);
    }
    // Nodes as kind makes them have no iscsiadm, and no fibre.
    case 'iscsi':
      return failed('MountVolume.WaitForAttach failed', 'executable file not found in $PATH');
    case 'fc':
      return failed('MountVolume.WaitForAttach failed', 'no fc disk found');
  }
  if (source.hostPath !== undefined) {
    const error = prepareHostPath(work, source.hostPath);
    return error === undefined ? MOUNTED : setUp(error);
  }
  if (source.nfs !== undefined) {
    const trouble = nfsTrouble(work, source.nfs.server ?? '');
    return trouble === undefined ? MOUNTED : setUp(mountError(work, name, source, trouble.output), trouble.takes);
  }
  if ('local' in source && source.local !== undefined) {
    const { path = '' } = source.local;
    const entry = work.runtime.hostEntry(path);
    if (entry === 'directory' || entry === 'block device') return MOUNTED;
    return failed(
      'MountVolume.NewMounter initialization failed',
      entry === undefined ? `path "${path}" does not exist` : 'only directory and block device are supported',
    );
  }
  if (written === undefined) return MOUNTED;
  if (written.gitRepo !== undefined)
    return setUp('git-repo volume plugin has been disabled; if necessary, it may be re-enabled by enabling the feature-gate `GitRepoVolumeDriver`');
  const content = contentOf(api, facts, written);
  return 'error' in content ? setUp(content.error) : { type: 'mounted', content };
}

/** What is looked at before any plugin is asked. */
function refusal(
  { context: { api }, kubelet, pod }: Work,
  { nodeAffinity, accessModes, claimRef }: PersistentVolumeSpec,
): { operation: string; error: string } | undefined {
  const required = nodeAffinity?.required;
  const node = required === undefined ? undefined : api.get<Node>('nodes', { namespace: '', name: kubelet.node });
  if (required !== undefined && node !== undefined && !matchesNodeSelector(required, nodeLike(node)))
    return { operation: 'MountVolume.NodeAffinity check failed', error: 'no matching NodeSelectorTerms' };
  const isTaken =
    accessModes?.length === 1 &&
    accessModes[0] === 'ReadWriteOncePod' &&
    api
      .list<Pod>('pods', { namespace: pod.metadata.namespace ?? '', index: { name: 'node', value: kubelet.node } })
      .some((other) => other.metadata.uid !== pod.metadata.uid && other.status?.phase === 'Running' && usesClaim(other, claimRef?.name ?? ''));
  return isTaken
    ? { operation: 'MountVolume.SetUp failed', error: 'volume uses the ReadWriteOncePod access mode and is already in use by another pod' }
    : undefined;
}

const usesClaim = (pod: Pod, claim: string): boolean => (pod.spec.volumes ?? []).some((volume) => claimNameOf(pod, volume) === claim);

const KINDS: Readonly<Record<string, readonly [entry: string, text: string]>> = {
  Directory: ['directory', 'a directory'],
  DirectoryOrCreate: ['directory', 'a directory'],
  File: ['file', 'a file'],
  FileOrCreate: ['file', 'a file'],
  Socket: ['socket', 'a socket file'],
  CharDevice: ['character device', 'a character device'],
  BlockDevice: ['block device', 'a block device'],
};

/** volume/hostpath checkType: what must be there before; the OrCreate types make it. */
function prepareHostPath({ runtime }: Work, { path = '', type = '' }: { readonly path?: string; readonly type?: string }): string | undefined {
  const [wanted, text] = KINDS[type] ?? [undefined, ''];
  if (wanted === undefined) return undefined;
  const entry = runtime.hostEntry(path);
  if (entry === undefined && type.endsWith('OrCreate')) {
    const isFile = wanted === 'file';
    const above = nearest(runtime, path);
    // Directories are made as many as it takes; a file only where there is a directory for it.
    if (runtime.hostEntry(above) !== 'directory') return isFile ? `open ${path}: not a directory` : `mkdir ${above}: not a directory`;
    if (isFile && above !== parentOf(path)) return `open ${path}: no such file or directory`;
    runtime.makeHostEntry(path, isFile ? 'file' : 'directory');
    return undefined;
  }
  // Anything but a directory is a file to Go's test for plain files but links and devices.
  return entry === wanted ? undefined : `hostPath type check failed: ${path} is not ${text}`;
}

const parentOf = (path: string): string => path.replace(/\/+[^/]*\/*$/, '') || '/';

/** The last part of the way to it that is there. */
function nearest(runtime: Work['runtime'], path: string): string {
  let above = parentOf(path);
  while (above !== '/' && runtime.hostEntry(above) === undefined) above = parentOf(above);
  return above;
}

/** mount.nfs tries again for two minutes whom it cannot reach. */
const NFS_RETRY = minutes(2) + seconds(5);
const NFS_PORT = 2049;

/** Why nobody exports anything there; the node asks its own DNS, which does not know the cluster's names. */
function nfsTrouble({ context: { api } }: Work, server: string): { readonly output: string; readonly takes: Duration } | undefined {
  if (!/^\d+(\.\d+){3}$/.test(server)) return { output: `mount.nfs: Failed to resolve server ${server}: Name or service not known`, takes: AT_ONCE };
  const isServed = (pod: Pod): boolean => pod.spec.containers.some(({ ports }) => ports?.some(({ containerPort }) => containerPort === NFS_PORT));
  const pods = api.list<Pod>('pods').filter((pod) => pod.status?.podIP === server && pod.status.phase === 'Running');
  if (pods.some(isServed)) return undefined;
  const service = api.list<Service>('services').find(({ spec }) => spec.clusterIP === server && spec.ports?.some(({ port }) => port === NFS_PORT));
  const { namespace = '', name } = service?.metadata ?? {};
  const slices = service === undefined ? [] : api.list<EndpointSlice>('endpointslices.discovery.k8s.io', { namespace });
  const isAnswered = slices.some(
    ({ metadata, endpoints }) => metadata.labels?.['kubernetes.io/service-name'] === name && endpoints?.some(({ conditions }) => conditions?.ready === true),
  );
  if (isAnswered) return undefined;
  const isHere =
    pods.length > 0 || service !== undefined || api.list<Node>('nodes').some(({ status }) => status?.addresses?.some(({ address }) => address === server));
  return { output: `mount.nfs: Connection ${isHere ? 'refused' : 'timed out'}`, takes: NFS_RETRY as Duration };
}

/** mount_linux.go doMount. */
function mountError({ pod }: Work, name: string, source: Volume | PersistentVolumeSpec, output: string): string {
  const { server = '', path = '', readOnly } = source.nfs ?? {};
  const options = [...('mountOptions' in source ? (source.mountOptions ?? []) : []), ...(readOnly === true ? ['ro'] : [])];
  const flags = options.length === 0 ? '' : `-o ${options.join(',')} `;
  const target = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~nfs/${name}`;
  return `mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs ${flags}${server}:${path} ${target}\nOutput: ${output}\n`;
}
