/** Everything that acts, put together: the API's write side, controllers, scheduler, kubelets. Loaded only when something must act. */
import { badRequest } from '../api/errors.js';
import { copy, has, isMap, put } from '../api/json-data.js';
import { type KubeObject, keyOf, parseKey } from '../api/object.js';
import type { Reconciler } from '../api/reconciler.js';
import { type AnyResource, apiVersionOf, resourceId, type Schemas } from '../api/resource.js';
import { DEFINITIONS } from '../apiserver/custom-kinds.js';
import { decodeAs } from '../apiserver/decode.js';
import { createServer } from '../apiserver/server.js';
import { EventRecorder, controllers as looseControllers } from '../controllers/index.js';
import { type NodeFault, nodeFaultKey } from '../kubelet/index.js';
import { cronJobController } from '../resources/cronjobs/controller.js';
import { customKinds } from '../resources/customresourcedefinitions/custom-kinds.js';
import type { CustomResourceDefinition } from '../resources/customresourcedefinitions/types.js';
import { autoscalerController } from '../resources/horizontalpodautoscalers/controller.js';
import { resources } from '../resources/index.js';
import { jobController } from '../resources/jobs/controller.js';
import { persistentVolumeController } from '../resources/persistentvolumes/binder.js';
import { provisioners } from '../resources/persistentvolumes/provisioner.js';
import type { Pod } from '../resources/pods/types.js';
import { endpointSlicesController } from '../resources/services/endpoint-slices-controller.js';
import { endpointsController } from '../resources/services/endpoints-controller.js';
import { policyController } from '../resources/validatingadmissionpolicies/controller.js';
import { views } from '../resources/views.js';
import { makeScheduler } from '../scheduler/index.js';
import type { Refused } from '../sim/sim.js';
import { readDescriptions, readSchemas, readStructs } from './assets.js';
import type { Components, MakeComponents, Parts } from './cluster.js';
import { createFixtures, type Fixtures } from './fixtures.js';
import { Following } from './following.js';
import { nodeComponents } from './nodes.js';
import { keepPodJournals } from './pod-journal.js';
import { versionInfo } from './profile.js';
import { schedulersIn } from './second-schedulers.js';
import { type Component, starter, whileItRuns } from './static-components.js';

const kindOf = (object: KubeObject): AnyResource | undefined =>
  resources.find(({ names }) => names.kind === object.kind && apiVersionOf(names) === object.apiVersion);

/** The object in the version it is kept in, and in the namespace that is meant where a manifest names none. */
export function asStored(object: KubeObject): KubeObject {
  const kind = kindOf(object);
  const stored = kind?.storedAs?.toStored(object) ?? object;
  const { namespace = '' } = stored.metadata;
  return kind?.names.namespaced === true && namespace === '' ? { ...stored, metadata: { ...stored.metadata, namespace: 'default' } } : stored;
}

/**
 * The object with what Go's types have of themselves and it lacks (`spec: {}`, empty lists): nobody who reads it need ask whether that is
 * there. Throws BadRequest when something of it is of another type.
 */
export function wellFormed(object: KubeObject, schemas: Schemas): KubeObject {
  const kind = kindOf(object);
  if (kind === undefined) return object;
  const { value, error } = decodeAs(schemas, kind, object);
  if (error !== undefined) throw badRequest(`${object.kind} in version "${kind.names.version}" cannot be handled as a ${object.kind}: ${error}`);
  return filled(object, value) as KubeObject;
}

/** What is given, and from `whole` what it lacks. */
function filled(given: unknown, whole: unknown): unknown {
  if (Array.isArray(given)) return given.map((item, i) => filled(item, Array.isArray(whole) ? whole[i] : undefined));
  if (!isMap(given) || !isMap(whole)) return given;
  const next = copy(given);
  for (const key of Object.keys(whole)) put(next, key, has(given, key) ? filled(given[key], whole[key]) : whole[key]);
  return next;
}

/** Under which name objects of this kind are stored. */
export const resourceOf = (object: KubeObject): string | undefined => {
  const found = kindOf(object);
  return found === undefined ? undefined : (found.storedAs?.resource ?? resourceId(found.names));
};

export interface ComponentsOptions {
  readonly fixtures?: Fixtures;
  readonly refused?: Refused | undefined;
}

export function makeComponents({ fixtures = createFixtures(), refused }: ComponentsOptions = {}): MakeComponents {
  return (parts) => assemble(parts, fixtures, refused);
}

/** Loops that are the API server's, or run in pods of their own. */
const NOT_MANAGED: ReadonlySet<string> = new Set(['crd-autoregister', 'crd-finalizer', 'crd-naming', 'nginx-ingress-controller', 'service-ip']);

function assemble(parts: Parts, fixtures: Fixtures, refused: Refused | undefined): Components {
  const { store, state, now, random, counts } = parts;
  const { api, server } = createServer({
    store,
    views,
    resources,
    customKinds: (definitions, convert) => customKinds(definitions as readonly CustomResourceDefinition[], convert),
    state,
    schemas: readSchemas,
    structs: readStructs,
    counts,
    descriptions: readDescriptions,
    nodes: Object.assign((node: string) => (isReachable(node) ? onNode(node).server : undefined), {
      stopped: (node: string) => (state.get<NodeFault>(nodeFaultKey(node))?.kind === 'kubelet' ? onNode(node).server : undefined),
    }),
    version: versionInfo(parts.profile),
    now,
    random,
    outside: parts.outside,
    actor: () => parts.actor(),
  });
  const stats = (pod: Pod) => (pod.spec.nodeName && isReachable(pod.spec.nodeName) ? onNode(pod.spec.nodeName).server.stats(keyOf(pod)) : []);
  const wipe = (path: string, node?: string) => {
    const nodes = node === undefined ? store.list('nodes').map(({ metadata }) => metadata.name ?? '') : [node];
    for (const name of nodes) onNode(name).runtime.removeHostEntry(path);
  };
  const hostname = parts.profile.nodes.find(({ isControlPlane }) => isControlPlane)?.name;
  const of = (component: Component, loop: Reconciler) => (hostname === undefined ? loop : whileItRuns(loop, component, hostname, state));
  const isManaged = ({ name }: Reconciler) => !NOT_MANAGED.has(name);
  const managed = (loops: readonly Reconciler[]) => loops.map((loop) => (isManaged(loop) ? of('kube-controller-manager', loop) : loop));
  const controllers = managed([
    ...resources.flatMap((resource) => resource.controllers ?? []),
    endpointsController(state),
    endpointSlicesController(state),
    jobController(state),
    cronJobController(state),
    autoscalerController(state, stats),
    persistentVolumeController(wipe),
    policyController(resources, readSchemas),
  ]);
  const outside = provisioners(state, wipe);
  const names = resources.filter(({ storedAs }) => storedAs === undefined).map((resource) => resource.names);
  /** What works on any kind works on custom ones. */
  const loose = () => looseControllers([...names, ...customNames()], state);
  const customNames = () => {
    const definitions = store.count(DEFINITIONS) === 0 ? [] : store.list<CustomResourceDefinition>(DEFINITIONS);
    const custom = customKinds(definitions).resources.filter(({ storedAs }) => storedAs === undefined);
    return custom.map((resource) => resource.names);
  };
  const following = new Following(state);
  const onNode = nodeComponents(parts, api, server, fixtures, () => [...names, ...customNames()], following);
  const follower = following.loop((node, sandbox, pod) => {
    onNode(node).runtime.noticeChanges(sandbox);
    parts.wake(onNode(node).kubelet.name, parseKey(pod));
  });
  const isReachable = (node: string) => store.get('nodes', { namespace: '', name: node }) !== undefined && state.get(nodeFaultKey(node)) === undefined;
  const scheduler = of('kube-scheduler', makeScheduler(api, state, schedulersIn(api)));
  const recorder = new EventRecorder(api, state, { hostname, refused });
  keepPodJournals(api, state, now);
  return {
    api,
    server,
    record: (...event) => recorder.record(...event),
    refused,
    node: onNode,
    reconcilers: (nodes) => {
      const others = managed(loose());
      const loops = { 'kube-controller-manager': [...controllers, ...others].filter(isManaged).map(({ name }) => name), 'kube-scheduler': [scheduler.name] };
      const starters = hostname === undefined ? [] : [starter(loops, hostname, state, parts.wake)];
      return [...controllers, ...outside, ...others, scheduler, ...starters, follower, ...nodes.map((node) => onNode(node).kubelet)];
    },
  };
}
