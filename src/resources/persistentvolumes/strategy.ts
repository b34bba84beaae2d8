/** pkg/registry/core/persistentvolume/strategy.go, SetDefaults_PersistentVolume. The protection finalizer is admission's. */
import type { Strategy } from '../../api/resource.js';
import { formatTime } from '../../api/time.js';
import { roundResources } from '../pod-template/round.js';
import { termWarnings } from '../pod-template/warnings.js';
import type { PersistentVolume, PersistentVolumeSpec, VolumeFields } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<PersistentVolume> = {
  defaults,
  prepareForCreate: (volume, { now }) => ({
    ...volume,
    spec: withoutClass(volume.spec),
    status: { phase: 'Pending', lastPhaseTransitionTime: formatTime(now) },
  }),
  prepareForUpdate: (volume, old) => ({ ...volume, spec: withoutClass(volume.spec, old.spec), status: old.status }),
  validate,
  validateUpdate,
  warnings,
  hasGeneration: false,
  hasStatus: true,
  returnsDeletedObject: true,
};

/** The gate VolumeAttributesClass is off. */
function withoutClass(spec: PersistentVolumeSpec, old?: PersistentVolumeSpec): PersistentVolumeSpec {
  if (spec.volumeAttributesClassName === undefined || old?.volumeAttributesClassName !== undefined) return spec;
  const { volumeAttributesClassName: _, ...rest } = spec;
  return rest;
}

function defaults(volume: PersistentVolume): PersistentVolume {
  const { spec = {}, status } = volume;
  return {
    ...volume,
    spec: {
      ...spec,
      ...(spec.capacity === undefined ? {} : { capacity: roundResources(spec.capacity) }),
      ...defaultSource(spec),
      persistentVolumeReclaimPolicy: spec.persistentVolumeReclaimPolicy || 'Retain',
      volumeMode: spec.volumeMode ?? 'Filesystem',
    },
    status: { ...status, phase: status?.phase || 'Pending' },
  };
}

/** SetDefaults of the sources that have any. */
function defaultSource({ hostPath, iscsi, rbd, scaleIO, azureDisk }: PersistentVolumeSpec): Partial<PersistentVolumeSpec> {
  const filled = (given: VolumeFields, values: VolumeFields): VolumeFields => {
    const missing = Object.entries(values).filter(([key]) => given[key] === undefined || given[key] === '');
    return { ...given, ...Object.fromEntries(missing) };
  };
  return {
    ...(hostPath === undefined ? {} : { hostPath: { ...hostPath, type: hostPath.type ?? '' } }),
    ...(iscsi === undefined ? {} : { iscsi: filled(iscsi, { iscsiInterface: 'default' }) }),
    ...(rbd === undefined ? {} : { rbd: filled(rbd, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }) }),
    ...(scaleIO === undefined ? {} : { scaleIO: filled(scaleIO, { storageMode: 'ThinProvisioned', fsType: 'xfs' }) }),
    ...(azureDisk === undefined ? {} : { azureDisk: filled(azureDisk, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false }) }),
  };
}

const OLD_ANNOTATIONS: readonly (readonly [key: string, message: string])[] = [
  ['volume.beta.kubernetes.io/storage-class', 'deprecated since v1.8; use "storageClassName" attribute instead'],
  ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
];

const OLD_SOURCES: readonly (readonly [source: keyof PersistentVolumeSpec, message: string])[] = [
  ['cephfs', 'cephfs: deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'scaleIO: deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'storageOS: deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs: deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'rbd: deprecated in v1.28, non-functional in v1.31+'],
];

/** pkg/api/persistentvolume/util.go. */
function warnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const out: string[] = [];
  for (const [key, message] of OLD_ANNOTATIONS) if (metadata.annotations?.[key] !== undefined) out.push(`metadata.annotations[${key}]: ${message}`);
  if (spec.persistentVolumeReclaimPolicy === 'Recycle')
    out.push('spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.');
  spec.nodeAffinity?.required?.nodeSelectorTerms?.forEach((term, i) => {
    termWarnings(term, false, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`, out);
  });
  for (const [source, message] of OLD_SOURCES) if (spec[source] !== undefined) out.push(`spec.${message}`);
  return out;
}
