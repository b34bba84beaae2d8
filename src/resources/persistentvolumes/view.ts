/** What reading PersistentVolumes takes: printPersistentVolume of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import { formatAccessModes, storageClassOf } from '../meta/storage.js';
import type { PersistentVolume } from './types.js';

export const view: ResourceView<PersistentVolume> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    singular: 'persistentvolume',
    shortNames: ['pv'],
    namespaced: false,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('Capacity', ({ spec }) => spec.capacity?.['storage'] ?? '0'),
    textColumn('Access Modes', ({ spec }) => formatAccessModes(spec.accessModes)),
    textColumn('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ''),
    textColumn('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''))),
    textColumn('Claim', ({ spec: { claimRef } }) => (claimRef === undefined ? '' : `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`)),
    textColumn('StorageClass', (object) => storageClassOf(object)),
    textColumn('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    textColumn('Reason', ({ status }) => status?.reason ?? ''),
    ageColumn,
    textColumn('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>', 1),
  ],
};
