/** pkg/apis/rbac/validation/validation.go ValidateClusterRoleBinding. */
import type { FieldError } from '../../api/field.js';
import { validateBinding, validateRbacMeta, validateRbacMetaUpdate, validateRoleRefUpdate } from '../rbac/validation.js';
import type { ClusterRoleBinding } from './types.js';

const KINDS = ['ClusterRole'];

export function validate({ metadata, roleRef, subjects }: ClusterRoleBinding): FieldError[] {
  const errors: FieldError[] = [];
  validateRbacMeta(metadata, false, errors);
  validateBinding(roleRef, subjects ?? [], KINDS, false, errors);
  return errors;
}

export function validateUpdate(binding: ClusterRoleBinding, old: ClusterRoleBinding): FieldError[] {
  const errors = validate(binding);
  validateRbacMetaUpdate(binding.metadata, old.metadata, errors);
  validateRoleRefUpdate(binding.roleRef, old.roleRef, errors);
  return errors;
}
