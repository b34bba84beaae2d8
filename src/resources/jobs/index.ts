import type { Resource } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { orphanController, ttlController } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { Job } from './types.js';
import { view } from './view.js';

export const jobs: Resource<Job> = {
  ...view,
  schema: 'V1Job',
  strategy,
  describe,
  controllers: [orphanController, ttlController],
  traits: { podTemplate: ['spec', 'template'], podSelector: ({ spec }) => formatSelector(selectorOf(spec.selector) ?? []) },
};
