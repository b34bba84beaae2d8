import type { Describer } from '../../api/resource.js';
import { describeBinding } from '../rbac/describe.js';
import type { RoleBinding } from './types.js';

export const describe: Describer<RoleBinding> = async (binding, _reader, out) => describeBinding(binding, out);
