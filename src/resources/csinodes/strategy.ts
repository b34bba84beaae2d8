/** pkg/registry/storage/csinode/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { CSINode } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<CSINode> = {
  defaults: (node) => ({ ...node, spec: { ...node.spec, drivers: node.spec?.drivers?.length ? node.spec.drivers : null } }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowUnconditionalUpdate: false,
  returnsDeletedObject: true,
};
