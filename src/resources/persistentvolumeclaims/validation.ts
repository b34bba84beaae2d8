/** pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaim. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { compareQuantities, formatQuantity, quantity } from '../../api/quantity.js';
import { goDiff } from '../meta/go-diff.js';
import { validateLabelSelector } from '../meta/labels.js';
import { dnsSubdomain } from '../meta/names.js';
import { validateQuantityValue } from '../meta/resource-names.js';
import { FIELD_IMMUTABLE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { PersistentVolumeClaimSpec } from '../pod-template/types.js';
import type { PersistentVolumeClaim } from './types.js';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const ONLY_BOUND = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

export function validate({ metadata, spec }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateClaimSpec(spec, 'spec', errors);
  return errors;
}

/** Also of volumeClaimTemplates and ephemeral volumes upstream. */
function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string, errors: FieldError[]): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  if (spec.selector !== undefined) validateLabelSelector(spec.selector, `${path}.selector`, errors);
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) errors.push(notSupported(`${path}.accessModes`, mode, ACCESS_MODES));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod'))
    errors.push(forbidden(`${path}.accessModes`, 'may not use ReadWriteOncePod with other access modes'));
  const storage = spec.resources?.requests?.['storage'];
  const at = `${path}.resources[storage]`;
  if (storage === undefined) errors.push(required(at));
  else {
    if (quantity(storage).nano <= 0n) errors.push(invalid(at, formatQuantity(quantity(storage)), 'must be greater than zero'));
    else validateQuantityValue('storage', quantity(storage), at, errors);
  }
  if (spec.storageClassName)
    for (const problem of dnsSubdomain(spec.storageClassName)) errors.push(invalid(`${path}.storageClassName`, spec.storageClassName, problem));
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode)) errors.push(notSupported(`${path}.volumeMode`, spec.volumeMode, VOLUME_MODES));
  for (const field of ['dataSource', 'dataSourceRef'] as const) {
    const source = spec[field];
    if (source === undefined) continue;
    if (!source.name) errors.push(required(`${path}.${field}.name`));
    if (!source.kind) errors.push(required(`${path}.${field}.kind`));
    if (!source.apiGroup && source.kind !== 'PersistentVolumeClaim')
      errors.push(invalid(`${path}.${field}`, source.kind, `must be 'PersistentVolumeClaim' when referencing the default apiGroup`));
  }
}

export function validateUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [...validate(claim)];
  validateObjectMetaUpdate(claim.metadata, old.metadata, errors);
  errors.push(...validate(claim));
  const isBound = old.status?.phase === 'Bound';
  const compared = comparable(claim, old, isBound);
  if (!isSemanticEqual(compared, old.spec)) errors.push(forbidden('spec', `${ONLY_BOUND}\n${goDiff('core.PersistentVolumeClaimSpec', old.spec, compared)}`));
  else if (isBound) {
    const wanted = quantity(claim.spec.resources?.requests?.['storage']);
    const before = quantity(old.spec.resources?.requests?.['storage']);
    const capacity = quantity(old.status.capacity?.['storage']);
    if (compareQuantities(wanted, before) < 0 && compareQuantities(wanted, capacity) < 0)
      errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  }
  if (claim.spec.volumeMode !== old.spec.volumeMode) errors.push(invalid('spec.volumeMode', claim.spec.volumeMode, FIELD_IMMUTABLE));
  return errors;
}

/** The new spec with what may change set to what it was: the volume once, the class once, and the size of a bound claim. */
function comparable({ spec }: PersistentVolumeClaim, { spec: old }: PersistentVolumeClaim, isBound: boolean): PersistentVolumeClaimSpec {
  const { volumeName, storageClassName, resources, ...rest } = spec;
  const before = old.resources?.requests?.['storage'];
  const requests = isBound && before !== undefined ? { ...resources?.requests, storage: before } : resources?.requests;
  const name = old.volumeName ? volumeName : undefined;
  const storage = old.storageClassName === undefined ? undefined : storageClassName;
  return {
    ...rest,
    ...(name === undefined ? {} : { volumeName: name }),
    ...(storage === undefined ? {} : { storageClassName: storage }),
    ...(resources === undefined ? {} : { resources: { ...resources, ...(requests === undefined ? {} : { requests }) } }),
  };
}
