/** Volumes as `kubectl describe` prints them: describeVolumes of kubectl pkg/describe/describe.go. */
import { formatQuantity, quantity } from '../../api/quantity.js';
import type { IndentedWriter } from '../../api/resource.js';
import { describeAnnotations, describeLabels } from '../meta/describe.js';
import type { LocalObjectReference, PersistentVolumeClaimTemplate, Volume, VolumeProjection, VolumeSource } from './types.js';

const CSI_ATTRIBUTE_WIDTH = 140;

export function describeVolumes(out: IndentedWriter, volumes: readonly Volume[], indent: string): void {
  if (volumes.length === 0) {
    out.write(0, `${indent}Volumes:\t<none>\n`);
    return;
  }
  out.write(0, `${indent}Volumes:\n`);
  for (const volume of volumes) {
    out.write(1, `${indent === '' ? '' : ' '}${volume.name}:\n`);
    describeVolumeSource(out, volume);
  }
}

type Value = string | number | boolean | undefined;

/** The source of a pod's volume; `<unknown>` when it has none that is known. */
function describeVolumeSource(out: IndentedWriter, volume: Volume): void {
  for (const source of Object.keys(PRINTERS) as (keyof VolumeSource)[]) {
    if (!volume[source]) continue;
    (PRINTERS[source] as (out: IndentedWriter, source: unknown) => void)(out, volume[source]);
    return;
  }
  out.write(1, '<unknown>\n');
}

/** `Type:` and then a line a field. */
export function describeFields(out: IndentedWriter, type: string, list: readonly (readonly [title: string, value: Value])[]): void {
  out.write(2, `Type:\t${type}\n`);
  for (const [title, value] of list) out.write(2, `${title}\t${value ?? ''}\n`);
}

const bool = (value: boolean | undefined): boolean => value === true;
const list = (values: readonly string[] | undefined): string => `[${(values ?? []).join(' ')}]`;
const map = (values: Readonly<Record<string, string>> | undefined): string =>
  `map[${Object.keys(values ?? {})
    .sort()
    .map((key) => `${key}:${values?.[key]}`)
    .join(' ')}]`;

export type SourcePrinters = { readonly [K in keyof VolumeSource]-?: (out: IndentedWriter, source: NonNullable<VolumeSource[K]>) => void };

/** What each type of source says; `reference` prints its secret, which has a namespace in persistent volumes only. */
export const sourcePrinters = (reference: (ref: LocalObjectReference | undefined) => string): SourcePrinters => ({
  hostPath: (out, { path, type }) =>
    describeFields(out, 'HostPath (bare host directory volume)', [
      ['Path:', path],
      ['HostPathType:', type ?? '<none>'],
    ]),
  emptyDir: (out, { medium, sizeLimit }) => {
    const limit = quantity(sizeLimit);
    describeFields(out, "EmptyDir (a temporary directory that shares a pod's lifetime)", [
      ['Medium:', medium],
      ['SizeLimit:', limit.nano > 0n ? formatQuantity(limit) : '<unset>'],
    ]);
  },
  gcePersistentDisk: (out, { pdName, fsType, partition, readOnly }) =>
    describeFields(out, 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)', [
      ['PDName:', pdName],
      ['FSType:', fsType],
      ['Partition:', partition ?? 0],
      ['ReadOnly:', bool(readOnly)],
    ]),
  awsElasticBlockStore: (out, { volumeID, fsType, partition, readOnly }) =>
    describeFields(out, 'AWSElasticBlockStore (a Persistent Disk resource in AWS)', [
      ['VolumeID:', volumeID],
      ['FSType:', fsType],
      ['Partition:', partition ?? 0],
      ['ReadOnly:', bool(readOnly)],
    ]),
  gitRepo: (out, { repository, revision }) =>
    describeFields(out, 'GitRepo (a volume that is pulled from git when the pod is created)', [
      ['Repository:', repository],
      ['Revision:', revision],
    ]),
  secret: (out, { secretName, optional }) =>
    describeFields(out, 'Secret (a volume populated by a Secret)', [
      ['SecretName:', secretName],
      ['Optional:', bool(optional)],
    ]),
  configMap: (out, { name, optional }) =>
    describeFields(out, 'ConfigMap (a volume populated by a ConfigMap)', [
      ['Name:', name],
      ['Optional:', bool(optional)],
    ]),
  nfs: (out, { server, path, readOnly }) =>
    describeFields(out, 'NFS (an NFS mount that lasts the lifetime of a pod)', [
      ['Server:', server],
      ['Path:', path],
      ['ReadOnly:', bool(readOnly)],
    ]),
  iscsi: (out, iscsi) =>
    describeFields(out, "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)", [
      ['TargetPortal:', iscsi.targetPortal],
      ['IQN:', iscsi.iqn],
      ['Lun:', iscsi.lun ?? 0],
      // Without a colon: so in kubectl.
      ['ISCSIInterface', iscsi.iscsiInterface],
      ['FSType:', iscsi.fsType],
      ['ReadOnly:', bool(iscsi.readOnly)],
      ['Portals:', list(iscsi.portals)],
      ['DiscoveryCHAPAuth:', bool(iscsi.chapAuthDiscovery)],
      ['SessionCHAPAuth:', bool(iscsi.chapAuthSession)],
      ['SecretRef:', reference(iscsi.secretRef)],
      ['InitiatorName:', iscsi.initiatorName ?? '<none>'],
    ]),
  glusterfs: (out, { endpoints, path, readOnly }) =>
    describeFields(out, "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)", [
      ['EndpointsName:', endpoints],
      ['Path:', path],
      ['ReadOnly:', bool(readOnly)],
    ]),
  persistentVolumeClaim: (out, { claimName, readOnly }) =>
    describeFields(out, 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)', [
      ['ClaimName:', claimName],
      ['ReadOnly:', bool(readOnly)],
    ]),
  ephemeral: (out, { volumeClaimTemplate }) => {
    out.write(2, 'Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)\n');
    if (volumeClaimTemplate) describeClaimTemplate(nested(out, 2), volumeClaimTemplate);
  },
  rbd: (out, rbd) =>
    describeFields(out, "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)", [
      ['CephMonitors:', list(rbd.monitors)],
      ['RBDImage:', rbd.image],
      ['FSType:', rbd.fsType],
      ['RBDPool:', rbd.pool],
      ['RadosUser:', rbd.user],
      ['Keyring:', rbd.keyring],
      ['SecretRef:', reference(rbd.secretRef)],
      ['ReadOnly:', bool(rbd.readOnly)],
    ]),
  quobyte: (out, { registry, volume, readOnly }) =>
    describeFields(out, "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)", [
      ['Registry:', registry],
      ['Volume:', volume],
      ['ReadOnly:', bool(readOnly)],
    ]),
  downwardAPI: (out, { items = [] }) => {
    out.write(2, 'Type:\tDownwardAPI (a volume populated by information about the pod)\n');
    out.write(2, 'Items:\n');
    for (const { fieldRef, resourceFieldRef, path } of items) {
      if (fieldRef) out.write(3, `${fieldRef.fieldPath} -> ${path}\n`);
      if (resourceFieldRef) out.write(3, `${resourceFieldRef.resource} -> ${path}\n`);
    }
  },
  azureDisk: (out, azure) =>
    describeFields(out, 'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)', [
      ['DiskName:', azure.diskName],
      ['DiskURI:', azure.diskURI],
      ['Kind: ', azure.kind],
      ['FSType:', azure.fsType],
      ['CachingMode:', azure.cachingMode],
      ['ReadOnly:', bool(azure.readOnly)],
    ]),
  vsphereVolume: (out, { volumePath, fsType, storagePolicyName }) =>
    describeFields(out, 'vSphereVolume (a Persistent Disk resource in vSphere)', [
      ['VolumePath:', volumePath],
      ['FSType:', fsType],
      ['StoragePolicyName:', storagePolicyName],
    ]),
  cinder: (out, { volumeID, fsType, readOnly, secretRef }) =>
    describeFields(out, 'Cinder (a Persistent Disk resource in OpenStack)', [
      ['VolumeID:', volumeID],
      ['FSType:', fsType],
      ['ReadOnly:', bool(readOnly)],
      ['SecretRef:', reference(secretRef)],
    ]),
  photonPersistentDisk: (out, { pdID, fsType }) =>
    describeFields(out, 'PhotonPersistentDisk (a Persistent Disk resource in photon platform)', [
      ['PdID:', pdID],
      ['FSType:', fsType],
    ]),
  portworxVolume: (out, { volumeID }) => describeFields(out, 'PortworxVolume (a Portworx Volume resource)', [['VolumeID:', volumeID]]),
  scaleIO: (out, sio) =>
    describeFields(out, 'ScaleIO (a persistent volume backed by a block device in ScaleIO)', [
      ['Gateway:', sio.gateway],
      ['System:', sio.system],
      ['Protection Domain:', sio.protectionDomain],
      ['Storage Pool:', sio.storagePool],
      ['Storage Mode:', sio.storageMode],
      ['VolumeName:', sio.volumeName],
      ['FSType:', sio.fsType],
      ['ReadOnly:', bool(sio.readOnly)],
    ]),
  cephfs: (out, ceph) =>
    describeFields(out, "CephFS (a CephFS mount on the host that shares a pod's lifetime)", [
      ['Monitors:', list(ceph.monitors)],
      ['Path:', ceph.path],
      ['User:', ceph.user],
      ['SecretFile:', ceph.secretFile],
      ['SecretRef:', reference(ceph.secretRef)],
      ['ReadOnly:', bool(ceph.readOnly)],
    ]),
  storageos: (out, { volumeName, volumeNamespace, fsType, readOnly }) =>
    describeFields(out, 'StorageOS (a StorageOS Persistent Disk resource)', [
      ['VolumeName:', volumeName],
      ['VolumeNamespace:', volumeNamespace],
      ['FSType:', fsType],
      ['ReadOnly:', bool(readOnly)],
    ]),
  fc: (out, { targetWWNs = [], lun, fsType, readOnly }) =>
    describeFields(out, 'FC (a Fibre Channel disk)', [
      ['TargetWWNs:', targetWWNs.join(', ')],
      ['LUN:', lun ?? '<none>'],
      ['FSType:', fsType],
      ['ReadOnly:', bool(readOnly)],
    ]),
  azureFile: (out, { secretName, shareName, readOnly }) =>
    describeFields(out, 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)', [
      ['SecretName:', secretName],
      ['ShareName:', shareName],
      ['ReadOnly:', bool(readOnly)],
    ]),
  flexVolume: (out, { driver, fsType, secretRef, readOnly, options }) =>
    describeFields(out, 'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)', [
      ['Driver:', driver],
      ['FSType:', fsType],
      ['SecretRef:', reference(secretRef)],
      ['ReadOnly:', bool(readOnly)],
      ['Options:', map(options)],
    ]),
  flocker: (out, { datasetName, datasetUUID }) =>
    describeFields(out, 'Flocker (a Flocker volume mounted by the Flocker agent)', [
      ['DatasetName:', datasetName],
      ['DatasetUUID:', datasetUUID],
    ]),
  projected: (out, { sources }) => {
    out.write(2, 'Type:\tProjected (a volume that contains injected data from multiple sources)\n');
    for (const source of sources ?? []) describeProjection(out, source);
  },
  csi: (out, { driver, fsType, readOnly, volumeAttributes }) => {
    describeFields(out, 'CSI (a Container Storage Interface (CSI) volume source)', [
      ['Driver:', driver],
      ['FSType:', fsType],
      ['ReadOnly:', bool(readOnly)],
    ]);
    describeCsiAttributes(out, 'VolumeAttributes', volumeAttributes);
  },
  image: (out, { reference: image, pullPolicy }) =>
    describeFields(out, 'Image (a container image or OCI artifact)', [
      ['Reference:', image],
      ['PullPolicy:', pullPolicy],
    ]),
});

/** Go's %v of a *LocalObjectReference. */
const PRINTERS = sourcePrinters((ref) => (ref === undefined ? 'nil' : `&LocalObjectReference{Name:${ref.name ?? ''},}`));

function describeProjection(out: IndentedWriter, { secret, downwardAPI, configMap, serviceAccountToken }: VolumeProjection): void {
  if (secret) {
    out.write(2, `SecretName:\t${secret.name ?? ''}\n`);
    out.write(2, `Optional:\t${secret.optional === true}\n`);
  } else if (downwardAPI) out.write(2, 'DownwardAPI:\ttrue\n');
  else if (configMap) {
    out.write(2, `ConfigMapName:\t${configMap.name ?? ''}\n`);
    out.write(2, `Optional:\t${configMap.optional === true}\n`);
  } else if (serviceAccountToken) out.write(2, `TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds ?? 0}\n`);
}

/** Every value is indented once more behind its tab: so in kubectl. */
export function describeCsiAttributes(out: IndentedWriter, title: string, attributes: Readonly<Record<string, string>> = {}): void {
  const keys = Object.keys(attributes).sort();
  if (keys.length === 0) {
    out.write(2, `${title}:\t<none>\n`);
    return;
  }
  keys.forEach((key, i) => {
    const line = `${key}=${attributes[key]}`;
    const text = line.length > CSI_ATTRIBUTE_WIDTH ? `${line.slice(0, CSI_ATTRIBUTE_WIDTH)}...` : line;
    out.write(2, i === 0 ? `${title}:\t    ${text}\n` : `    \t    ${text}\n`);
  });
}

/** A writer whose levels begin at `level` of another's (NewNestedPrefixWriter). */
function nested(out: IndentedWriter, level: number): IndentedWriter {
  return {
    write: (inner, text) => out.write(level + inner, text),
    line: (inner, text) => out.line(level + inner, text),
    flush: () => out.flush(),
  };
}

/** What a claim's description has and a claim template can have. */
function describeClaimTemplate(out: IndentedWriter, { metadata = {}, spec }: PersistentVolumeClaimTemplate): void {
  out.write(0, `StorageClass:\t${metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? ''}\n`);
  out.write(0, `Volume:\t${spec.volumeName ?? ''}\n`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.write(0, 'Capacity:\t\n');
  out.write(0, 'Access Modes:\t\n');
  if (spec.volumeMode !== undefined) out.write(0, `VolumeMode:\t${spec.volumeMode}\n`);
  if (!spec.dataSource) return;
  out.write(0, 'DataSource:\n');
  if (spec.dataSource.apiGroup !== undefined) out.write(1, `APIGroup:\t${spec.dataSource.apiGroup}\n`);
  out.write(1, `Kind:\t${spec.dataSource.kind}\n`);
  out.write(1, `Name:\t${spec.dataSource.name}\n`);
}
