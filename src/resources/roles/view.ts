/** What reading Roles takes. They have no printer of their own. */
import type { ResourceView } from '../../api/resource.js';
import { defaultColumns } from '../meta/columns.js';
import type { Role } from './types.js';

export const view: ResourceView<Role> = {
  names: {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'Role',
    plural: 'roles',
    singular: 'role',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: defaultColumns,
};
