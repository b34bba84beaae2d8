/** What reading RoleBindings takes: printRoleBinding of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { bindingColumns } from '../rbac/columns.js';
import type { RoleBinding } from './types.js';

export const view: ResourceView<RoleBinding> = {
  names: {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'RoleBinding',
    plural: 'rolebindings',
    singular: 'rolebinding',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: bindingColumns,
};
