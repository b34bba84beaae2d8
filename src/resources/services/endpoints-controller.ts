/** Service → Endpoints: pkg/controller/endpoint/endpoints_controller.go. */

import { isSemanticEqual } from '../../api/equality.js';
import { keyOf } from '../../api/object.js';
import type { Context, Reconciler, StateMap } from '../../api/reconciler.js';
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
  TriggerTimes,
  withTrigger,
} from './backends.js';
import { endpointPortsInOrder } from './port-order.js';
import type { Service } from './types.js';

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** More addresses are cut off; EndpointSlices have them all. */
const CAPACITY = 1000;
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';

export function endpointsController(state: StateMap): Reconciler {
  const triggers = new TriggerTimes(state, 'endpoint-controller');
  return {
    name: 'endpoint-controller',
    watches: [
      { resource: 'services', keys: serviceKey },
      { resource: 'pods', keys: servicesOfPod, after: batchDelay },
      // Those that somebody deletes are made again.
      { resource: 'endpoints', keys: ({ type, object }) => (type === 'DELETED' ? [keyOf(object)] : []) },
    ],
    reconcile: (key, context) => {
      const { api } = context;
      const service = api.get<Service>('services', key);
      if (service !== undefined) {
        if (hasBackends(service) && service.metadata.deletionTimestamp === undefined) reconcile(service, context, triggers);
        return undefined;
      }
      if (api.get<Endpoints>('endpoints', key) !== undefined) api.delete('endpoints', key);
      triggers.forget(key);
      return undefined;
    },
  };
}

function reconcile(service: Service, { api }: Context, triggers: TriggerTimes): void {
  const { name = '', namespace = '' } = service.metadata;
  const pods = podsOf(service, api);
  const trigger = triggers.next(service, pods);
  const { subsets, isCut } = subsetsOf(service, pods);
  const current = api.get<Endpoints>('endpoints', { namespace, name });
  const { [HEADLESS]: _, ...serviceLabels } = service.metadata.labels ?? {};
  const labels = { ...serviceLabels, [MANAGED_BY]: 'endpoint-controller', ...(isHeadless(service) ? { [HEADLESS]: '' } : {}) };
  if (current !== undefined && isSemanticEqual(current.subsets, subsets) && isSemanticEqual(current.metadata.labels, labels)) return;
  const { annotations: oldAnnotations, ...metadata } = current?.metadata ?? { name, namespace };
  const { [OVER_CAPACITY]: __, ...kept } = oldAnnotations ?? {};
  const annotations = isCut ? { ...kept, [OVER_CAPACITY]: 'truncated' } : kept;
  const next: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...metadata, labels, ...withTrigger(annotations, trigger) },
    ...(subsets.length === 0 ? {} : { subsets }),
  };
  if (current === undefined) api.create('endpoints', next, WRITE);
  else api.update('endpoints', next, WRITE);
}

interface Place {
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

/** RepackSubsets: who serves each port first, and then one subset for every set of ports that the same pods serve. */
function subsetsOf(service: Service, pods: readonly Pod[]): { subsets: readonly EndpointSubset[]; isCut: boolean } {
  const always = service.spec.publishNotReadyAddresses === true;
  // A headless service without ports lists bare addresses.
  const bare = service.spec.ports?.length ? [] : [undefined];
  const byPort = new Map<string, { port: EndpointPort | undefined; places: Place[] }>();
  const eligible = pods.filter((pod) => isEligible(pod, always));
  const isCut = eligible.length > CAPACITY;
  for (const pod of isCut ? readyFirst(eligible, always) : eligible) {
    const place = { address: { ip: addressOf(pod) ?? '', ...placeOf(pod, service) }, ready: always || isReady(pod) };
    for (const port of [...portsOf(service, pod), ...bare]) {
      const id = JSON.stringify(port ?? null);
      const known = byPort.get(id);
      if (known === undefined) byPort.set(id, { port, places: [place] });
      else known.places.push(place);
    }
  }
  const byPlaces = new Map<string, { ports: EndpointPort[]; places: readonly Place[] }>();
  for (const { port, places } of byPort.values()) {
    const id = places.map(({ address }) => `${address.ip} ${address.targetRef?.uid}`).join();
    const subset = byPlaces.get(id) ?? { ports: [], places };
    byPlaces.set(id, subset);
    if (port !== undefined) subset.ports.push(port);
  }
  const subsets = [...byPlaces.values()].map(({ ports, places }) => ({
    ...addressesOf('addresses', places, true),
    ...addressesOf('notReadyAddresses', places, false),
    ...(ports.length === 0 ? {} : { ports: endpointPortsInOrder(ports) }),
  }));
  return { subsets, isCut };
}

/** truncateEndpoints: those that are not ready are left out before those that are. */
function readyFirst(pods: readonly Pod[], always: boolean): readonly Pod[] {
  const ready = pods.filter((pod) => always || isReady(pod)).slice(0, CAPACITY);
  return ready.length === CAPACITY ? ready : [...ready, ...pods.filter((pod) => !always && !isReady(pod)).slice(0, CAPACITY - ready.length)];
}

function addressesOf(field: 'addresses' | 'notReadyAddresses', places: readonly Place[], isWanted: boolean): EndpointSubset {
  const addresses = places.filter(({ ready }) => ready === isWanted).map(({ address }) => address);
  return addresses.length === 0 ? {} : { [field]: addresses.sort(byAddress) };
}

/** Here a port without a name has no name at all. */
const portsOf = (service: Service, pod: Pod): readonly EndpointPort[] =>
  servedPorts(service, pod).map(({ name, ...port }) => (name === '' ? port : { name, ...port }));

/** As text, like upstream: 10.244.0.10 stands before 10.244.0.9. */
const byAddress = (a: EndpointAddress, b: EndpointAddress): number => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0);
