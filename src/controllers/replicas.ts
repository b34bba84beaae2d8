/**
 * Keeping so many pods: the loop of ReplicaSets and ReplicationControllers, which upstream share as well
 * (pkg/controller/replicaset/replica_set.go; pkg/controller/replication only wraps it).
 */

import { isSemanticEqual } from '../api/equality.js';
import { controllerOf, type KubeObject, keyOf, keyString, type ObjectKey } from '../api/object.js';
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
/** Adopting takes requests: the scheduler is faster, and a pod that is one too many is seen terminating. */
const ADOPTION = 5 as Duration;
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
  const isOrphan = ({ object, type }: WatchEvent): boolean => controllerOf(object) === undefined && type !== 'DELETED';
  const podKeys = (event: WatchEvent): readonly ObjectKey[] => {
    const key = controllerKey(event.object, kind.kind);
    if (key !== undefined) return [key];
    const before = event.old === undefined || isOrphan(event) ? undefined : controllerKey(event.old, kind.kind);
    return before === undefined ? NONE : [before];
  };
  const delay = (key: ObjectKey, api: Api): Duration => countingDelay(api.get<T>(kind.resource, key)?.spec.replicas ?? 0);
  const tallies = new Map<string, Tally>();
  /** Who wrote something else into the status than this loop has worked out will see it put right. */
  const misstated = ({ type, object, old }: WatchEvent<T>): readonly ObjectKey[] =>
    type !== 'MODIFIED' || object.status === old?.status || isSemanticEqual(object.status, tallies.get(keyString(keyOf(object)))?.status)
      ? NONE
      : [keyOf(object)];
  return {
    name: kind.name,
    watches: [
      { resource: kind.resource, keys: changedOwner },
      { resource: kind.resource, keys: (event) => misstated(event as WatchEvent<T>) },
      { resource: 'pods', controlledBy: kind.kind, keys: (event) => (isUrgent(event) ? podKeys(event) : NONE) },
      {
        resource: 'pods',
        controlledBy: kind.kind,
        keys: (event, api) => (isOrphan(event) ? adopters<T>(api, kind.resource, event.object, kind.selector) : NONE),
        after: ADOPTION,
      },
      { resource: 'pods', controlledBy: kind.kind, keys: (event) => (isCounted(event) ? podKeys(event) : NONE), after: delay },
    ],
    reconcile: (key, context) => {
      const owner = context.api.get<T>(kind.resource, key);
      if (owner === undefined) {
        tallies.delete(keyString(key));
        return undefined;
      }
      let tally = tallies.get(keyString(key));
      if (tally?.isFor(owner) !== true) {
        tally = new Tally(owner, kind.selector(owner));
        tallies.set(keyString(key), tally);
      }
      return reconcile(kind, owner, tally, context);
    },
  };
}

function reconcile<T extends KubeObject & ReplicaOwner>(kind: ReplicaKind<T>, owner: T, tally: Tally, context: Context): Result | undefined {
  const claimed = claim<Pod>(context.api, 'pods', owner, tally.selector, { matching: (owned) => tally.those(owned, MATCHES), isWanted: isActive });
  const pods = tally.those(claimed, ACTIVE);
  const failure = owner.metadata.deletionTimestamp === undefined ? manage(kind, owner, pods, context) : undefined;
  const status = calculateStatus(owner, pods, tally, failure, context);
  tally.status = status;
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

/** What a pod counts for. */
const MATCHES = 1;
const ACTIVE = 2;
const LABELED = 4;
const READY = 8;
const ALL = MATCHES | ACTIVE | LABELED | READY;

/** What each of an owner's pods counts for. Asked anew only of those that are not the objects they were: of ten thousand few change at a time. */
class Tally {
  readonly selector: Selector | undefined;
  /** As it was worked out last. */
  status: ReplicaOwner['status'];
  private readonly matches: (labels: KubeObject['metadata']['labels']) => boolean;
  private readonly isLabeled: (labels: KubeObject['metadata']['labels']) => boolean;
  private pods: readonly Pod[] = [];
  /** Theirs: kept, so that the pods as they were are not looked into again. */
  private names: readonly string[] = [];
  private marks = new Uint8Array(0);
  /** The marks that every one of them has. */
  private common = ALL;

  constructor(
    private readonly owner: ReplicaOwner,
    selector: Selector | undefined,
  ) {
    this.selector = selector;
    this.matches = matcher(selector ?? []);
    this.isLabeled = matcher(Object.entries(owner.spec.template?.metadata?.labels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] })));
  }

  /** Marks go by what the owner asks for. */
  isFor(owner: ReplicaOwner): boolean {
    return owner.spec === this.owner.spec;
  }

  /** Those with the mark; the list itself when all have it. */
  those(pods: readonly Pod[], mark: number): readonly Pod[] {
    this.look(pods);
    return (this.common & mark) !== 0 ? pods : pods.filter((_, i) => ((this.marks[i] as number) & mark) !== 0);
  }

  /** Both lists are in the order of names, so who is in both is found on the way. */
  private look(pods: readonly Pod[]): void {
    if (pods === this.pods) return;
    const marks = new Uint8Array(pods.length);
    const names: string[] = [];
    let common = ALL;
    let before = 0;
    for (let i = 0; i < pods.length; i++) {
      const pod = pods[i] as Pod;
      let name = this.names[before];
      if (this.pods[before] !== pod) {
        name = pod.metadata.name ?? '';
        while (before < this.names.length && (this.names[before] as string) < name) before++;
      }
      const own = this.pods[before] === pod ? (this.marks[before] as number) : this.markOf(pod);
      if (this.names[before] === name) before++;
      marks[i] = own;
      common &= own;
      names.push(name as string);
    }
    this.common = common;
    this.pods = pods;
    this.names = names;
    this.marks = marks;
  }

  private markOf(pod: Pod): number {
    const { labels } = pod.metadata;
    return (this.matches(labels) ? MATCHES : 0) | (isActive(pod) ? ACTIVE : 0) | (this.isLabeled(labels) ? LABELED : 0) | (isReady(pod) ? READY : 0);
  }
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

function calculateStatus(owner: ReplicaOwner, pods: readonly Pod[], tally: Tally, failure: Failure | undefined, { now }: Context): ReplicaStatus {
  const minReadySeconds = owner.spec.minReadySeconds ?? 0;
  const ready = tally.those(pods, READY);
  const readyReplicas = ready.length;
  const fullyLabeledReplicas = tally.those(pods, LABELED).length;
  const availableReplicas = minReadySeconds === 0 ? readyReplicas : ready.filter((pod) => isAvailable(pod, minReadySeconds, now)).length;
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
