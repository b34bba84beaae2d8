import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { Ingress } from './types.js';
import { view } from './view.js';

export const ingresses: Resource<Ingress> = { ...view, schema: 'V1Ingress', strategy, describe, controllers: [controller] };
