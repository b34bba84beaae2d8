/** What reading ClusterRoleBindings takes: printClusterRoleBinding of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { bindingColumns } from '../rbac/columns.js';
import type { ClusterRoleBinding } from './types.js';

export const view: ResourceView<ClusterRoleBinding> = {
  names: {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    singular: 'clusterrolebinding',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: bindingColumns,
};
