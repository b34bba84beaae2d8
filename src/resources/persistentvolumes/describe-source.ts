/** Where a PersistentVolume's data is, one table a source: kubectl pkg/describe/describe.go print…PersistentVolumeSource. */
import type { IndentedWriter } from '../../api/resource.js';
import type { PersistentVolumeSource, PersistentVolumeSpec, VolumeFields } from './types.js';

interface SourceText {
  readonly name: keyof PersistentVolumeSource;
  /** Behind `Type:`. */
  readonly type: string;
  /** Title, with its colon where it has one, and the field's value. */
  readonly lines: readonly (readonly [title: string, value: (source: VolumeFields) => string])[];
}

const text =
  (field: string, absent = '') =>
  (source: VolumeFields): string =>
    String(source[field] ?? absent);
const flag =
  (field: string) =>
  (source: VolumeFields): string =>
    String(source[field] ?? false);
const number =
  (field: string) =>
  (source: VolumeFields): string =>
    String(source[field] ?? 0);
/** The generated String() of a *SecretReference. */
const secretRef = ({ secretRef: reference }: VolumeFields): string => {
  const { name = '', namespace = '' } = (reference ?? {}) as { readonly name?: string; readonly namespace?: string };
  return reference === undefined ? 'nil' : `&SecretReference{Name:${name},Namespace:${namespace},}`;
};
const list =
  (field: string) =>
  (source: VolumeFields): string =>
    `[${((source[field] as readonly string[] | undefined) ?? []).join(' ')}]`;

/** `map[a:b c:d]`. */
const goMap = (value: unknown): string =>
  `map[${Object.entries((value as Readonly<Record<string, string>> | undefined) ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${item}`)
    .join(' ')}]`;

const secretField =
  (field: 'name' | 'namespace') =>
  ({ secretRef }: VolumeFields): string =>
    (secretRef as { readonly name?: string; readonly namespace?: string } | undefined)?.[field] ?? '';

/** In kubectl's order. */
const SOURCES: readonly SourceText[] = [
  {
    name: 'hostPath',
    type: 'HostPath (bare host directory volume)',
    lines: [
      ['Path:', text('path')],
      ['HostPathType:', text('type', '<none>')],
    ],
  },
  {
    name: 'gcePersistentDisk',
    type: 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    lines: [
      ['PDName:', text('pdName')],
      ['FSType:', text('fsType')],
      ['Partition:', number('partition')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'awsElasticBlockStore',
    type: 'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    lines: [
      ['VolumeID:', text('volumeID')],
      ['FSType:', text('fsType')],
      ['Partition:', number('partition')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'nfs',
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    lines: [
      ['Server:', text('server')],
      ['Path:', text('path')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'iscsi',
    type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    lines: [
      ['TargetPortal:', text('targetPortal')],
      ['IQN:', text('iqn')],
      ['Lun:', number('lun')],
      // The colon is missing upstream.
      ['ISCSIInterface', text('iscsiInterface')],
      ['FSType:', text('fsType')],
      ['ReadOnly:', flag('readOnly')],
      ['Portals:', list('portals')],
      ['DiscoveryCHAPAuth:', flag('chapAuthDiscovery')],
      ['SessionCHAPAuth:', flag('chapAuthSession')],
      ['SecretRef:', secretRef],
      ['InitiatorName:', text('initiatorName', '<none>')],
    ],
  },
  {
    name: 'glusterfs',
    type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    lines: [
      ['EndpointsName:', text('endpoints')],
      ['EndpointsNamespace:', text('endpointsNamespace', '<unset>')],
      ['Path:', text('path')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'rbd',
    type: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    lines: [
      ['CephMonitors:', list('monitors')],
      ['RBDImage:', text('image')],
      ['FSType:', text('fsType')],
      ['RBDPool:', text('pool')],
      ['RadosUser:', text('user')],
      ['Keyring:', text('keyring')],
      ['SecretRef:', secretRef],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'quobyte',
    type: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
    lines: [
      ['Registry:', text('registry')],
      ['Volume:', text('volume')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'vsphereVolume',
    type: 'vSphereVolume (a Persistent Disk resource in vSphere)',
    lines: [
      ['VolumePath:', text('volumePath')],
      ['FSType:', text('fsType')],
      ['StoragePolicyName:', text('storagePolicyName')],
    ],
  },
  {
    name: 'cinder',
    type: 'Cinder (a Persistent Disk resource in OpenStack)',
    lines: [
      ['VolumeID:', text('volumeID')],
      ['FSType:', text('fsType')],
      ['ReadOnly:', flag('readOnly')],
      ['SecretRef:', secretRef],
    ],
  },
  {
    name: 'azureDisk',
    type: 'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    lines: [
      ['DiskName:', text('diskName')],
      ['DiskURI:', text('diskURI')],
      ['Kind: ', text('kind')],
      ['FSType:', text('fsType')],
      ['CachingMode:', text('cachingMode')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'photonPersistentDisk',
    type: 'PhotonPersistentDisk (a Persistent Disk resource in photon platform)',
    lines: [
      ['PdID:', text('pdID')],
      ['FSType:', text('fsType')],
    ],
  },
  { name: 'portworxVolume', type: 'PortworxVolume (a Portworx Volume resource)', lines: [['VolumeID:', text('volumeID')]] },
  {
    name: 'scaleIO',
    type: 'ScaleIO (a persistent volume backed by a block device in ScaleIO)',
    lines: [
      ['Gateway:', text('gateway')],
      ['System:', text('system')],
      ['Protection Domain:', text('protectionDomain')],
      ['Storage Pool:', text('storagePool')],
      ['Storage Mode:', text('storageMode')],
      ['VolumeName:', text('volumeName')],
      ['SecretName:', secretField('name')],
      ['SecretNamespace:', secretField('namespace')],
      ['FSType:', text('fsType')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  { name: 'local', type: 'LocalVolume (a persistent volume backed by local storage on a node)', lines: [['Path:', text('path')]] },
  {
    name: 'cephfs',
    type: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    lines: [
      ['Monitors:', list('monitors')],
      ['Path:', text('path')],
      ['User:', text('user')],
      ['SecretFile:', text('secretFile')],
      ['SecretRef:', secretRef],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'storageos',
    type: 'StorageOS (a StorageOS Persistent Disk resource)',
    lines: [
      ['VolumeName:', text('volumeName')],
      ['VolumeNamespace:', text('volumeNamespace')],
      ['FSType:', text('fsType')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'fc',
    type: 'FC (a Fibre Channel disk)',
    lines: [
      ['TargetWWNs:', ({ targetWWNs }) => ((targetWWNs as readonly string[] | undefined) ?? []).join(', ')],
      ['LUN:', text('lun', '<none>')],
      ['FSType:', text('fsType')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'azureFile',
    type: 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
    lines: [
      ['SecretName:', text('secretName')],
      ['SecretNamespace:', text('secretNamespace')],
      ['ShareName:', text('shareName')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
  {
    name: 'flexVolume',
    type: 'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
    lines: [
      ['Driver:', text('driver')],
      ['FSType:', text('fsType')],
      ['SecretRef:', secretRef],
      ['ReadOnly:', flag('readOnly')],
      ['Options:', ({ options }) => goMap(options)],
    ],
  },
  {
    name: 'flocker',
    type: 'Flocker (a Flocker volume mounted by the Flocker agent)',
    lines: [
      ['DatasetName:', text('datasetName')],
      ['DatasetUUID:', text('datasetUUID')],
    ],
  },
  {
    name: 'csi',
    type: 'CSI (a Container Storage Interface (CSI) volume source)',
    lines: [
      ['Driver:', text('driver')],
      ['FSType:', text('fsType')],
      ['VolumeHandle:', text('volumeHandle')],
      ['ReadOnly:', flag('readOnly')],
    ],
  },
];

/** Of a line `key=value` of the volume attributes. */
const MAX_ATTRIBUTE = 140;

export function describeSource(spec: PersistentVolumeSpec, out: IndentedWriter): void {
  const found = SOURCES.find(({ name }) => spec[name] !== undefined);
  if (found === undefined) {
    out.line(1, '<unknown>');
    return;
  }
  const source = spec[found.name] as VolumeFields;
  out.line(2, `Type:\t${found.type}`);
  for (const [title, value] of found.lines) out.line(2, `${title}\t${value(source)}`);
  if (found.name === 'csi') describeAttributes(spec.csi?.volumeAttributes ?? {}, out);
}

function describeAttributes(attributes: Readonly<Record<string, string>>, out: IndentedWriter): void {
  const lines = Object.keys(attributes)
    .sort()
    .map((key) => `${key}=${attributes[key]}`)
    .map((line) => (line.length > MAX_ATTRIBUTE ? `${line.slice(0, MAX_ATTRIBUTE)}...` : line));
  out.write(2, 'VolumeAttributes:\t');
  if (Object.keys(attributes).length === 0) out.line(0, '<none>');
  lines.forEach((line, i) => {
    // kubectl indents title, separator and value each.
    out.line(i === 0 ? 2 : 4, i === 0 ? line : `\t    ${line}`);
  });
}
