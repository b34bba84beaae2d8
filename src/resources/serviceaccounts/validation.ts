/** pkg/apis/core/validation/validation.go ValidateServiceAccount. */
import type { FieldError } from '../../api/field.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { ServiceAccount } from './types.js';

export function validate({ metadata }: ServiceAccount): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  return errors;
}

export function validateUpdate(account: ServiceAccount, old: ServiceAccount): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(account.metadata, old.metadata, errors);
  return [...errors, ...validate(account)];
}
