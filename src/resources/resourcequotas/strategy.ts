/** pkg/registry/core/resourcequota/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { fill, over } from '../pod-template/fill.js';
import { roundResources } from '../pod-template/round.js';
import type { ResourceQuota } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<ResourceQuota> = {
  defaults: (quota) => over(fill(quota, { spec: {}, status: {} }), 'spec', (spec) => over(spec, 'hard', roundResources)),
  prepareForCreate: (quota) => ({ ...quota, status: {} }),
  prepareForUpdate: (quota, old) => ({ ...quota, status: old.status }),
  validate,
  validateUpdate,
  validateStatusUpdate,
  hasGeneration: false,
  hasStatus: true,
  returnsDeletedObject: true,
};
