/** What reading IngressClasses takes: printIngressClass of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { IngressClass } from './types.js';

export const view: ResourceView<IngressClass> = {
  names: {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'IngressClass',
    plural: 'ingressclasses',
    singular: 'ingressclass',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('Controller', ({ spec }) => spec.controller ?? ''),
    textColumn('Parameters', ({ spec: { parameters } }) => {
      if (parameters === undefined) return '<none>';
      return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`;
    }),
    ageColumn,
  ],
};
