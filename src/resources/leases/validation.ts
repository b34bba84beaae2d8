/** pkg/apis/coordination/validation/validation.go. */
import { type FieldError, invalid } from '../../api/field.js';
import { NOT_NEGATIVE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Lease } from './types.js';

export function validate({ metadata, spec }: Lease): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true, qualifiedFinalizers: false }, errors);
  validateSpec(spec, errors);
  return errors;
}

export function validateUpdate(lease: Lease, old: Lease): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(lease.metadata, old.metadata, errors, 'metadata', false);
  validateSpec(lease.spec, errors);
  return errors;
}

function validateSpec(spec: Lease['spec'], errors: FieldError[]): void {
  const { leaseDurationSeconds, leaseTransitions } = spec ?? {};
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    errors.push(invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'));
  if (leaseTransitions !== undefined && leaseTransitions < 0) errors.push(invalid('spec.leaseTransitions', leaseTransitions, NOT_NEGATIVE));
}
