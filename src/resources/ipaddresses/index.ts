import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { IPAddress } from './types.js';
import { view } from './view.js';

export const ipaddresses: Resource<IPAddress> = { ...view, schema: 'V1IPAddress', strategy, describe, controllers: [controller] };
