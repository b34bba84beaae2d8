/** pkg/registry/scheduling/priorityclass/strategy.go, pkg/apis/scheduling/v1/defaults.go. One default at most: admission's affair. */
import type { Strategy } from '../../api/resource.js';
import type { PriorityClass } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<PriorityClass> = {
  defaults: (priority) => ({ ...priority, value: priority.value ?? 0, preemptionPolicy: priority.preemptionPolicy ?? 'PreemptLowerPriority' }),
  validate,
  validateUpdate,
  // The first is the only one: no update makes another.
  prepareForCreate: (priority) => ({ ...priority, metadata: { ...priority.metadata, generation: 1 } }),
  hasGeneration: false,
  hasStatus: false,
};
