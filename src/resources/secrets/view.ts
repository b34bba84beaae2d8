/** What reading Secrets takes: printSecret of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { Secret } from './types.js';

export const view: ResourceView<Secret> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'Secret',
    plural: 'secrets',
    singular: 'secret',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: [nameColumn, textColumn('Type', ({ type }) => type ?? ''), integerColumn('Data', ({ data }) => Object.keys(data ?? {}).length), ageColumn],
  selectableFields: { type: ({ type }) => type ?? '' },
};
