/** Which pods stand behind a Service, and which changes of them it notices: k8s.io/endpointslice/util, pkg/controller/util/endpoint. */

import { isSameMap } from '../../api/equality.js';
import { keyOf, type ObjectKey } from '../../api/object.js';
import type { StateMap } from '../../api/reconciler.js';
import { type Duration, parseTime } from '../../api/time.js';
import type { Api, WatchEvent } from '../../api/verbs.js';
import { countingDelay, isReady, isTerminal, readyCondition } from '../../controllers/pods.js';
import type { Endpoints } from '../endpoints/types.js';
import type { Pod } from '../pods/types.js';
import type { Service, ServicePort } from './types.js';

/** Changes of many pods behind one Service make one write. */
export function batchDelay(key: ObjectKey, api: Api): Duration {
  const subsets = api.get<Endpoints>('endpoints', key)?.subsets ?? NONE;
  return countingDelay(subsets.reduce((sum, { addresses, notReadyAddresses }) => sum + (addresses?.length ?? 0) + (notReadyAddresses?.length ?? 0), 0));
}
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';
export const HEADLESS = 'service.kubernetes.io/headless';
const NONE: readonly never[] = [];

type Labels = Readonly<Record<string, string>>;

/** Has endpoints made for it: it selects pods and is no alias. */
export const hasBackends = ({ spec }: Service): boolean => spec.selector !== undefined && spec.type !== 'ExternalName';

/** An empty selector selects every pod. */
function selects({ spec }: Service, labels: Labels | undefined): boolean {
  for (const key in spec.selector) if (labels?.[key] !== spec.selector[key]) return false;
  return true;
}

export const podsOf = (service: Service, api: Api): readonly Pod[] =>
  api.list<Pod>('pods', { namespace: service.metadata.namespace ?? '' }).filter((pod) => selects(service, pod.metadata.labels));

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None' || !spec.clusterIP;

/** ShouldPodBeInEndpoints: finished pods and pods without an address never are. */
export const isEligible = (pod: Pod, includeTerminating: boolean): boolean =>
  !isTerminal(pod) && addressOf(pod) !== undefined && (includeTerminating || pod.metadata.deletionTimestamp === undefined);

export const addressOf = ({ status }: Pod): string | undefined => status?.podIPs?.[0]?.ip ?? (status?.podIP || undefined);

/** ShouldSetHostname: the pod's DNS name under a headless service. */
const hostnameOf = ({ spec, metadata }: Pod, service: Service): string | undefined =>
  spec.hostname && spec.subdomain === service.metadata.name && metadata.namespace === service.metadata.namespace ? spec.hostname : undefined;

const referenceTo = ({ metadata }: Pod) => ({ kind: 'Pod', namespace: metadata.namespace ?? '', name: metadata.name ?? '', uid: metadata.uid ?? '' });

/** FindPort: a named target is the port of that name and protocol in some container; undefined: the pod has none. */
function targetPort({ spec }: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const containers = [...spec.containers, ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')];
  for (const { ports } of containers)
    for (const candidate of ports ?? [])
      if (candidate.name === target && (candidate.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return candidate.containerPort;
  return undefined;
}

/** What the pod serves of the service's ports; a target it has not is left out. */
export function servedPorts(
  { spec }: Service,
  pod: Pod,
): readonly { readonly name: string; readonly port: number; readonly protocol: string; readonly appProtocol?: string }[] {
  return (spec.ports ?? []).flatMap((port) => {
    const number = targetPort(pod, port);
    if (number === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = port;
    return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

/** Where an endpoint is, and which pod it is. */
export function placeOf(pod: Pod, service: Service) {
  const hostname = hostnameOf(pod, service);
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: referenceTo(pod),
  };
}

export const serviceKey = ({ type, object, old }: WatchEvent): readonly ObjectKey[] =>
  // Status alone (load balancers) changes nothing behind the service.
  type === 'MODIFIED' && (object as Service).spec === (old as Service).spec && isSameMap(object.metadata.labels, old?.metadata.labels) ? NONE : [keyOf(object)];

/** The Services that select the pod as it is or as it was, if something they look at has changed (podEndpointsChanged). */
export function servicesOfPod({ type, object, old }: WatchEvent, api: Api): readonly ObjectKey[] {
  // Asked with every change of every pod: first whether there are Services at all.
  const services = api.list<Service>('services', { namespace: object.metadata.namespace ?? '' });
  if (!services.some(hasBackends)) return NONE;
  const [pod, before] = [object as Pod, old as Pod | undefined];
  const isRelabelled = type === 'MODIFIED' && !isSameMap(pod.metadata.labels, before?.metadata.labels);
  if (type === 'MODIFIED' && before !== undefined && !isRelabelled && !isEndpointChange(pod, before)) return NONE;
  if (type === 'ADDED' && addressOf(pod) === undefined) return NONE;
  const isBehind = (service: Service) => selects(service, pod.metadata.labels) || (isRelabelled && selects(service, before?.metadata.labels));
  return services.filter((service) => hasBackends(service) && isBehind(service)).map(keyOf);
}

function isEndpointChange(pod: Pod, before: Pod): boolean {
  return (
    (pod.status !== before.status && (isReady(pod) !== isReady(before) || addressOf(pod) !== addressOf(before) || isTerminal(pod) !== isTerminal(before))) ||
    pod.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
    pod.spec.nodeName !== before.spec.nodeName
  );
}

/** What a controller saw of a Service when it last looked: when the readiness of each pod had changed. */
type Seen = Readonly<Record<string, string>>;

/**
 * What made the change a controller is to write: the oldest readiness it has not seen yet. Undefined: nothing that tells its time. It is
 * asked at every look, whether there is something to write or not (k8s.io/endpointslice/util trigger_time_tracker.go).
 */
export class TriggerTimes {
  constructor(
    private readonly state: StateMap,
    private readonly controller: string,
  ) {}

  next(service: Service, pods: readonly Pod[]): string | undefined {
    const key = this.keyFor(keyOf(service));
    const known = this.state.get<Seen>(key);
    const seen: Record<string, string> = {};
    let first: string | undefined;
    for (const pod of pods) {
      const at = readyCondition(pod)?.lastTransitionTime;
      if (!at) continue;
      const name = pod.metadata.name ?? '';
      seen[name] = at;
      if (isLater(at, known?.[name]) && (first === undefined || isLater(first, at))) first = at;
    }
    if (known === undefined || !isSameMap(known, seen)) this.state.set(key, seen);
    return known === undefined ? (service.metadata.creationTimestamp ?? undefined) : first;
  }

  forget(service: ObjectKey): void {
    const key = this.keyFor(service);
    if (this.state.get(key) !== undefined) this.state.delete(key);
  }

  private keyFor({ namespace, name }: ObjectKey): string {
    return `${this.controller}/${namespace}/${name}`;
  }
}

const isLater = (at: string, than: string | undefined): boolean => than === undefined || (parseTime(at) ?? 0) > (parseTime(than) ?? 0);

/** Annotations with the trigger time set or taken away. */
export function withTrigger(annotations: Labels | undefined, at: string | undefined): { readonly annotations?: Labels } {
  const { [TRIGGER_TIME]: _, ...rest } = annotations ?? {};
  if (at !== undefined) return { annotations: { ...rest, [TRIGGER_TIME]: at } };
  return Object.keys(rest).length === 0 ? {} : { annotations: rest };
}
