/** What reading NetworkPolicies takes: printNetworkPolicy of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { NetworkPolicy } from './types.js';

export const view: ResourceView<NetworkPolicy> = {
  names: {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    singular: 'networkpolicy',
    shortNames: ['netpol'],
    namespaced: true,
    categories: [],
  },
  columns: [nameColumn, textColumn('Pod-Selector', ({ spec }) => formatLabelSelector(spec.podSelector)), ageColumn],
};
