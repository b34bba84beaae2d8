import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { CronJob } from './types.js';
import { view } from './view.js';

export const cronjobs: Resource<CronJob> = {
  ...view,
  schema: 'V1CronJob',
  strategy,
  describe,
  traits: { podTemplate: ['spec', 'jobTemplate', 'spec', 'template'] },
};
