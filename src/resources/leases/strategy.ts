/** pkg/registry/coordination/lease/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { Lease } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<Lease> = {
  defaults: (lease) => (lease.spec === undefined ? { ...lease, spec: {} } : lease),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
};
