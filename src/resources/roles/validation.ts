/** pkg/apis/rbac/validation/validation.go ValidateRole. */
import type { FieldError } from '../../api/field.js';
import { validateRbacMeta, validateRbacMetaUpdate, validateRules } from '../rbac/validation.js';
import type { Role } from './types.js';

export function validate(role: Role): FieldError[] {
  const errors: FieldError[] = [];
  validateRbacMeta(role.metadata, true, errors);
  validateRules(role.rules ?? [], true, errors);
  return errors;
}

export function validateUpdate(role: Role, old: Role): FieldError[] {
  // By the strategy and by the validation of updates.
  const errors = [...validate(role), ...validate(role)];
  validateRbacMetaUpdate(role.metadata, old.metadata, errors);
  return errors;
}
