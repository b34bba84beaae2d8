import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { ServiceCIDR } from './types.js';
import { view } from './view.js';

export const servicecidrs: Resource<ServiceCIDR> = { ...view, schema: 'V1ServiceCIDR', strategy, describe, controllers: [controller] };
