/** pkg/apis/rbac/validation/validation.go ValidateClusterRole. */
import { type FieldError, index, invalid, required } from '../../api/field.js';
import { validateLabelSelector } from '../meta/labels.js';
import { validateRbacMeta, validateRbacMetaUpdate, validateRules } from '../rbac/validation.js';
import type { ClusterRole } from './types.js';

export function validate(role: ClusterRole): FieldError[] {
  const errors: FieldError[] = [];
  validateRbacMeta(role.metadata, false, errors);
  validateRules(role.rules ?? [], false, errors);
  if (role.aggregationRule !== undefined) {
    const selectors = role.aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0)
      errors.push(required('aggregationRule.clusterRoleSelectors', 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
    selectors.forEach((selector, i) => {
      const path = index('aggregationRule.clusterRoleSelectors', i);
      const before = errors.length;
      validateLabelSelector(selector, path, errors);
      if (errors.length > before) errors.push(invalid(path, null, 'invalid label selector.'));
    });
  }
  return errors;
}

export function validateUpdate(role: ClusterRole, old: ClusterRole): FieldError[] {
  // By the strategy and by the validation of updates.
  const errors = [...validate(role), ...validate(role)];
  validateRbacMetaUpdate(role.metadata, old.metadata, errors);
  return errors;
}
