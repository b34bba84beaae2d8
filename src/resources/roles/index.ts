import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { Role } from './types.js';
import { view } from './view.js';

export const roles: Resource<Role> = { ...view, schema: 'V1Role', strategy, describe };
