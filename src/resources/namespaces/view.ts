/** What reading Namespaces takes: printNamespace of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { Namespace } from './types.js';

export const view: ResourceView<Namespace> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'Namespace',
    plural: 'namespaces',
    singular: 'namespace',
    shortNames: ['ns'],
    namespaced: false,
    categories: [],
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  },
  columns: [nameColumn, textColumn('Status', ({ status }) => status?.phase ?? ''), ageColumn],
  selectableFields: {
    'status.phase': ({ status }) => status?.phase ?? '',
  },
};
