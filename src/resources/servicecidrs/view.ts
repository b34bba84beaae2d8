/** What reading ServiceCIDRs takes: printServiceCIDR of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { ServiceCIDR } from './types.js';

export const view: ResourceView<ServiceCIDR> = {
  names: {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'ServiceCIDR',
    plural: 'servicecidrs',
    singular: 'servicecidr',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: [nameColumn, textColumn('CIDRs', ({ spec }) => (spec.cidrs ?? []).join(',')), ageColumn],
};
