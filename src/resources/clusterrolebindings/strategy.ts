import type { Strategy } from '../../api/resource.js';
import { bindingStrategy } from '../rbac/strategy.js';
import type { ClusterRoleBinding } from './types.js';

export const strategy: Strategy<ClusterRoleBinding> = bindingStrategy(['ClusterRole'], false);
