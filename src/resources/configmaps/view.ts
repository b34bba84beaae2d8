/** What reading ConfigMaps takes: printConfigMap of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn } from '../meta/columns.js';
import type { ConfigMap } from './types.js';

export const view: ResourceView<ConfigMap> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    plural: 'configmaps',
    singular: 'configmap',
    shortNames: ['cm'],
    namespaced: true,
    categories: [],
  },
  columns: [nameColumn, integerColumn('Data', ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length), ageColumn],
};
