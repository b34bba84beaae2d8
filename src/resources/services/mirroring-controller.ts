/** Endpoints made by hand → EndpointSlices: pkg/controller/endpointslicemirroring. */

import { isSemanticEqual } from '../../api/equality.js';
import { keyOf, type ObjectKey } from '../../api/object.js';
import type { Context, Reconciler } from '../../api/reconciler.js';
import type { WatchEvent } from '../../api/verbs.js';
import { controllerReference, ownedBy } from '../../controllers/owned.js';
import type { EndpointAddress, EndpointSubset, Endpoints } from '../endpoints/types.js';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from '../endpointslices/types.js';
import { hasBackends, TRIGGER_TIME } from './backends.js';
import { slicePortsInOrder } from './port-order.js';
import type { Service } from './types.js';

const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const SKIP = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const FAMILIES = ['IPv4', 'IPv6'] as const;
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

export const mirroringController: Reconciler = {
  name: 'endpoint-slice-mirroring-controller',
  watches: [
    { resource: 'endpoints', keys: mirrored },
    { resource: 'services', keys: ({ object }) => [keyOf(object)] },
  ],
  reconcile: (key, context) => {
    const endpoints = context.api.get<Endpoints>('endpoints', key);
    if (endpoints !== undefined) mirror(endpoints, context.api.get<Service>('services', key), context);
    return undefined;
  },
};

/** Those of the other controller are not for here. */
function mirrored({ type, object }: WatchEvent): readonly ObjectKey[] {
  return type === 'DELETED' || object.metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller' ? [] : [keyOf(object)];
}

function mirror(endpoints: Endpoints, service: Service | undefined, { api }: Context): void {
  const { labels = {}, annotations = {} } = endpoints.metadata;
  const isWanted =
    service !== undefined && !hasBackends(service) && service.spec.selector === undefined && labels[SKIP] !== 'true' && annotations[LEADER] === undefined;
  const slices = ownedBy<EndpointSlice>(api, SLICES, endpoints);
  const wanted = isWanted ? (endpoints.subsets ?? []).flatMap((subset) => FAMILIES.flatMap((family) => sliceOf(endpoints, subset, family))) : [];
  // One slice for every family of every subset, in order; what is too many goes.
  const free = [...slices];
  for (const next of wanted) {
    const i = free.findIndex(({ addressType }) => addressType === next.addressType);
    const [old] = i < 0 ? [] : free.splice(i, 1);
    if (old === undefined) api.create<EndpointSlice>(SLICES, next, WRITE);
    else if (!isSemanticEqual(contentOf(old), contentOf(next)))
      api.update<EndpointSlice>(SLICES, { ...old, metadata: { ...old.metadata, ...pick(next) }, endpoints: next.endpoints, ports: next.ports ?? null }, WRITE);
  }
  for (const slice of free) api.delete(SLICES, keyOf(slice));
}

const pick = ({ metadata: { labels, annotations } }: EndpointSlice) => ({
  ...(labels === undefined ? {} : { labels }),
  ...(annotations === undefined ? {} : { annotations }),
});
const contentOf = (slice: EndpointSlice) => ({ ...pick(slice), endpoints: slice.endpoints, ports: slice.ports });

/** What the subset has of a family of addresses; nothing of one it has not. */
function sliceOf(endpoints: Endpoints, subset: EndpointSubset, addressType: 'IPv4' | 'IPv6'): readonly EndpointSlice[] {
  const ofFamily = (addresses: readonly EndpointAddress[] = []) => addresses.filter(({ ip }) => ip.includes(':') === (addressType === 'IPv6'));
  const [ready, notReady] = [ofFamily(subset.addresses), ofFamily(subset.notReadyAddresses)];
  if (ready.length + notReady.length === 0) return [];
  const { name = '', namespace = '', labels = {}, annotations = {} } = endpoints.metadata;
  const { [LAST_APPLIED]: _, [TRIGGER_TIME]: __, ...kept } = annotations;
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [SERVICE_NAME]: name, [MANAGED_BY]: 'endpointslicemirroring-controller.k8s.io' },
      ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }),
      ownerReferences: [controllerReference(endpoints)],
    },
    addressType,
    endpoints: [...ready.map((address) => endpointOf(address, true)), ...notReady.map((address) => endpointOf(address, false))],
    ports: slicePortsInOrder((subset.ports ?? []).map((port): EndpointSlicePort => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' }))),
  };
  return [slice];
}

const endpointOf = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname === undefined ? {} : { hostname }),
  ...(nodeName === undefined ? {} : { nodeName }),
  ...(targetRef === undefined ? {} : { targetRef }),
});
