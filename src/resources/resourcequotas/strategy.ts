/** pkg/registry/core/resourcequota/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { ResourceQuota } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<ResourceQuota> = {
  defaults: (quota) => (quota.spec !== undefined && quota.status !== undefined ? quota : { ...quota, spec: quota.spec ?? {}, status: quota.status ?? {} }),
  prepareForCreate: (quota) => ({ ...quota, status: {} }),
  prepareForUpdate: (quota, old) => ({ ...quota, status: old.status }),
  validate,
  validateUpdate,
  validateStatusUpdate,
  hasGeneration: false,
  hasStatus: true,
  returnsDeletedObject: true,
};
