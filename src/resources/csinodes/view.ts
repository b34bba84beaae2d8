/** What reading CSINodes takes: printCSINode of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn } from '../meta/columns.js';
import type { CSINode } from './types.js';

export const view: ResourceView<CSINode> = {
  names: {
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'CSINode',
    plural: 'csinodes',
    singular: 'csinode',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: [nameColumn, integerColumn('Drivers', ({ spec }) => spec.drivers?.length ?? 0), ageColumn],
};
