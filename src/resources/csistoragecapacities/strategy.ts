/** pkg/registry/storage/csistoragecapacity/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { CSIStorageCapacity } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<CSIStorageCapacity> = {
  defaults: (object) => object,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowUnconditionalUpdate: false,
  returnsDeletedObject: true,
};
