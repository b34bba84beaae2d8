/** pkg/apis/rbac/validation/validation.go ValidateRoleBinding. */
import type { FieldError } from '../../api/field.js';
import { validateBinding, validateRbacMeta, validateRbacMetaUpdate, validateRoleRefUpdate } from '../rbac/validation.js';
import type { RoleBinding } from './types.js';

const KINDS = ['Role', 'ClusterRole'];

export function validate({ metadata, roleRef, subjects }: RoleBinding): FieldError[] {
  const errors: FieldError[] = [];
  validateRbacMeta(metadata, true, errors);
  validateBinding(roleRef, subjects ?? [], KINDS, true, errors);
  return errors;
}

export function validateUpdate(binding: RoleBinding, old: RoleBinding): FieldError[] {
  const errors = validate(binding);
  validateRbacMetaUpdate(binding.metadata, old.metadata, errors);
  validateRoleRefUpdate(binding.roleRef, old.roleRef, errors);
  return errors;
}
