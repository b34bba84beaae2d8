/** pkg/registry/rbac/rolebinding/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { defaultRoleRef, defaultSubjects } from '../rbac/validation.js';
import type { RoleBinding } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<RoleBinding> = {
  defaults: (binding) => ({
    ...binding,
    roleRef: defaultRoleRef(binding.roleRef),
    ...(binding.subjects === undefined ? {} : { subjects: defaultSubjects(binding.subjects) }),
  }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
};
