/** What reading Endpoints takes: printEndpoints, formatEndpoints of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, firstThree, nameColumn, textColumn } from '../meta/columns.js';
import type { Endpoints } from './types.js';

export const view: ResourceView<Endpoints> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'Endpoints',
    plural: 'endpoints',
    singular: 'endpoints',
    shortNames: ['ep'],
    namespaced: true,
    categories: [],
    deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  },
  columns: [nameColumn, textColumn('Endpoints', addresses), ageColumn],
};

/** Ready addresses only, so a list of nothing but unready ones prints as an empty cell. */
function addresses({ subsets }: Endpoints): string {
  if (!subsets?.length) return '<none>';
  const list = subsets.flatMap((subset) => {
    const ips = (subset.addresses ?? []).map(({ ip }) => ip);
    return subset.ports?.length ? subset.ports.flatMap(({ port }) => ips.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`)) : ips;
  });
  return firstThree(list, '');
}
