/** pkg/registry/core/persistentvolume/strategy.go, SetDefaults_PersistentVolume. The protection finalizer is admission's. */
import type { Strategy } from '../../api/resource.js';
import { formatTime } from '../../api/time.js';
import type { PersistentVolume, PersistentVolumeSpec, VolumeFields } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<PersistentVolume> = {
  defaults,
  prepareForCreate: (volume, { now }) => ({ ...volume, status: { phase: 'Pending', lastPhaseTransitionTime: formatTime(now) } }),
  prepareForUpdate: (volume, old) => ({ ...volume, status: old.status }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: true,
  returnsDeletedObject: true,
};

function defaults(volume: PersistentVolume): PersistentVolume {
  const { spec = {}, status } = volume;
  return {
    ...volume,
    spec: {
      ...spec,
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
