/** pkg/registry/policy/poddisruptionbudget/strategy.go. Nothing is defaulted. */
import type { Strategy } from '../../api/resource.js';
import type { PodDisruptionBudget } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<PodDisruptionBudget> = {
  defaults: (budget) => (budget.spec === undefined ? { ...budget, spec: {} } : budget),
  prepareForCreate: (budget) => ({ ...budget, status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 } }),
  validate,
  validateUpdate,
  validateStatusUpdate,
  hasGeneration: true,
  hasStatus: true,
  allowUnconditionalUpdate: false,
};
