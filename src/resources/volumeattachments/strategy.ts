/** pkg/registry/storage/volumeattachment/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { VolumeAttachment } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<VolumeAttachment> = {
  defaults: (attachment) => ({ ...attachment, status: attachment.status ?? { attached: false } }),
  prepareForCreate: (attachment) => ({ ...attachment, status: { attached: false } }),
  prepareForUpdate: (attachment, old) => ({ ...attachment, status: old.status }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: true,
  allowUnconditionalUpdate: false,
  returnsDeletedObject: true,
};
