import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { Endpoints } from './types.js';
import { view } from './view.js';

export const endpoints: Resource<Endpoints> = { ...view, schema: 'V1Endpoints', strategy, describe };
