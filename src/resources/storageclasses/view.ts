/** What reading StorageClasses takes: printStorageClass of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, textColumn } from '../meta/columns.js';
import { isDefaultClass } from '../meta/storage.js';
import type { StorageClass } from './types.js';

export const view: ResourceView<StorageClass> = {
  names: {
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'StorageClass',
    plural: 'storageclasses',
    singular: 'storageclass',
    shortNames: ['sc'],
    namespaced: false,
    categories: [],
  },
  columns: [
    {
      name: 'Name',
      type: 'string',
      format: 'name',
      cell: ({ metadata }) => `${metadata.name}${isDefaultClass(metadata) ? ' (default)' : ''}`,
    },
    textColumn('Provisioner', ({ provisioner }) => provisioner),
    textColumn('ReclaimPolicy', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    textColumn('VolumeBindingMode', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
    { name: 'AllowVolumeExpansion', type: 'string', cell: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false },
    ageColumn,
  ],
};
