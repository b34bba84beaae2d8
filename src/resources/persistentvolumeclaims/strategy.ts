/** pkg/registry/core/persistentvolumeclaim/strategy.go, SetDefaults_PersistentVolumeClaim. Default class and protection finalizer are admission's. */
import type { Strategy } from '../../api/resource.js';
import { roundRequirements } from '../pod-template/round.js';
import type { PersistentVolumeClaimSpec } from '../pod-template/types.js';
import { claimSpecWarnings } from '../pod-template/warnings.js';
import type { PersistentVolumeClaim } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const strategy: Strategy<PersistentVolumeClaim> = {
  defaults: (claim) => {
    const { spec = {}, status } = claim;
    return {
      ...claim,
      spec: { ...spec, resources: roundRequirements(spec.resources ?? {}), volumeMode: spec.volumeMode ?? 'Filesystem', ...withApiGroups(spec) },
      status: { ...status, phase: status?.phase || 'Pending' },
    };
  },
  prepareForCreate: (claim) => ({ ...claim, spec: normalizeSources(claim.spec), status: { phase: 'Pending' } }),
  prepareForUpdate: (claim, old) => ({ ...claim, spec: normalizeSources(claim.spec, old.spec), status: old.status }),
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings: ({ metadata, spec }) => [
    ...(metadata.annotations?.[BETA_CLASS] === undefined
      ? []
      : [`metadata.annotations[${BETA_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`]),
    ...claimSpecWarnings(spec, 'spec'),
  ],
  hasGeneration: false,
  hasStatus: true,
  returnsDeletedObject: true,
};

/** References without a group show it as null: its JSON tag has no omitempty. */
function withApiGroups({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec): Partial<PersistentVolumeClaimSpec> {
  const shown = <T extends { readonly apiGroup?: string }>(reference: T): T => ({ ...reference, apiGroup: reference.apiGroup ?? null });
  return {
    ...(dataSource === undefined ? {} : { dataSource: shown(dataSource) }),
    ...(dataSourceRef === undefined ? {} : { dataSourceRef: shown(dataSourceRef) }),
  };
}

/** DropDisabledFields, EnforceDataSourceBackwardsCompatibility and NormalizeDataSources: the older field and the newer say the same. */
function normalizeSources(spec: PersistentVolumeClaimSpec, old?: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSource, dataSourceRef: given, volumeAttributesClassName, ...others } = spec;
  // Of another namespace: the gate CrossNamespaceVolumeDataSource is off, as VolumeAttributesClass is.
  const rest = old?.volumeAttributesClassName === undefined || volumeAttributesClassName === undefined ? others : { ...others, volumeAttributesClassName };
  const dataSourceRef = given?.namespace && old?.dataSourceRef === undefined ? undefined : given;
  const isKnown =
    dataSource !== undefined &&
    ((dataSource.kind === 'PersistentVolumeClaim' && !dataSource.apiGroup) ||
      (dataSource.kind === 'VolumeSnapshot' && dataSource.apiGroup === 'snapshot.storage.k8s.io'));
  // What was accepted once, or comes with the newer field, is left to validation.
  const isKept = isKnown || dataSourceRef !== undefined || old?.dataSource !== undefined || old?.dataSourceRef !== undefined;
  const source = isKept ? dataSource : undefined;
  if (source !== undefined) return { ...rest, dataSource: source, dataSourceRef: dataSourceRef ?? source };
  if (dataSourceRef === undefined) return rest;
  return dataSourceRef.namespace ? { ...rest, dataSourceRef } : { ...rest, dataSource: dataSourceRef, dataSourceRef };
}
