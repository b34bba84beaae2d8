import type { Resource } from '../../api/resource.js';
import { controller, overlapController } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { PodDisruptionBudget } from './types.js';
import { view } from './view.js';

export const poddisruptionbudgets: Resource<PodDisruptionBudget> = {
  ...view,
  schema: 'V1PodDisruptionBudget',
  strategy,
  describe,
  controllers: [controller, overlapController],
};
