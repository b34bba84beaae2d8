import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { IngressClass } from './types.js';
import { view } from './view.js';

export const ingressclasses: Resource<IngressClass> = { ...view, schema: 'V1IngressClass', strategy, describe };
