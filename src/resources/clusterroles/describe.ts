import type { Describer } from '../../api/resource.js';
import { describeRole } from '../rbac/describe.js';
import type { ClusterRole } from './types.js';

export const describe: Describer<ClusterRole> = async (role, _reader, out) => describeRole(role, out);
