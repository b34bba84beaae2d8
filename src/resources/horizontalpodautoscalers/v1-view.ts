/** autoscaling/v1: the same objects, as far as the older version can say what they are. */
import type { ResourceView } from '../../api/resource.js';
import type { HorizontalPodAutoscaler } from './types.js';
import { fromStored, toStored } from './v1-conversion.js';
import { view as v2 } from './view.js';

export const view: ResourceView<HorizontalPodAutoscaler> = {
  ...v2,
  names: { ...v2.names, version: 'v1' },
  storedAs: { resource: 'horizontalpodautoscalers.autoscaling', fromStored, toStored },
};
