/** Where a PersistentVolume's data is: kubectl pkg/describe/describe.go. Most sources are those of pods. */
import type { IndentedWriter } from '../../api/resource.js';
import { describeCsiAttributes, describeFields, sourcePrinters } from '../pod-template/describe-volumes.js';
import type { CSISource, PersistentVolumeSource, PersistentVolumeSpec, VolumeFields } from './types.js';

interface SecretReference {
  readonly name?: string;
  readonly namespace?: string;
}

/** Go's %v of a *SecretReference. */
const PODS = sourcePrinters((ref: SecretReference | undefined) =>
  ref === undefined ? 'nil' : `&SecretReference{Name:${ref.name ?? ''},Namespace:${ref.namespace ?? ''},}`,
);

type Value = string | number | undefined;
const text = (fields: VolumeFields, name: string): Value => fields[name] as Value;
const flag = (fields: VolumeFields, name: string): boolean => fields[name] === true;

/** In kubectl's order, which decides if there are several. */
const PRINTERS = {
  hostPath: PODS.hostPath,
  gcePersistentDisk: PODS.gcePersistentDisk,
  awsElasticBlockStore: PODS.awsElasticBlockStore,
  nfs: PODS.nfs,
  iscsi: PODS.iscsi,
  glusterfs: (out: IndentedWriter, source: VolumeFields) =>
    describeFields(out, "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)", [
      ['EndpointsName:', text(source, 'endpoints')],
      ['EndpointsNamespace:', text(source, 'endpointsNamespace') ?? '<unset>'],
      ['Path:', text(source, 'path')],
      ['ReadOnly:', flag(source, 'readOnly')],
    ]),
  rbd: PODS.rbd,
  quobyte: PODS.quobyte,
  vsphereVolume: PODS.vsphereVolume,
  cinder: PODS.cinder,
  azureDisk: PODS.azureDisk,
  photonPersistentDisk: PODS.photonPersistentDisk,
  portworxVolume: PODS.portworxVolume,
  scaleIO: (out: IndentedWriter, source: VolumeFields) => {
    const secret = source['secretRef'] as SecretReference | undefined;
    describeFields(out, 'ScaleIO (a persistent volume backed by a block device in ScaleIO)', [
      ['Gateway:', text(source, 'gateway')],
      ['System:', text(source, 'system')],
      ['Protection Domain:', text(source, 'protectionDomain')],
      ['Storage Pool:', text(source, 'storagePool')],
      ['Storage Mode:', text(source, 'storageMode')],
      ['VolumeName:', text(source, 'volumeName')],
      ['SecretName:', secret?.name],
      ['SecretNamespace:', secret?.namespace],
      ['FSType:', text(source, 'fsType')],
      ['ReadOnly:', flag(source, 'readOnly')],
    ]);
  },
  local: (out: IndentedWriter, source: VolumeFields) =>
    describeFields(out, 'LocalVolume (a persistent volume backed by local storage on a node)', [['Path:', text(source, 'path')]]),
  cephfs: PODS.cephfs,
  storageos: PODS.storageos,
  fc: PODS.fc,
  azureFile: (out: IndentedWriter, source: VolumeFields) =>
    describeFields(out, 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)', [
      ['SecretName:', text(source, 'secretName')],
      ['SecretNamespace:', text(source, 'secretNamespace')],
      ['ShareName:', text(source, 'shareName')],
      ['ReadOnly:', flag(source, 'readOnly')],
    ]),
  flexVolume: PODS.flexVolume,
  flocker: PODS.flocker,
  csi: (out: IndentedWriter, { driver, fsType, volumeHandle, readOnly, volumeAttributes }: CSISource) => {
    describeFields(out, 'CSI (a Container Storage Interface (CSI) volume source)', [
      ['Driver:', driver],
      ['FSType:', fsType],
      ['VolumeHandle:', volumeHandle],
      ['ReadOnly:', readOnly === true],
    ]);
    describeCsiAttributes(out, 'VolumeAttributes', volumeAttributes);
  },
};

export function describeSource(spec: PersistentVolumeSpec, out: IndentedWriter): void {
  const name = (Object.keys(PRINTERS) as (keyof PersistentVolumeSource)[]).find((one) => spec[one] !== undefined);
  if (name === undefined) out.line(1, '<unknown>');
  else (PRINTERS[name] as (out: IndentedWriter, source: unknown) => void)(out, spec[name]);
}
