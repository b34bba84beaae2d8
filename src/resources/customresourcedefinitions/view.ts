/** What reading CustomResourceDefinitions takes. They have no printer of their own. */
import type { ResourceView } from '../../api/resource.js';
import { defaultColumns } from '../meta/columns.js';
import type { CustomResourceDefinition } from './types.js';

export const view: ResourceView<CustomResourceDefinition> = {
  names: {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    singular: 'customresourcedefinition',
    shortNames: ['crd', 'crds'],
    namespaced: false,
    categories: ['api-extensions'],
  },
  columns: defaultColumns,
};
