import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import { token } from './token.js';
import type { ServiceAccount } from './types.js';
import { view } from './view.js';

export const serviceaccounts: Resource<ServiceAccount> = { ...view, schema: 'V1ServiceAccount', strategy, describe, subresources: { token } };
