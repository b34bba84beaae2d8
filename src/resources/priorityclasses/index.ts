import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { PriorityClass } from './types.js';
import { view } from './view.js';

export const priorityclasses: Resource<PriorityClass> = { ...view, schema: 'V1PriorityClass', strategy, describe };
