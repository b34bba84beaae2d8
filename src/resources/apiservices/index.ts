import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { strategy } from './strategy.js';
import type { APIService } from './types.js';
import { view } from './view.js';

export const apiservices: Resource<APIService> = { ...view, schema: 'V1APIService', strategy, controllers: [controller] };
