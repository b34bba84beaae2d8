/** What reading RuntimeClasses takes: printRuntimeClass of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { RuntimeClass } from './types.js';

export const view: ResourceView<RuntimeClass> = {
  names: {
    group: 'node.k8s.io',
    version: 'v1',
    kind: 'RuntimeClass',
    plural: 'runtimeclasses',
    singular: 'runtimeclass',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: [nameColumn, textColumn('Handler', ({ handler }) => handler), ageColumn],
};
