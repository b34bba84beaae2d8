/** core/v1 PersistentVolume (k8s.io/api/core/v1). */
import type { KubeObject } from '../../api/object.js';
import type { ObjectReference } from '../events/types.js';
import type { NodeSelector } from '../pod-template/types.js';

export interface PersistentVolume extends KubeObject {
  readonly spec: PersistentVolumeSpec;
  readonly status: PersistentVolumeStatus;
}

export interface PersistentVolumeSpec extends PersistentVolumeSource {
  readonly capacity?: Readonly<Record<string, string>>;
  readonly accessModes?: readonly string[];
  readonly persistentVolumeReclaimPolicy?: string;
  readonly storageClassName?: string;
  readonly volumeMode?: string;
  readonly claimRef?: ObjectReference;
  readonly mountOptions?: readonly string[];
  readonly nodeAffinity?: { readonly required?: NodeSelector };
  readonly volumeAttributesClassName?: string;
}

/** One of them is set. Those without a rule or a default of their own here are kept as they are. */
export interface PersistentVolumeSource {
  readonly hostPath?: { readonly path?: string; readonly type?: string };
  readonly local?: { readonly path?: string; readonly fsType?: string };
  readonly nfs?: { readonly server?: string; readonly path?: string; readonly readOnly?: boolean };
  readonly csi?: CSISource;
  readonly iscsi?: VolumeFields;
  readonly rbd?: VolumeFields;
  readonly scaleIO?: VolumeFields;
  readonly azureDisk?: VolumeFields;
  readonly gcePersistentDisk?: VolumeFields;
  readonly awsElasticBlockStore?: VolumeFields;
  readonly glusterfs?: VolumeFields;
  readonly cinder?: VolumeFields;
  readonly cephfs?: VolumeFields;
  readonly fc?: VolumeFields;
  readonly flocker?: VolumeFields;
  readonly flexVolume?: VolumeFields;
  readonly azureFile?: VolumeFields;
  readonly vsphereVolume?: VolumeFields;
  readonly quobyte?: VolumeFields;
  readonly photonPersistentDisk?: VolumeFields;
  readonly portworxVolume?: VolumeFields;
  readonly storageos?: VolumeFields;
}

export type VolumeFields = Readonly<Record<string, unknown>>;

export interface CSISource {
  readonly driver?: string;
  readonly volumeHandle?: string;
  readonly fsType?: string;
  readonly readOnly?: boolean;
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  readonly controllerPublishSecretRef?: SecretReference;
  readonly controllerExpandSecretRef?: SecretReference;
  readonly nodePublishSecretRef?: SecretReference;
  readonly nodeExpandSecretRef?: SecretReference;
}

export interface SecretReference {
  readonly name?: string;
  readonly namespace?: string;
}

export interface PersistentVolumeStatus {
  readonly phase?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly lastPhaseTransitionTime?: string;
}
