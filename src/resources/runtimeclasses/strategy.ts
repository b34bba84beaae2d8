/** pkg/registry/node/runtimeclass/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { RuntimeClass } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<RuntimeClass> = {
  defaults: (runtime) => runtime,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
};
