/** pkg/registry/node/runtimeclass/strategy.go, pkg/api/node/util.go. */
import type { Strategy } from '../../api/resource.js';
import { OLD_NODE_LABELS } from '../pod-template/warnings.js';
import type { RuntimeClass } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<RuntimeClass> = {
  defaults: (runtime) => runtime,
  validate,
  validateUpdate,
  warnings: ({ scheduling }) =>
    Object.keys(scheduling?.nodeSelector ?? {})
      .sort()
      .flatMap((key) => (OLD_NODE_LABELS[key] === undefined ? [] : [`scheduling.nodeSelector: ${OLD_NODE_LABELS[key]}`])),
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
};
