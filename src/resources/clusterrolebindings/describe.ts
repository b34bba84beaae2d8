import type { Describer } from '../../api/resource.js';
import { describeBinding } from '../rbac/describe.js';
import type { ClusterRoleBinding } from './types.js';

export const describe: Describer<ClusterRoleBinding> = async (binding, _reader, out) => describeBinding(binding, out);
