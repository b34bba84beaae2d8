import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { NetworkPolicy } from './types.js';
import { view } from './view.js';

export const networkpolicies: Resource<NetworkPolicy> = { ...view, schema: 'V1NetworkPolicy', strategy, describe };
