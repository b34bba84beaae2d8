import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { ClusterRoleBinding } from './types.js';
import { view } from './view.js';

export const clusterrolebindings: Resource<ClusterRoleBinding> = { ...view, schema: 'V1ClusterRoleBinding', strategy, describe };
