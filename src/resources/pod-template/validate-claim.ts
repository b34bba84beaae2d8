/** What a claim asks for: ValidatePersistentVolumeClaimSpec of pkg/apis/core/validation/validation.go. Of claims, and of what makes claims. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { formatQuantity, quantity } from '../../api/quantity.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateAnnotations, validateLabelSelector, validateLabels } from '../meta/labels.js';
import { dnsSubdomain, nameIsLabel } from '../meta/names.js';
import { validateQuantityValue } from '../meta/resource-names.js';
import type { PersistentVolumeClaimSpec, PersistentVolumeClaimTemplate, TypedObjectReference } from './types.js';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

/** Also of persistent volumes. An unknown mode is not counted as another one. */
export function validateAccessModes(modes: readonly string[], path: string, errors: FieldError[]): void {
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) errors.push(notSupported(path, mode, ACCESS_MODES));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode)))
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
}

export function validateVolumeMode(mode: string | undefined, path: string, errors: FieldError[]): void {
  if (mode !== undefined && !VOLUME_MODES.includes(mode)) errors.push(notSupported(path, mode, VOLUME_MODES));
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string, errors: FieldError[]): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  if (spec.selector !== undefined) validateLabelSelector(spec.selector, `${path}.selector`, errors);
  validateAccessModes(modes, `${path}.accessModes`, errors);
  const storage = spec.resources?.requests?.storage;
  const at = `${path}.resources[storage]`;
  if (storage === undefined) errors.push(required(at));
  else {
    if (quantity(storage).nano <= 0n) errors.push(invalid(at, formatQuantity(quantity(storage)), 'must be greater than zero'));
    else validateQuantityValue('storage', quantity(storage), at, errors);
  }
  if (spec.storageClassName)
    for (const problem of dnsSubdomain(spec.storageClassName)) errors.push(invalid(`${path}.storageClassName`, spec.storageClassName, problem));
  validateVolumeMode(spec.volumeMode, `${path}.volumeMode`, errors);
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined) validateReference(dataSource, `${path}.dataSource`, errors);
  if (dataSourceRef !== undefined) {
    const { namespace } = dataSourceRef;
    validateReference(dataSourceRef, `${path}.dataSourceRef`, errors);
    if (namespace) for (const problem of nameIsLabel(namespace, false)) errors.push(invalid(`${path}.dataSourceRef.namespace`, namespace, problem));
  }
  if (dataSource === undefined || dataSourceRef === undefined) return;
  // The value upstream gives is the path itself.
  const misplaced = goBadValue('field.Path', { name: 'dataSource', parent: {} });
  if (dataSourceRef.namespace) errors.push(invalid(path, misplaced, 'may not be specified when dataSourceRef.namespace is specified'));
  else if (!isSemanticEqual(identity(dataSource), identity(dataSourceRef))) errors.push(invalid(path, misplaced, 'must match dataSourceRef'));
}

const identity = ({ apiGroup, kind, name }: TypedObjectReference): object => ({ apiGroup, kind, name });

function validateReference({ name, kind = '', apiGroup }: TypedObjectReference, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${path}.name`));
  if (kind === '') errors.push(required(`${path}.kind`));
  if (!apiGroup && kind !== 'PersistentVolumeClaim') errors.push(invalid(path, kind, `must be 'PersistentVolumeClaim' when referencing the default apiGroup`));
  if (apiGroup) for (const problem of dnsSubdomain(apiGroup)) errors.push(invalid(`${path}.apiGroup`, apiGroup, problem));
}

/** Of metadata what a claim made for a pod cannot have: it is named after pod and volume. In the order of ObjectMeta's fields. */
const NOT_IN_TEMPLATE = [
  ...(['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp'] as const),
  ...(['deletionGracePeriodSeconds', 'ownerReferences', 'finalizers', 'managedFields'] as const),
];

/** ValidatePersistentVolumeClaimTemplate. */
export function validateClaimTemplate({ metadata = {}, spec }: PersistentVolumeClaimTemplate, path: string, errors: FieldError[]): void {
  validateAnnotations(metadata.annotations, `${path}.metadata.annotations`, errors);
  validateLabels(metadata.labels, `${path}.metadata.labels`, errors);
  // Upstream makes the path of the Go name, of which only the first letter becomes small.
  for (const field of NOT_IN_TEMPLATE) if (metadata[field]) errors.push(forbidden(`${path}.metadata.${field === 'uid' ? 'uID' : field}`, 'cannot be set'));
  validateClaimSpec(spec ?? {}, `${path}.spec`, errors);
}
