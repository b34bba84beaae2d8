/** What reading PersistentVolumeClaims takes: printPersistentVolumeClaim of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import { formatAccessModes, storageClassOf } from '../meta/storage.js';
import type { PersistentVolumeClaim } from './types.js';

export const view: ResourceView<PersistentVolumeClaim> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    singular: 'persistentvolumeclaim',
    shortNames: ['pvc'],
    namespaced: true,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''))),
    textColumn('Volume', ({ spec }) => spec.volumeName ?? ''),
    textColumn('Capacity', ({ spec, status }) => (spec.volumeName ? (status?.capacity?.['storage'] ?? '0') : '')),
    textColumn('Access Modes', ({ spec, status }) => (spec.volumeName ? formatAccessModes(status?.accessModes) : '')),
    textColumn('StorageClass', (object) => storageClassOf(object)),
    textColumn('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    ageColumn,
    textColumn('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>', 1),
  ],
};
