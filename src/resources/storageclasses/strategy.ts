/** pkg/registry/storage/storageclass/strategy.go, pkg/api/storage/util.go, pkg/apis/storage/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
import { OLD_NODE_LABELS } from '../pod-template/warnings.js';
import type { StorageClass } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<StorageClass> = {
  defaults: (storage) => ({ ...storage, reclaimPolicy: storage.reclaimPolicy ?? 'Delete', volumeBindingMode: storage.volumeBindingMode ?? 'Immediate' }),
  validate,
  validateUpdate,
  warnings: ({ allowedTopologies = [] }) =>
    allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
      matchLabelExpressions.flatMap(({ key }, j) => {
        const old = OLD_NODE_LABELS[key];
        return old === undefined ? [] : [`allowedTopologies[${i}].matchLabelExpressions[${j}].key: ${old}`];
      }),
    ),
  hasGeneration: false,
  hasStatus: false,
  returnsDeletedObject: true,
};
