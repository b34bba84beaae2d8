/** What reading ClusterRoles takes. They have no printer of their own. */
import type { ResourceView } from '../../api/resource.js';
import { defaultColumns } from '../meta/columns.js';
import type { ClusterRole } from './types.js';

export const view: ResourceView<ClusterRole> = {
  names: {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'ClusterRole',
    plural: 'clusterroles',
    singular: 'clusterrole',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: defaultColumns,
};
