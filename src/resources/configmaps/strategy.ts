/** pkg/registry/core/configmap/strategy.go. Nothing is defaulted. */
import type { Strategy } from '../../api/resource.js';
import type { ConfigMap } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<ConfigMap> = {
  defaults: (config) => config,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
};
