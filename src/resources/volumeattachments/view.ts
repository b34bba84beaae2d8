/** What reading VolumeAttachments takes: printVolumeAttachment of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { VolumeAttachment } from './types.js';

export const view: ResourceView<VolumeAttachment> = {
  names: {
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'VolumeAttachment',
    plural: 'volumeattachments',
    singular: 'volumeattachment',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('Attacher', ({ spec }) => spec.attacher),
    textColumn('PV', ({ spec }) => spec.source.persistentVolumeName ?? ''),
    textColumn('Node', ({ spec }) => spec.nodeName),
    { name: 'Attached', type: 'boolean', cell: ({ status }) => status?.attached ?? false },
    ageColumn,
  ],
};
