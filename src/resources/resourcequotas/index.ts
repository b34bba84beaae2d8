import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { ResourceQuota } from './types.js';
import { view } from './view.js';

export const resourcequotas: Resource<ResourceQuota> = { ...view, schema: 'V1ResourceQuota', strategy, describe, controllers: [controller] };
