/** What reading VolumeAttributesClasses takes: printVolumeAttributesClass of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { VolumeAttributesClass } from './types.js';

export const view: ResourceView<VolumeAttributesClass> = {
  names: {
    group: 'storage.k8s.io',
    version: 'v1beta1',
    kind: 'VolumeAttributesClass',
    plural: 'volumeattributesclasses',
    singular: 'volumeattributesclass',
    shortNames: ['vac'],
    namespaced: false,
    categories: [],
  },
  columns: [nameColumn, textColumn('DriverName', ({ driverName }) => driverName), ageColumn],
};
