/** Service → EndpointSlices: pkg/controller/endpointslice, k8s.io/endpointslice reconciler.go and utils.go. */

import { isSemanticEqual } from '../../api/equality.js';
import { type KubeObject, keyOf, type ObjectKey } from '../../api/object.js';
import type { Context, Reconciler, StateMap } from '../../api/reconciler.js';
import type { Api, WatchEvent } from '../../api/verbs.js';
import { controllerReference, ownedBy } from '../../controllers/owned.js';
import { isReady, isTerminal } from '../../controllers/pods.js';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from '../endpointslices/types.js';
import type { Node } from '../nodes/types.js';
import type { Pod } from '../pods/types.js';
import {
  addressOf,
  batchDelay,
  HEADLESS,
  hasBackends,
  isHeadless,
  placeOf,
  podsOf,
  servedPorts,
  serviceKey,
  servicesOfPod,
  TriggerTimes,
  withTrigger,
} from './backends.js';
import { type PlannedSlice, type PortGroup, planSlices, type SlicePlan } from './endpoint-slices.js';
import { slicePortsInOrder } from './port-order.js';
import { addHints, isNodeReady, isOverloaded, ZONE, type ZoneCounts, zoneShares } from './topology-hints.js';
import type { Service } from './types.js';
import { TOPOLOGY_HINTS, TOPOLOGY_MODE } from './validation.js';

const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

export function endpointSlicesController(state: StateMap): Reconciler {
  const triggers = new TriggerTimes(state, 'endpoint-slice-controller');
  return {
    name: 'endpoint-slice-controller',
    watches: [
      { resource: 'services', keys: (event) => (event.type === 'DELETED' ? [keyOf(event.object)] : serviceKey(event)) },
      { resource: 'pods', keys: servicesOfPod, after: batchDelay },
      { resource: 'nodes', keys: (event, api) => (isZoneNews(event) ? overloaded(state, api) : []) },
      // One that somebody deletes is made again, one that somebody edits put back.
      { resource: SLICES, keys: (event) => (event.type === 'DELETED' || isEditedByOthers(event) ? serviceOf(event.object as EndpointSlice) : []) },
    ],
    reconcile: (key, context) => {
      const service = context.api.get<Service>('services', key);
      if (service === undefined) {
        triggers.forget(key);
        state.delete(hintsKey(key));
      } else if (hasBackends(service) && service.metadata.deletionTimestamp === undefined) reconcile(service, context, triggers, state);
      return undefined;
    },
  };
}

/** What each zone was given of a Service's endpoints, while there are hints by the annotation. */
const HINTS = 'endpoint-slice-controller/hints/';
const hintsKey = ({ namespace, name }: ObjectKey): string => `${HINTS}${namespace}/${name}`;

/** updateNode: a node comes, goes, becomes ready or not, or is in another zone. */
function isZoneNews({ type, object, old }: WatchEvent): boolean {
  if (type !== 'MODIFIED' || old === undefined) return true;
  return isNodeReady(object as Node) !== isNodeReady(old as Node) || object.metadata.labels?.[ZONE] !== old.metadata.labels?.[ZONE];
}

/** GetOverloadedServices. */
function overloaded(state: StateMap, api: Api): readonly ObjectKey[] {
  const keys = state.keys(HINTS);
  if (keys.length === 0) return [];
  const shares = zoneShares(api.list<Node>('nodes'));
  return keys.flatMap((key) => {
    const [namespace = '', name = ''] = key.slice(HINTS.length).split('/');
    return isOverloaded(state.get<ZoneCounts>(key) ?? {}, shares) ? [{ namespace, name }] : [];
  });
}

/** endpointSliceTracker.ShouldSync: a generation the controller has not made. One that is given to another service is not missed. */
function isEditedByOthers({ type, object, old }: WatchEvent): boolean {
  if (type !== 'MODIFIED' || old === undefined || object.metadata.labels?.[SERVICE_NAME] !== old.metadata.labels?.[SERVICE_NAME]) return false;
  const others = ({ metadata }: KubeObject) => metadata.managedFields?.filter(({ manager }) => manager !== WRITE.fieldManager) ?? [];
  return !isSemanticEqual(others(object), others(old));
}

function serviceOf({ metadata: { namespace = '', labels } }: EndpointSlice): readonly ObjectKey[] {
  const name = labels?.[SERVICE_NAME];
  return name === undefined || labels?.[MANAGED_BY] !== 'endpointslice-controller.k8s.io' ? [] : [{ namespace, name }];
}

function reconcile(service: Service, context: Context, triggers: TriggerTimes, state: StateMap): void {
  const { api } = context;
  const slices = ownedBy<EndpointSlice>(api, SLICES, service).filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === 'endpointslice-controller.k8s.io');
  const selected = podsOf(service, api);
  const trigger = triggers.next(service, selected);
  const pods = selected.filter((pod) => !isTerminal(pod) && addressOf(pod) !== undefined);
  const groups = groupsOf(service, pods, (name) => api.get<Node>('nodes', { namespace: '', name }));
  const plan = (known: readonly EndpointSlice[]): SlicePlan => planSlices(groups, known);
  const { create, update, remove } = hasAutoHints(service) ? planHinted(service, slices, plan, context, state) : plan(slices);
  if (!hasAutoHints(service)) forgetHints(service, context, state);
  const labels = labelsOf(service);
  const touched = new Set(update.map(({ existing }) => existing));
  const relabelled = slices.filter((slice) => !touched.has(slice) && !remove.includes(slice) && !isSemanticEqual(slice.metadata.labels, labels));
  for (const slice of remove) api.delete(SLICES, keyOf(slice));
  for (const { existing, endpoints, ports } of update) {
    const { metadata } = existing as EndpointSlice;
    const { annotations, ...rest } = metadata;
    api.update<EndpointSlice>(
      SLICES,
      {
        ...(existing as EndpointSlice),
        metadata: { ...rest, labels, ...withTrigger(annotations, trigger) },
        endpoints: orNull(endpoints),
        ports: orNull(ports),
      },
      WRITE,
    );
  }
  for (const slice of relabelled) {
    const { annotations, ...rest } = slice.metadata;
    api.update<EndpointSlice>(SLICES, { ...slice, metadata: { ...rest, labels, ...withTrigger(annotations, trigger) } }, WRITE);
  }
  for (const planned of create) api.create<EndpointSlice>(SLICES, newSlice(service, planned, labels, trigger), WRITE);
}

/** The plan, with hints that go by the nodes: whether an endpoint is as it was does not depend on them. */
function planHinted(
  service: Service,
  slices: readonly EndpointSlice[],
  plan: (known: readonly EndpointSlice[]) => SlicePlan,
  { api, event }: Context,
  state: StateMap,
): SlicePlan {
  const originals = new Map(slices.map((slice) => [{ ...slice, endpoints: orNull((slice.endpoints ?? []).map(({ hints: _, ...rest }) => rest)) }, slice]));
  const { create, update, remove } = plan([...originals.keys()] as EndpointSlice[]);
  const original = (slice: EndpointSlice): EndpointSlice => originals.get(slice) ?? slice;
  const written = new Set([...update.map(({ existing }) => existing), ...remove]);
  const unchanged = [...originals].filter(([slice]) => !written.has(slice as EndpointSlice)).map(([, slice]) => slice);
  const planned: readonly PlannedSlice[] = [
    ...create,
    ...update.map((one) => ({ ...one, existing: original(one.existing as EndpointSlice) })),
    ...unchanged.map((existing) => ({ existing, ports: existing.ports ?? [], endpoints: existing.endpoints ?? [] })),
  ];
  const { drafts, given, problem } = addHints(
    planned.map(({ endpoints }, i) => ({ endpoints, isWritten: i < create.length + update.length })),
    zoneShares(api.list<Node>('nodes')),
  );
  const key = hintsKey(keyOf(service));
  if (problem !== undefined) event(service, 'Warning', 'TopologyAwareHintsDisabled', `${problem}, addressType: IPv4`);
  else if (state.get(key) === undefined) event(service, 'Normal', 'TopologyAwareHintsEnabled', 'Topology Aware Hints has been enabled, addressType: IPv4');
  if (given === undefined) state.delete(key);
  else state.set(key, given);
  const done = planned.flatMap((one, i) => (drafts[i] === undefined ? [] : [{ ...one, endpoints: drafts[i] }]));
  return { create: done.slice(0, create.length), update: done.slice(create.length), remove: remove.map(original) };
}

function forgetHints(service: Service, { event }: Context, state: StateMap): void {
  const key = hintsKey(keyOf(service));
  if (state.get(key) === undefined) return;
  state.delete(key);
  event(service, 'Warning', 'TopologyAwareHintsDisabled', 'Topology Aware Hints has been disabled, addressType: IPv4');
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

function newSlice(service: Service, { endpoints, ports }: PlannedSlice, labels: Readonly<Record<string, string>>, trigger: string | undefined): EndpointSlice {
  const { name = '', namespace = '' } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { generateName: `${name}-`, namespace, labels, ownerReferences: [controllerReference(service)], ...withTrigger(undefined, trigger) },
    addressType: 'IPv4',
    endpoints: orNull(endpoints),
    ports: orNull(ports),
  };
}

function labelsOf(service: Service): Readonly<Record<string, string>> {
  const { [HEADLESS]: _, ...labels } = service.metadata.labels ?? {};
  return {
    ...labels,
    [SERVICE_NAME]: service.metadata.name ?? '',
    [MANAGED_BY]: 'endpointslice-controller.k8s.io',
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
  };
}

/** Pods by the ports they have. One whose node is not known (yet) is left out, unless whatever there is is to be published. */
function groupsOf(service: Service, pods: readonly Pod[], nodeOf: (name: string) => Node | undefined): readonly PortGroup[] {
  const groups = new Map<string, { ports: readonly EndpointSlicePort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const node = pod.spec.nodeName ? nodeOf(pod.spec.nodeName) : undefined;
    if (pod.spec.nodeName && node === undefined && service.spec.publishNotReadyAddresses !== true) continue;
    const ports = slicePortsInOrder(servedPorts(service, pod));
    const id = JSON.stringify(ports);
    const group = groups.get(id) ?? { ports, endpoints: [] };
    groups.set(id, group);
    group.endpoints.push(endpointOf(pod, node, service));
  }
  return [...groups.values()];
}

function endpointOf(pod: Pod, node: Node | undefined, service: Service): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const zone = node?.metadata.labels?.[ZONE];
  return {
    addresses: [addressOf(pod) ?? ''],
    conditions: { ready, serving, terminating },
    ...placeOf(pod, service),
    ...(zone ? { zone } : {}),
    ...(zone && ready && prefersClose(service) ? { hints: { forZones: [{ name: zone }] } } : {}),
  };
}

/** k8s.io/endpointslice/trafficdist: who is close is told by zones, unless the older annotation is there. */
const prefersClose = (service: Service): boolean => service.spec.trafficDistribution === 'PreferClose' && !hasAutoHints(service);
const hasAutoHints = ({ metadata }: Service): boolean =>
  /^[Aa]uto$/.test(metadata.annotations?.[TOPOLOGY_HINTS] ?? metadata.annotations?.[TOPOLOGY_MODE] ?? '');
