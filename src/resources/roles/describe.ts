import type { Describer } from '../../api/resource.js';
import { describeRole } from '../rbac/describe.js';
import type { Role } from './types.js';

export const describe: Describer<Role> = async (role, _reader, out) => describeRole(role, out);
