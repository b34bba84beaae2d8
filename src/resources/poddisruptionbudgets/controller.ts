/** How many pods may be disrupted: pkg/controller/disruption/disruption.go. */

import { isSemanticEqual } from '../../api/equality.js';
import { controllerOf, type JsonObject, type KubeObject, keyOf, type ObjectKey, type OwnerReference } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { goLabelSelector, matchesSelector, type Selector, selectorOf } from '../../api/selectors.js';
import { type Duration, formatTime, minutes, parseTime } from '../../api/time.js';
import type { Api, ResourceId, WatchEvent } from '../../api/verbs.js';
import { scaledValue } from '../../controllers/int-or-string.js';
import { countingDelay, isCounted, isReady, isUrgent } from '../../controllers/pods.js';
import type { CustomResourceDefinition } from '../customresourcedefinitions/types.js';
import type { Pod } from '../pods/types.js';
import type { PodDisruptionBudget, PodDisruptionBudgetCondition, PodDisruptionBudgetStatus } from './types.js';

const BUDGETS = 'poddisruptionbudgets.policy';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const SOURCE = { component: 'controllermanager' } as const;
/** How long an eviction may take to be seen as a deletion (DeletionTimeout). */
const DELETION_TIMEOUT = minutes(2);
const NONE: readonly never[] = [];

export const controller: Reconciler = {
  name: 'disruption-controller',
  watches: [
    { resource: BUDGETS, keys: ({ type, object }) => (type === 'DELETED' ? NONE : [keyOf(object)]) },
    {
      resource: 'pods',
      keys: budgetsOf,
      after: (key, api) => countingDelay(api.get<PodDisruptionBudget>(BUDGETS, key)?.status?.expectedPods ?? 0),
    },
  ],
  reconcile: (key, context) => {
    const budget = context.api.get<PodDisruptionBudget>(BUDGETS, key);
    return budget === undefined ? undefined : reconcile(budget, context);
  },
};

/** getPdbForPod: a pod that several budgets are for is told of it with every change of its own. */
export const overlapController: Reconciler = {
  name: 'disruption-overlap',
  watches: [
    {
      resource: 'pods',
      keys: (event, api) => (event.type !== 'DELETED' && budgetsOf(event, api).length > 1 ? [keyOf(event.object)] : NONE),
    },
  ],
  reconcile: (key, { api, event }) => {
    const pod = api.get<Pod>('pods', key);
    const [chosen] = pod === undefined ? [] : budgetsOf({ type: 'ADDED', resource: 'pods', object: pod }, api);
    if (pod === undefined || chosen === undefined) return undefined;
    const message = `Pod "${key.namespace}"/"${key.name}" matches multiple PodDisruptionBudgets.  Chose "${chosen.name}" arbitrarily.`;
    event(pod, 'Warning', 'MultiplePodDisruptionBudgets', message, SOURCE);
    return undefined;
  },
};

/** The budgets for the pod as it is or as it was, if the change is one they count. Asked with every change of every pod, and few namespaces have budgets. */
function budgetsOf(event: WatchEvent, api: Api): readonly ObjectKey[] {
  const { type, object, old } = event;
  const budgets = api.list<PodDisruptionBudget>(BUDGETS, { namespace: object.metadata.namespace ?? '' });
  if (budgets.length === 0 || !(type === 'DELETED' || isUrgent(event) || isCounted(event))) return NONE;
  const keys: ObjectKey[] = [];
  for (const budget of budgets) {
    const selector = selectorOf(budget.spec?.selector);
    if (selector === undefined) continue;
    if (matchesSelector(selector, object.metadata.labels) || (old !== undefined && matchesSelector(selector, old.metadata.labels))) keys.push(keyOf(budget));
  }
  return keys;
}

function reconcile(budget: PodDisruptionBudget, context: Context): Result | undefined {
  const { api, now, event } = context;
  const selector = selectorOf(budget.spec?.selector);
  const pods = selector === undefined ? NONE : podsOf(budget, selector, api);
  if (pods.length === 0) event(budget, 'Normal', 'NoPods', 'No matching pods found', SOURCE);
  const expected = expectedOf(budget, pods, api);
  if ('error' in expected) {
    event(budget, 'Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${expected.error}`, SOURCE);
    // What is observed stays what it was: evictions are told that the budget is still being processed.
    write(budget, { ...emptyStatus, ...budget.status, disruptionsAllowed: 0 }, 'SyncFailed', expected.error, context);
    return undefined;
  }
  if (expected.unmanaged.length > 0) reportUnmanaged(budget, context);
  const disrupted = stillDisrupted(budget, pods, context);
  const currentHealthy = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !((pod.metadata.name ?? '') in disrupted) && isReady(pod)).length;
  const { count, desiredHealthy } = expected;
  const disruptionsAllowed = count <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const status = {
    currentHealthy,
    desiredHealthy,
    expectedPods: count,
    disruptionsAllowed,
    ...(budget.metadata.generation === undefined ? {} : { observedGeneration: budget.metadata.generation }),
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
  };
  write(budget, status, disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods', '', context);
  const times = Object.values(disrupted).map((text) => (parseTime(text) ?? now) + DELETION_TIMEOUT + 1 - now);
  return times.length === 0 ? undefined : { requeueAfter: Math.max(1, Math.min(...times)) as Duration };
}

const emptyStatus: PodDisruptionBudgetStatus = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };

const podsOf = ({ metadata }: PodDisruptionBudget, selector: Selector, api: Api): readonly Pod[] =>
  api.list<Pod>('pods', { namespace: metadata.namespace ?? '' }).filter((pod) => matchesSelector(selector, pod.metadata.labels));

interface Expected {
  readonly count: number;
  readonly desiredHealthy: number;
  readonly unmanaged: readonly Pod[];
}

/** getExpectedPodCount: a number of pods counts them; a share is one of what their controllers want. */
function expectedOf({ spec }: PodDisruptionBudget, pods: readonly Pod[], api: Api): Expected | { readonly error: string } {
  const { minAvailable, maxUnavailable } = spec ?? {};
  if (maxUnavailable === undefined && typeof minAvailable !== 'string')
    return { count: minAvailable === undefined ? 0 : pods.length, desiredHealthy: minAvailable ?? 0, unmanaged: NONE };
  const scale = expectedScale(pods, api);
  if ('error' in scale) return scale;
  const desiredHealthy =
    maxUnavailable === undefined ? scaledValue(minAvailable, scale.count, 'up') : Math.max(0, scale.count - scaledValue(maxUnavailable, scale.count, 'up'));
  return { ...scale, desiredHealthy };
}

interface Scaled extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

const SCALABLE: Readonly<Record<string, ResourceId>> = {
  'apps/v1 ReplicaSet': 'replicasets.apps',
  'apps/v1 Deployment': 'deployments.apps',
  'apps/v1 StatefulSet': 'statefulsets.apps',
  'v1 ReplicationController': 'replicationcontrollers',
};
/** Controllers of pods that cannot be scaled, as the error names them. */
const FIXED: Readonly<Record<string, string>> = { 'apps/v1 DaemonSet': 'daemonsets.apps', 'batch/v1 Job': 'jobs.batch', 'v1 Node': 'nodes' };
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/** The sum of what the pods' controllers want; a ReplicaSet stands for its Deployment. */
function expectedScale(pods: readonly Pod[], api: Api): { count: number; unmanaged: readonly Pod[] } | { readonly error: string } {
  const scales = new Map<string, number>();
  const unmanaged: Pod[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) {
      unmanaged.push(pod);
      continue;
    }
    const found = scaleOf(owner, pod, api);
    if (found === undefined) return { error: `found no controllers for pod "${pod.metadata.name}"` };
    if ('error' in found) return found;
    scales.set(found.uid, found.replicas);
  }
  return { count: [...scales.values()].reduce((sum, replicas) => sum + replicas, 0), unmanaged };
}

interface ControllerScale {
  readonly uid: string;
  readonly replicas: number;
}

/** The controller of a pod and how many it wants; undefined: it is not there (any more). */
function scaleOf(owner: OwnerReference, { metadata: { namespace = '' } }: Pod, api: Api): ControllerScale | { readonly error: string } | undefined {
  const kind = `${owner.apiVersion} ${owner.kind}`;
  const resource = SCALABLE[kind];
  if (resource === undefined) return FIXED[kind] === undefined ? customScaleOf(owner, namespace, api) : { error: `${FIXED[kind]} ${UNSCALABLE}` };
  let found = api.get<Scaled>(resource, { namespace, name: owner.name });
  if (found?.metadata.uid !== owner.uid) return undefined;
  const above = controllerOf(found);
  if (above?.kind === 'Deployment') found = api.get<Scaled>('deployments.apps', { namespace, name: above.name });
  return { uid: found?.metadata.uid ?? '', replicas: found?.spec?.replicas ?? 0 };
}

const UNSCALABLE = 'does not implement the scale subresource';

/** getScaleController: whatever other kind it is, its scale subresource tells, where it has one. */
function customScaleOf(owner: OwnerReference, namespace: string, api: Api): ControllerScale | { readonly error: string } | undefined {
  const [group, version] = owner.apiVersion.split('/');
  const definition = api.list<CustomResourceDefinition>(DEFINITIONS).find(({ spec }) => spec.group === group && spec.names.kind === owner.kind);
  const served = definition?.spec.versions.find((one) => one.name === version && one.served);
  if (definition === undefined || served === undefined) return { error: `no matches for kind "${owner.kind}" in version "${owner.apiVersion}"` };
  const resource = `${definition.spec.names.plural}.${group}`;
  const { scale } = served.subresources ?? {};
  if (scale === undefined) return { error: `${resource} ${UNSCALABLE}` };
  const found = api.get(resource, { namespace: definition.spec.scope === 'Cluster' ? '' : namespace, name: owner.name });
  if (found?.metadata.uid !== owner.uid) return undefined;
  const path = String(scale['specReplicasPath']).split('.').slice(1);
  const replicas = path.reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], found);
  if (typeof replicas !== 'number')
    return { error: `Internal error occurred: the spec replicas field ${JSON.stringify(scale['specReplicasPath'])} does not exist` };
  return { uid: owner.uid, replicas };
}

function reportUnmanaged(budget: PodDisruptionBudget, { event }: Context): void {
  const text = `Pods selected by this PodDisruptionBudget (selector: ${goLabelSelector(budget.spec?.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
  event(budget, 'Warning', 'UnmanagedPods', text, SOURCE);
}

/** buildDisruptedPodMap: evicted pods whose deletion is not seen yet, until it is or should long have been. */
function stillDisrupted({ metadata, status }: PodDisruptionBudget, pods: readonly Pod[], { now, event }: Context): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const pod of pods) {
    const at = status?.disruptedPods?.[pod.metadata.name ?? ''];
    if (at === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    if ((parseTime(at) ?? 0) + DELETION_TIMEOUT >= now) result[pod.metadata.name ?? ''] = at;
    // The namespace twice is upstream's.
    else event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${metadata.namespace}/${metadata.namespace} to be deleted but it wasn't`, SOURCE);
  }
  return result;
}

function write(budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus, reason: string, message: string, { api, now }: Context): void {
  const { observedGeneration } = status;
  const old = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const value = status.disruptionsAllowed > 0 ? 'True' : 'False';
  const condition: PodDisruptionBudgetCondition = {
    type: 'DisruptionAllowed',
    status: value,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: old?.status === value ? old.lastTransitionTime : formatTime(now),
    reason,
    message,
  };
  const others = budget.status?.conditions?.filter(({ type }) => type !== 'DisruptionAllowed') ?? [];
  const next: PodDisruptionBudgetStatus = { ...status, conditions: [...others, condition] };
  if (!isSemanticEqual(next, budget.status)) api.updateStatus<PodDisruptionBudget>(BUDGETS, { ...budget, status: next }, WRITE);
}
