import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { EndpointSlice } from './types.js';
import { view } from './view.js';

export const endpointslices: Resource<EndpointSlice> = { ...view, schema: 'V1EndpointSlice', strategy, describe };
