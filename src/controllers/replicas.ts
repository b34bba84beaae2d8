/**
 * Keeping so many pods: the loop of ReplicaSets and ReplicationControllers, which upstream share as well
 * (pkg/controller/replicaset/replica_set.go; pkg/controller/replication only wraps it).
 */

import { isSemanticEqual } from '../api/equality.js';
import { controllerOf, type KubeObject, type ObjectKey } from '../api/object.js';
import type { Context, Reconciler, Result } from '../api/reconciler.js';
import type { Selector } from '../api/selectors.js';
import { type Duration, formatTime } from '../api/time.js';
import type { Api, ResourceId, WatchEvent } from '../api/verbs.js';
import type { PodTemplateSpec } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import { retryDelay } from './backoff.js';
import { byDeletionOrder } from './deletion-order.js';
import { adopters, changedOwner, claim, controllerKey, matcher, ownedBy } from './owned.js';
import {
  countingDelay,
  createPod,
  deletePod,
  type Failure,
  isActive,
  isAvailable,
  isCounted,
  isReady,
  isUrgent,
  nextAvailable,
  podOf,
  slowStart,
} from './pods.js';

/** BurstReplicas: at most so many creations or deletions in one pass. */
const BURST = 500;
const NONE: readonly never[] = [];

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A ReplicaSet or ReplicationController. */
interface ReplicaOwner extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly minReadySeconds?: number; readonly template?: PodTemplateSpec };
  readonly status?: ReplicaStatus;
}

interface ReplicaStatus {
  readonly replicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

export interface ReplicaKind<T extends KubeObject> {
  /** Event source and name of the loop. */
  readonly name: string;
  readonly resource: ResourceId;
  readonly kind: string;
  selector(owner: T): Selector | undefined;
}

export function replicaController<T extends KubeObject & ReplicaOwner>(kind: ReplicaKind<T>): Reconciler {
  const podKeys = (event: WatchEvent, api: Api): readonly ObjectKey[] => {
    if (controllerOf(event.object) === undefined && event.type !== 'DELETED') return adopters<T>(api, kind.resource, event.object, kind.selector);
    const key = controllerKey(event.object, kind.kind);
    const before = event.old === undefined ? undefined : controllerKey(event.old, kind.kind);
    return key !== undefined ? [key] : before !== undefined ? [before] : NONE;
  };
  const delay = (key: ObjectKey, api: Api): Duration => countingDelay(api.get<T>(kind.resource, key)?.spec.replicas ?? 0);
  return {
    name: kind.name,
    watches: [
      { resource: kind.resource, keys: changedOwner },
      { resource: 'pods', keys: (event, api) => (isUrgent(event) ? podKeys(event, api) : NONE) },
      { resource: 'pods', keys: (event, api) => (isCounted(event) ? podKeys(event, api) : NONE), after: delay },
    ],
    reconcile: (key, context) => {
      const owner = context.api.get<T>(kind.resource, key);
      return owner === undefined ? undefined : reconcile(kind, owner, context);
    },
  };
}

function reconcile<T extends KubeObject & ReplicaOwner>(kind: ReplicaKind<T>, owner: T, context: Context): Result | undefined {
  const selector = kind.selector(owner);
  const pods = active(claim<Pod>(context.api, 'pods', owner, selector));
  const failure = owner.metadata.deletionTimestamp === undefined ? manage(kind, owner, pods, context) : undefined;
  const status = calculateStatus(owner, pods, failure, context);
  if (!isSemanticEqual(status, owner.status)) context.api.updateStatus(kind.resource, { ...owner, status }, { fieldManager: 'kube-controller-manager' });
  if (failure !== undefined && failure.isNamespaceTerminating !== true) {
    const known = owner.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    return {
      requeueAfter: retryDelay(context, owner, failure.message.startsWith('unable to delete') ? 'FailedDelete' : 'FailedCreate', known?.lastTransitionTime),
    };
  }
  const next = nextAvailable(pods, owner.spec.minReadySeconds ?? 0, context.now);
  return next === undefined ? undefined : { requeueAfter: next as Duration };
}

/** A loop of its own, and no copy when all are: there may be ten thousand. */
function active(pods: readonly Pod[]): readonly Pod[] {
  let others = 0;
  for (const pod of pods) if (!isActive(pod)) others++;
  return others === 0 ? pods : pods.filter(isActive);
}

/** manageReplicas: towards spec.replicas, at most {@link BURST} at a time; the pods' own events bring it back for the rest. */
function manage<T extends KubeObject & ReplicaOwner>(kind: ReplicaKind<T>, owner: T, pods: readonly Pod[], context: Context): Failure | undefined {
  const difference = pods.length - (owner.spec.replicas ?? 0);
  if (difference < 0) {
    const pod = podOf(owner, { template: owner.spec.template ?? {} });
    return slowStart(Math.min(-difference, BURST), () => createPod(context, owner, pod));
  }
  if (difference === 0) return undefined;
  let failure: Failure | undefined;
  for (const pod of podsToDelete(kind, owner, pods, Math.min(difference, BURST), context)) failure = deletePod(context, owner, pod) ?? failure;
  return failure;
}

function podsToDelete<T extends KubeObject & ReplicaOwner>(
  kind: ReplicaKind<T>,
  owner: T,
  pods: readonly Pod[],
  count: number,
  { api, now }: Context,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  const ranks = new Map<string, number>();
  for (const { spec } of relatedPods(kind, owner, api)) ranks.set(spec.nodeName ?? '', (ranks.get(spec.nodeName ?? '') ?? 0) + 1);
  return pods.toSorted(byDeletionOrder(now, ranks)).slice(0, count);
}

/** The active pods of all sets of the same controller: a Deployment's pods are thinned out where they crowd. */
function relatedPods<T extends KubeObject & ReplicaOwner>(kind: ReplicaKind<T>, owner: T, api: Api): readonly Pod[] {
  const controller = controllerOf(owner);
  const sets = controller === undefined ? [owner] : api.list<T>(kind.resource, { index: { name: 'owner', value: controller.uid } });
  return sets.flatMap((set) => ownedBy<Pod>(api, 'pods', set).filter(isActive));
}

function calculateStatus(owner: ReplicaOwner, pods: readonly Pod[], failure: Failure | undefined, { now }: Context): ReplicaStatus {
  const minReadySeconds = owner.spec.minReadySeconds ?? 0;
  const labels: Selector = Object.entries(owner.spec.template?.metadata?.labels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] }));
  let [fullyLabeledReplicas, readyReplicas, availableReplicas] = [0, 0, 0];
  const isLabeled = matcher(labels);
  for (const pod of pods) {
    if (isLabeled(pod.metadata.labels)) fullyLabeledReplicas++;
    if (!isReady(pod)) continue;
    readyReplicas++;
    if (minReadySeconds === 0 || isAvailable(pod, minReadySeconds, now)) availableReplicas++;
  }
  const conditions = failureConditions(owner, pods.length, failure, formatTime(now));
  return {
    ...(conditions.length === 0 ? {} : { conditions }),
    replicas: pods.length,
    ...(fullyLabeledReplicas === 0 ? {} : { fullyLabeledReplicas }),
    ...(readyReplicas === 0 ? {} : { readyReplicas }),
    ...(availableReplicas === 0 ? {} : { availableReplicas }),
    ...(owner.metadata.generation === undefined ? {} : { observedGeneration: owner.metadata.generation }),
  };
}

/** The first failure is told until all is well again. */
function failureConditions({ spec, status }: ReplicaOwner, count: number, failure: Failure | undefined, now: string): readonly Condition[] {
  const conditions = status?.conditions ?? [];
  const isKnown = conditions.some(({ type }) => type === 'ReplicaFailure');
  if (failure === undefined || failure.isNamespaceTerminating === true)
    return isKnown ? conditions.filter(({ type }) => type !== 'ReplicaFailure') : conditions;
  if (isKnown) return conditions;
  const reason = count < (spec.replicas ?? 0) ? 'FailedCreate' : 'FailedDelete';
  return [...conditions, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: now, reason, message: failure.message }];
}
