/** pkg/registry/rbac/clusterrole/strategy.go. `rules` has no omitempty. Escalation is the authorizer's affair. */
import type { Strategy } from '../../api/resource.js';
import type { ClusterRole } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<ClusterRole> = {
  defaults: (role) => (role.rules === undefined ? { ...role, rules: null } : role),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
};
