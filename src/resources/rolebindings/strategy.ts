import type { Strategy } from '../../api/resource.js';
import { bindingStrategy } from '../rbac/strategy.js';
import type { RoleBinding } from './types.js';

export const strategy: Strategy<RoleBinding> = bindingStrategy(['Role', 'ClusterRole'], true);
