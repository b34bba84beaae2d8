import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { RoleBinding } from './types.js';
import { view } from './view.js';

export const rolebindings: Resource<RoleBinding> = { ...view, schema: 'V1RoleBinding', strategy, describe };
