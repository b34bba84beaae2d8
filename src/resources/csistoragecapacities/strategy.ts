/** pkg/registry/storage/csistoragecapacity/strategy.go, pkg/api/node/util.go. */
import type { Strategy } from '../../api/resource.js';
import { OLD_NODE_LABELS } from '../pod-template/warnings.js';
import type { CSIStorageCapacity } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<CSIStorageCapacity> = {
  defaults: (object) => object,
  validate,
  validateUpdate,
  warnings: ({ nodeTopology: { matchExpressions = [], matchLabels = {} } = {} }) => [
    ...matchExpressions.flatMap(({ key }, i) =>
      OLD_NODE_LABELS[key] === undefined ? [] : [`nodeTopology.matchExpressions[${i}].key: ${key} is ${OLD_NODE_LABELS[key]}`],
    ),
    ...Object.keys(matchLabels)
      .sort()
      .flatMap((key) => (OLD_NODE_LABELS[key] === undefined ? [] : [`nodeTopology.matchLabels.${key}: ${OLD_NODE_LABELS[key]}`])),
  ],
  hasGeneration: false,
  hasStatus: false,
  allowUnconditionalUpdate: false,
  returnsDeletedObject: true,
};
