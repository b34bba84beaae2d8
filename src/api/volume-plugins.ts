/** Which of the kubelet's plugins a volume is for, by the source it names: cmd/kubelet/app/plugins.go and csi-translation-lib. */

/** A volume of a pod, or the spec of a PersistentVolume: one of the sources is set. */
export type SourceLike = object;
type Fields = Readonly<Record<string, unknown>>;

export type VolumePlugin =
  /** No kubelet of this version knows the kind of volume any more. */
  | { readonly type: 'none' }
  | { readonly type: 'csi'; readonly driver: string; readonly handle: string; readonly isInline: boolean }
  /** Attached by the control plane before it is mounted. */
  | { readonly type: 'iscsi' | 'fc' }
  | { readonly type: 'other' };

const OTHER = { type: 'other' } as const;
const GONE = ['cephfs', 'flexVolume', 'flocker', 'glusterfs', 'photonPersistentDisk', 'quobyte', 'rbd', 'scaleIO', 'storageos'];

const text = (fields: Fields, name: string): string => String(fields[name] ?? '');
/** What was in the tree once, and the CSI driver that has taken it over: its name, and the handle it gives the volume. */
const MIGRATED: Readonly<Record<string, readonly [driver: string, handle: (fields: Fields) => string]>> = {
  awsElasticBlockStore: ['ebs.csi.aws.com', (fields) => text(fields, 'volumeID').replace(/^aws:\/\/[^/]*\//, '')],
  azureDisk: ['disk.csi.azure.com', (fields) => text(fields, 'diskURI')],
  azureFile: ['file.csi.azure.com', (fields) => `#${text(fields, 'secretName')}#${text(fields, 'shareName')}#`],
  cinder: ['cinder.csi.openstack.org', (fields) => text(fields, 'volumeID')],
  gcePersistentDisk: ['pd.csi.storage.gke.io', (fields) => `projects/UNSPECIFIED/zones/UNSPECIFIED/disks/${text(fields, 'pdName')}`],
  portworxVolume: ['pxd.portworx.com', (fields) => text(fields, 'volumeID')],
  vsphereVolume: ['csi.vsphere.vmware.com', (fields) => text(fields, 'volumePath')],
};

export function pluginOf(source: SourceLike): VolumePlugin {
  const sources = source as Readonly<Record<string, Fields | undefined>>;
  const { csi } = sources;
  if (csi !== undefined) {
    const handle = csi['volumeHandle'];
    return { type: 'csi', driver: text(csi, 'driver'), handle: String(handle ?? ''), isInline: handle === undefined };
  }
  for (const name in sources) {
    const fields = sources[name];
    if (fields === undefined) continue;
    const migrated = MIGRATED[name];
    if (migrated !== undefined) return { type: 'csi', driver: migrated[0], handle: migrated[1](fields), isInline: false };
    if (GONE.includes(name)) return { type: 'none' };
    if (name === 'iscsi' || name === 'fc') return { type: name };
  }
  return OTHER;
}

/** CSI volumes are attached first, unless a CSIDriver says they need not be (csi_plugin.go CanAttach). */
export const needsAttach = (plugin: VolumePlugin, driver: { readonly spec: { readonly attachRequired?: boolean } } | undefined): boolean =>
  plugin.type === 'iscsi' || plugin.type === 'fc' || (plugin.type === 'csi' && !plugin.isInline && driver?.spec.attachRequired !== false);
