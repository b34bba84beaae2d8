import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { HorizontalPodAutoscaler } from './types.js';
import { view as v1View } from './v1-view.js';
import { view } from './view.js';

export const horizontalpodautoscalers: Resource<HorizontalPodAutoscaler> = { ...view, schema: 'V2HorizontalPodAutoscaler', strategy, describe };
/** autoscaling/v1. */
export const horizontalpodautoscalersV1: Resource<HorizontalPodAutoscaler> = { ...v1View, schema: 'V1HorizontalPodAutoscaler', strategy, describe };
