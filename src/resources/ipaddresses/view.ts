/** What reading IPAddresses takes: printIPAddress of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { nameColumn, textColumn } from '../meta/columns.js';
import type { IPAddress } from './types.js';

export const view: ResourceView<IPAddress> = {
  names: {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'IPAddress',
    plural: 'ipaddresses',
    singular: 'ipaddress',
    shortNames: ['ip'],
    namespaced: false,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('ParentRef', ({ spec: { parentRef } }) => {
      if (parentRef === undefined) return '<none>';
      const { group, resource = '', namespace, name = '' } = parentRef;
      return `${resource}${group ? `.${group}` : ''}/${namespace ? `${namespace}/` : ''}${name}`;
    }),
  ],
  selectableFields: {
    'spec.parentRef.group': ({ spec }) => spec.parentRef?.group ?? '',
    'spec.parentRef.resource': ({ spec }) => spec.parentRef?.resource ?? '',
    'spec.parentRef.namespace': ({ spec }) => spec.parentRef?.namespace ?? '',
    'spec.parentRef.name': ({ spec }) => spec.parentRef?.name ?? '',
  },
  indexers: {
    /** By the Service they belong to. */
    service: ({ spec: { parentRef } }) => (parentRef?.resource === 'services' ? [`${parentRef.namespace ?? ''}/${parentRef.name ?? ''}`] : []),
  },
};
