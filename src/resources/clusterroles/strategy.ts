/** pkg/registry/rbac/clusterrole/strategy.go. `rules` has no omitempty, and storing forgets the difference between none and null. Escalation is the authorizer's affair. */
import type { Strategy } from '../../api/resource.js';
import type { ClusterRole } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<ClusterRole> = {
  defaults: (role) => role,
  prepareForCreate: withNull,
  prepareForUpdate: withNull,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
};

function withNull(role: ClusterRole): ClusterRole {
  return role.rules?.length ? role : { ...role, rules: null };
}
