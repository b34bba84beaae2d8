/** What reading EndpointSlices takes: printEndpointSlice of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, firstThree, nameColumn, textColumn } from '../meta/columns.js';
import type { EndpointSlice } from './types.js';

export const view: ResourceView<EndpointSlice> = {
  names: {
    group: 'discovery.k8s.io',
    version: 'v1',
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    singular: 'endpointslice',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('AddressType', ({ addressType }) => addressType),
    textColumn('Ports', ({ ports }) =>
      firstThree(
        (ports ?? []).map(({ port, name }) => (port !== undefined ? String(port) : name || '*')),
        '<unset>',
      ),
    ),
    textColumn('Endpoints', ({ endpoints }) =>
      firstThree(
        (endpoints ?? []).flatMap(({ addresses }) => addresses),
        '<unset>',
      ),
    ),
    ageColumn,
  ],
  indexers: {
    /** By the Service they belong to. */
    service: ({ metadata }) => {
      const service = metadata.labels?.['kubernetes.io/service-name'];
      return service === undefined ? [] : [`${metadata.namespace}/${service}`];
    },
  },
};
