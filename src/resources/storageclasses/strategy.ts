/** pkg/registry/storage/storageclass/strategy.go, pkg/apis/storage/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
import type { StorageClass } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<StorageClass> = {
  defaults: (storage) => ({ ...storage, reclaimPolicy: storage.reclaimPolicy ?? 'Delete', volumeBindingMode: storage.volumeBindingMode ?? 'Immediate' }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  returnsDeletedObject: true,
};
