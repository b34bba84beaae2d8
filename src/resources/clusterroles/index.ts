import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { ClusterRole } from './types.js';
import { view } from './view.js';

export const clusterroles: Resource<ClusterRole> = { ...view, schema: 'V1ClusterRole', strategy, describe, controllers: [controller] };
