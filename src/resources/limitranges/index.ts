import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { LimitRange } from './types.js';
import { view } from './view.js';

export const limitranges: Resource<LimitRange> = { ...view, schema: 'V1LimitRange', strategy, describe };
