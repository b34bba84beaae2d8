/** Whether what stands behind an APIService is there: kube-aggregator pkg/controllers/status/remote/remote_available_controller.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { keyOf, type ObjectKey } from '../../api/object.js';
import type { Reconciler, Watch } from '../../api/reconciler.js';
import { formatTime } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import type { Endpoints } from '../endpoints/types.js';
import type { Service } from '../services/types.js';
import type { APIService, APIServiceCondition } from './types.js';

const ID = 'apiservices.apiregistration.k8s.io';
/** The only group besides its own that this API server answers for. */
const METRICS = 'v1beta1.metrics.k8s.io';
const NONE: readonly ObjectKey[] = [];

/** An APIService's name, and its Service's or that one's Endpoints'. */
const backend = (resource: 'services' | 'endpoints'): Watch => ({
  resource,
  keys: ({ object: { metadata } }, api) =>
    api
      .list<APIService>(ID)
      .filter(({ spec: { service } }) => service?.name === metadata.name && service?.namespace === metadata.namespace)
      .map(keyOf),
});

export const controller: Reconciler = {
  name: 'apiservice-availability',
  watches: [
    { resource: ID, keys: ({ type, object }) => (type === 'DELETED' || (object as APIService).spec.service === undefined ? NONE : [keyOf(object)]) },
    backend('services'),
    backend('endpoints'),
  ],
  reconcile(key, { api, now }) {
    const service = api.get<APIService>(ID, key);
    if (service?.spec.service === undefined) return undefined;
    const found = verdict(service, api);
    const old = service.status.conditions?.find(({ type }) => type === 'Available');
    const lastTransitionTime = old?.status === found.status ? old.lastTransitionTime : formatTime(now);
    const condition: APIServiceCondition = { type: 'Available', ...found, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) };
    const others = service.status.conditions?.filter(({ type }) => type !== 'Available') ?? [];
    const status = { conditions: [...others, condition] };
    if (!isSemanticEqual(status, service.status)) api.updateStatus(ID, { ...service, status }, { fieldManager: 'kube-apiserver' });
    return undefined;
  },
};

function verdict({ metadata, spec }: APIService, api: Api): Pick<APIServiceCondition, 'status' | 'reason' | 'message'> {
  const { namespace = '', name = '', port = 443 } = spec.service ?? {};
  const no = (reason: string, message: string) => ({ status: 'False', reason, message });
  const place = `service/${name} in "${namespace}"`;
  const service = api.get<Service>('services', { namespace, name });
  if (service === undefined) return no('ServiceNotFound', `${place} is not present`);
  if (service.spec.type === 'ClusterIP') {
    const its = service.spec.ports?.find((one) => one.port === port);
    if (its === undefined) return no('ServicePortError', `${place} is not listening on port ${port}`);
    const endpoints = api.get<Endpoints>('endpoints', { namespace, name });
    if (endpoints === undefined) return no('EndpointsNotFound', `cannot find endpoints for ${place}`);
    const portName = its.name ?? '';
    if (!endpoints.subsets?.some(({ addresses = [], ports = [] }) => addresses.length > 0 && ports.some((one) => (one.name ?? '') === portName)))
      return no('MissingEndpoints', `endpoints for ${place} have no addresses with port name "${portName}"`);
  }
  // Containers speak no API: of what they serve only the metrics are answered, by this API server.
  if (metadata.name === METRICS) return { status: 'True', reason: 'Passed', message: 'all checks passed' };
  const url = `https://${service.spec.clusterIP}:${port}/apis/${spec.group}/${spec.version}`;
  return no('FailedDiscoveryCheck', `failing or missing response from ${url}: bad status from ${url}: 404`);
}
