/** What reading ServiceAccounts takes: printServiceAccount of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn } from '../meta/columns.js';
import type { ServiceAccount } from './types.js';

export const view: ResourceView<ServiceAccount> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    singular: 'serviceaccount',
    shortNames: ['sa'],
    namespaced: true,
    categories: [],
  },
  columns: [nameColumn, integerColumn('Secrets', ({ secrets }) => secrets?.length ?? 0), ageColumn],
};
