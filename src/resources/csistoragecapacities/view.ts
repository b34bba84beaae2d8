/** What reading CSIStorageCapacities takes: printCSIStorageCapacity of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { nameColumn, textColumn } from '../meta/columns.js';
import type { CSIStorageCapacity } from './types.js';

export const view: ResourceView<CSIStorageCapacity> = {
  names: {
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'CSIStorageCapacity',
    plural: 'csistoragecapacities',
    singular: 'csistoragecapacity',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('StorageClassName', ({ storageClassName }) => storageClassName),
    textColumn('Capacity', ({ capacity }) => capacity ?? '<unset>'),
  ],
};
