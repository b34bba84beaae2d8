/** pkg/registry/storage/volumeattributesclass/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { VolumeAttributesClass } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<VolumeAttributesClass> = {
  defaults: (object) => object,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  returnsDeletedObject: true,
};
