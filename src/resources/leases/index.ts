import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { Lease } from './types.js';
import { view } from './view.js';

export const leases: Resource<Lease> = { ...view, schema: 'V1Lease', strategy };
