/** Service → Endpoints: pkg/controller/endpoint/endpoints_controller.go. */

import { isSemanticEqual } from '../../api/equality.js';
import type { Context, Reconciler } from '../../api/reconciler.js';
import { isReady } from '../../controllers/pods.js';
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints } from '../endpoints/types.js';
import type { Pod } from '../pods/types.js';
import {
  addressOf,
  batchDelay,
  HEADLESS,
  hasBackends,
  isEligible,
  isHeadless,
  placeOf,
  podsOf,
  servedPorts,
  serviceKey,
  servicesOfPod,
  triggerTime,
  withTrigger,
} from './backends.js';
import type { Service } from './types.js';

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** More addresses are cut off; EndpointSlices have them all. */
const CAPACITY = 1000;
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';

export const endpointsController: Reconciler = {
  name: 'endpoint-controller',
  watches: [
    { resource: 'services', keys: serviceKey },
    { resource: 'pods', keys: servicesOfPod, after: batchDelay },
  ],
  reconcile: (key, context) => {
    const { api } = context;
    const service = api.get<Service>('services', key);
    if (service !== undefined) {
      if (hasBackends(service) && service.metadata.deletionTimestamp === undefined) reconcile(service, context);
    } else if (api.get<Endpoints>('endpoints', key) !== undefined) api.delete('endpoints', key);
    return undefined;
  },
};

function reconcile(service: Service, { api }: Context): void {
  const { name = '', namespace = '' } = service.metadata;
  const pods = podsOf(service, api);
  const { subsets, isCut } = subsetsOf(service, pods);
  const current = api.get<Endpoints>('endpoints', { namespace, name });
  const { [HEADLESS]: _, ...serviceLabels } = service.metadata.labels ?? {};
  const labels = { ...serviceLabels, [MANAGED_BY]: 'endpoint-controller', ...(isHeadless(service) ? { [HEADLESS]: '' } : {}) };
  if (current !== undefined && isSemanticEqual(current.subsets, subsets) && isSemanticEqual(current.metadata.labels, labels)) return;
  const changed = pods.filter((pod) => isEligible(pod, false) && readinessIn(current, addressOf(pod)) !== isReady(pod));
  const { annotations: oldAnnotations, ...metadata } = current?.metadata ?? { name, namespace };
  const { [OVER_CAPACITY]: __, ...kept } = oldAnnotations ?? {};
  const annotations = isCut ? { ...kept, [OVER_CAPACITY]: 'truncated' } : kept;
  const next: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...metadata, labels, ...withTrigger(annotations, triggerTime(changed, current === undefined ? service : undefined)) },
    ...(subsets.length === 0 ? {} : { subsets }),
  };
  if (current === undefined) api.create('endpoints', next, WRITE);
  else api.update('endpoints', next, WRITE);
}

/** Whether the address was among the ready ones; undefined: it was not there. */
function readinessIn(endpoints: Endpoints | undefined, ip: string | undefined): boolean | undefined {
  for (const { addresses, notReadyAddresses } of endpoints?.subsets ?? []) {
    if (addresses?.some((address) => address.ip === ip)) return true;
    if (notReadyAddresses?.some((address) => address.ip === ip)) return false;
  }
  return undefined;
}

/** One subset for every set of ports the pods have (RepackSubsets). */
function subsetsOf(service: Service, pods: readonly Pod[]): { subsets: readonly EndpointSubset[]; isCut: boolean } {
  const always = service.spec.publishNotReadyAddresses === true;
  const byPorts = new Map<string, { ports: readonly EndpointPort[]; ready: EndpointAddress[]; notReady: EndpointAddress[] }>();
  let count = 0;
  for (const pod of pods) {
    if (!isEligible(pod, always)) continue;
    const ports = portsOf(service, pod);
    // A service with ports none of which the pod has; one without any (headless) lists bare addresses.
    if (ports.length === 0 && service.spec.ports?.length) continue;
    const id = JSON.stringify(ports);
    const subset = byPorts.get(id) ?? { ports, ready: [], notReady: [] };
    byPorts.set(id, subset);
    if (count++ < CAPACITY) (always || isReady(pod) ? subset.ready : subset.notReady).push({ ip: addressOf(pod) ?? '', ...placeOf(pod, service) });
  }
  const subsets = [...byPorts.values()].map(({ ports, ready, notReady }) => ({
    ...(ready.length === 0 ? {} : { addresses: ready.sort(byAddress) }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.sort(byAddress) }),
    ...(ports.length === 0 ? {} : { ports }),
  }));
  return { subsets, isCut: count > CAPACITY };
}

/** Here a port without a name has no name at all. */
const portsOf = (service: Service, pod: Pod): readonly EndpointPort[] =>
  servedPorts(service, pod).map(({ name, ...port }) => (name === '' ? port : { name, ...port }));

/** As text, like upstream: 10.244.0.10 stands before 10.244.0.9. */
const byAddress = (a: EndpointAddress, b: EndpointAddress): number => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0);
