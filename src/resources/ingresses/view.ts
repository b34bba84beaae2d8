/** What reading Ingresses takes: printIngress of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, firstThree, nameColumn, textColumn } from '../meta/columns.js';
import type { Ingress } from './types.js';

export const view: ResourceView<Ingress> = {
  names: {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'Ingress',
    plural: 'ingresses',
    singular: 'ingress',
    shortNames: ['ing'],
    namespaced: true,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
    textColumn('Hosts', ({ spec }) =>
      firstThree(
        (spec.rules ?? []).flatMap(({ host }) => (host ? [host] : [])),
        '*',
      ),
    ),
    textColumn('Address', addressesOf),
    textColumn('Ports', ({ spec }) => (spec.tls?.length ? '80, 443' : '80')),
    ageColumn,
  ],
};

/** Of the load balancer, sorted. */
export function addressesOf({ status }: Ingress): string {
  const list = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => (ip ? [ip] : hostname ? [hostname] : []));
  return [...new Set(list)].sort().join(',');
}
