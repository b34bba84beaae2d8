/** What reading APIServices takes: kube-aggregator pkg/registry/apiservice/etcd.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { APIService } from './types.js';

export const view: ResourceView<APIService> = {
  names: {
    group: 'apiregistration.k8s.io',
    version: 'v1',
    kind: 'APIService',
    plural: 'apiservices',
    singular: 'apiservice',
    shortNames: [],
    namespaced: false,
    categories: ['api-extensions'],
  },
  columns: [
    nameColumn,
    textColumn('Service', ({ spec: { service } }) => (service === undefined ? 'Local' : `${service.namespace ?? ''}/${service.name ?? ''}`)),
    textColumn('Available', available),
    ageColumn,
  ],
};

function available({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available');
  if (condition === undefined) return 'Unknown';
  return condition.status === 'True' ? condition.status : `${condition.status} (${condition.reason ?? ''})`;
}
