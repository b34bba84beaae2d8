/** pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaim. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, goSyntax, invalid, mapKey, notSupported, required } from '../../api/field.js';
import { compareQuantities, quantity, quantityValue } from '../../api/quantity.js';
import { goDiff } from '../meta/go/diff.js';
import { qualifiedName } from '../meta/names.js';
import { isNativeResource, validateQuantityValue } from '../meta/resource-names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { PersistentVolumeClaimSpec } from '../pod-template/types.js';
import { validateClaimSpec } from '../pod-template/validate-claim.js';
import type { PersistentVolumeClaim } from './types.js';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';
const ONLY_BOUND = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

export function validate({ metadata, spec }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateClaimSpec(spec, 'spec', errors);
  return errors;
}

export function validateUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [...validate(claim)];
  validateObjectMetaUpdate(claim.metadata, old.metadata, errors);
  errors.push(...validate(claim));
  const was = withVolume(claim, old);
  const now = comparable(claim, old);
  const beta = claim.metadata.annotations?.[BETA_CLASS] ?? '';
  const betaWas = old.metadata.annotations?.[BETA_CLASS] ?? '';
  if (!hasClassFromAnnotation(claim, old)) validateImmutable(beta, betaWas, `metadata.annotations.${BETA_CLASS}`, errors);
  if (!isSemanticEqual(now, was)) errors.push(forbidden('spec', `${ONLY_BOUND}\n${goDiff('PersistentVolumeClaimSpec', was, now)}`));
  const size = quantity(claim.spec.resources?.requests?.['storage']);
  if (
    compareQuantities(size, quantity(old.spec.resources?.requests?.['storage'])) < 0 &&
    compareQuantities(size, quantity(old.status.capacity?.['storage'])) <= 0
  )
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  validateImmutable(claim.spec.volumeMode, old.spec.volumeMode, 'volumeMode', errors);
  return errors;
}

/** The class that an annotation told is told by the spec now. */
function hasClassFromAnnotation({ metadata, spec }: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const was = old.metadata.annotations?.[BETA_CLASS];
  const now = metadata.annotations?.[BETA_CLASS];
  return was !== undefined && old.spec.storageClassName === undefined && spec.storageClassName === was && (now === undefined || now === was);
}

/** A claim gets its volume's name once. */
function withVolume({ spec }: PersistentVolumeClaim, { spec: old }: PersistentVolumeClaim): PersistentVolumeClaimSpec {
  return !old.volumeName && spec.volumeName ? { ...old, volumeName: spec.volumeName } : old;
}

/** The new spec with what may change set to what it was: the class once, and the size of a bound claim. */
function comparable({ spec }: PersistentVolumeClaim, { metadata, spec: old, status }: PersistentVolumeClaim): PersistentVolumeClaimSpec {
  const { storageClassName, resources, ...rest } = spec;
  const { requests } = resources ?? {};
  const beta = metadata.annotations?.[BETA_CLASS];
  const storage = old.resources?.requests?.['storage'] ?? '0';
  return {
    ...rest,
    ...(storageClassName === undefined || (old.storageClassName === undefined && storageClassName === (beta ?? storageClassName)) ? {} : { storageClassName }),
    resources: { ...resources, ...(status?.phase === 'Bound' && requests !== undefined ? { requests: { ...requests, storage } } : {}) },
  };
}

const RESIZE_STATUSES: readonly string[] = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

export function validateStatusUpdate({ spec, status }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const { capacity = {}, allocatedResources = {}, allocatedResourceStatuses = {} } = status ?? {};
  if (!spec.accessModes?.length) errors.push(required('Spec.accessModes'));
  for (const name of Object.keys(capacity).sort()) validateNotNegative(capacity[name], mapKey('status.capacity', name), errors);
  for (const name of Object.keys(allocatedResourceStatuses).sort()) {
    validateClaimResource(name, 'status.allocatedResourceStatus', errors);
    if (!RESIZE_STATUSES.includes(allocatedResourceStatuses[name] ?? ''))
      errors.push(notSupported('status.allocatedResourceStatus', goSyntax(name), RESIZE_STATUSES));
  }
  for (const name of Object.keys(allocatedResources).sort()) {
    const before = errors.length;
    validateClaimResource(name, 'status.allocatedResources', errors);
    if (errors.length > before) continue;
    const path = mapKey('status.allocatedResources', name);
    if (!validateNotNegative(allocatedResources[name], path, errors)) continue;
    validateQuantityValue('storage', quantity(allocatedResources[name]), path, errors);
  }
  return errors;
}

function validateNotNegative(value: string | undefined, path: string, errors: FieldError[]): boolean {
  const isNegative = quantity(value).nano < 0n;
  if (isNegative) errors.push(invalid(path, quantityValue(quantity(value)), 'must be a valid resource quantity'));
  return !isNegative;
}

function validateClaimResource(name: string, path: string, errors: FieldError[]): void {
  const problems = qualifiedName(name);
  for (const problem of problems) errors.push(invalid(path, name, problem));
  if (problems.length === 0 && isNativeResource(name) && name !== 'storage') errors.push(notSupported(path, name, ['storage']));
}
