/** The StatefulSet loop: pkg/controller/statefulset/{stateful_set,stateful_set_control}.go. */

import { isSemanticEqual } from '../../api/equality.js';
import { StatusError } from '../../api/errors.js';
import { keyOf } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { selectorOf } from '../../api/selectors.js';
import { seconds } from '../../api/time.js';
import type { Api, WatchEvent } from '../../api/verbs.js';
import { retryDelay } from '../../controllers/backoff.js';
import { changedOwner, claim, concernedOwners } from '../../controllers/owned.js';
import { isAvailable, isCounted, isReady, isTerminal, isUrgent, nextAvailable } from '../../controllers/pods.js';
import {
  byRevision,
  createRevision,
  hashRevision,
  isSameData,
  REVISIONS,
  setRevisionNumber,
  templateOf,
  templatePatch,
  truncateHistory,
} from '../../controllers/revisions.js';
import type { ControllerRevision } from '../controllerrevisions/types.js';
import type { Pod } from '../pods/types.js';
import { createClaims, fixClaimOwners, hasStaleClaim } from './claims.js';
import { isInRange, newPod, ordinalOf, repaired, replicasOf, revisionNameOf, startOf } from './identity.js';
import type { StatefulSet, StatefulSetStatus } from './types.js';

const SETS = 'statefulsets.apps';
const HASH_LABEL = 'controller.kubernetes.io/hash';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const NONE: readonly never[] = [];
/** MaxBatchSize. */
const BATCH = 500;
/** Claims of a pod before are soon gone. */
const STALE = seconds(1);
const podKeys = concernedOwners('StatefulSet', SETS);

export const controller: Reconciler = {
  name: 'statefulset-controller',
  watches: [
    { resource: SETS, keys: changedOwner },
    {
      resource: 'pods',
      controlledBy: 'StatefulSet',
      keys: (event, api) => (isUrgent(event) || isCounted(event) || isWaitingAnew(event) || event.type === 'DELETED' ? podKeys(event, api) : NONE),
    },
  ],
  reconcile: (key, context) => {
    const set = context.api.get<StatefulSet>(SETS, key);
    return set === undefined ? undefined : reconcile(set, context);
  },
};

/** The scheduler has said something else of a pod that waits: perhaps that its claim is gone, which is made anew. */
const isWaitingAnew = ({ type, object, old }: WatchEvent): boolean =>
  type === 'MODIFIED' && (object as Pod).status?.phase === 'Pending' && scheduledMessage(object as Pod) !== scheduledMessage(old as Pod | undefined);
const scheduledMessage = (pod: Pod | undefined): string | undefined => pod?.status?.conditions?.find((one) => one.type === 'PodScheduled')?.message;

/** Before a pod has a phase it is only planned. */
const isCreated = ({ status }: Pod): boolean => status?.phase !== undefined;
const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);
const isHealthy = (pod: Pod): boolean => isRunningAndReady(pod) && !isTerminating(pod);

interface Revisions {
  readonly all: readonly ControllerRevision[];
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

function reconcile(set: StatefulSet, context: Context): Result | undefined {
  const { api, now } = context;
  const isMember = (pod: Pod): boolean => ordinalOf(set, pod) !== undefined;
  const pods = claim<Pod>(api, 'pods', set, selectorOf(set.spec.selector), { isWanted: isMember }).filter(isMember);
  const revisions = findRevisions(set, api);
  const sync = new Sync(set, pods, revisions, context);
  const failure = sync.run();
  const status = sync.finalStatus();
  // A count below zero (of pods taken over without a revision) the API server would refuse; the next look counts anew.
  const isValid = (status.currentReplicas ?? 0) >= 0;
  if (isValid && !isSemanticEqual(status, set.status)) api.updateStatus<StatefulSet>(SETS, { ...set, status }, WRITE);
  // By the status that has just been written: upstream's next sync, which that write brings about, does this.
  const live = new Set([status.currentRevision, status.updateRevision, ...pods.map(revisionNameOf)]);
  truncateHistory(api, revisions.all, ({ metadata }) => live.has(metadata.name), set.spec.revisionHistoryLimit ?? 10);
  if (failure !== undefined) return { requeueAfter: retryDelay(context, set, failure.reason, failure.since) };
  const next = sync.hasStale ? STALE : nextAvailable(pods, set.spec.minReadySeconds ?? 0, now);
  return next === undefined ? undefined : { requeueAfter: next };
}

/** getStatefulSetRevisions: the template's revision, new, or an old one under a new number; and the one pods are coming from. */
function findRevisions(set: StatefulSet, api: Api): Revisions {
  const all = claim<ControllerRevision>(api, REVISIONS, set, selectorOf(set.spec.selector)).toSorted(byRevision);
  const data = templatePatch(set.spec.template);
  const next = (all.at(-1)?.revision ?? 0) + 1;
  const collisions = set.status?.collisionCount ?? 0;
  const equal = all.findLast((revision) => isSameData(revision, { data } as ControllerRevision));
  let update: ControllerRevision;
  let collisionCount = collisions;
  if (equal !== undefined) update = equal === all.at(-1) ? equal : setRevisionNumber(api, equal, next);
  else {
    const labels = set.spec.template.metadata?.labels ?? {};
    const plan = { owner: set, data, revision: next, labels, hash: (count: number) => hashRevision(data, count), hashLabel: HASH_LABEL };
    ({ revision: update, collisionCount } = createRevision(api, plan, collisions));
  }
  const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  return { all: equal === undefined ? [...all, update] : all, current, update, collisionCount };
}

interface SyncFailure {
  readonly reason: string;
  readonly since: string | undefined;
}

/** One pass over the pods. `wait` in a step's answer: nothing more can be done in this pass. */
class Sync {
  /** Pods to be, by ordinal from the start; those without a phase are not created yet. */
  private readonly replicas: readonly Pod[];
  /** Pods beyond, the highest ordinal first. */
  private readonly condemned: readonly Pod[];
  private readonly status: StatefulSetStatus;
  private failure: SyncFailure | undefined;
  private deletedOutdated = 0;
  /** A pod waits for the claims of the one before it to go. */
  hasStale = false;

  constructor(
    private readonly set: StatefulSet,
    pods: readonly Pod[],
    private readonly revisions: Revisions,
    private readonly context: Context,
  ) {
    const start = startOf(set);
    const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod) as number, pod]));
    this.replicas = Array.from({ length: replicasOf(set) }, (_, i) => byOrdinal.get(start + i) ?? this.planned(start + i));
    this.condemned = pods.filter((pod) => !isInRange(set, this.ordinal(pod))).toSorted((a, b) => this.ordinal(b) - this.ordinal(a));
    this.status = this.count(pods);
  }

  private ordinal(pod: Pod): number {
    return ordinalOf(this.set, pod) ?? 0;
  }

  /** newVersionedStatefulSetPod: below the partition, and with none while old pods are still counted, a pod comes back as it was. */
  private planned(ordinal: number): Pod {
    const { set, revisions } = this;
    const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
    const old = type === 'RollingUpdate' && rollingUpdate === undefined ? (set.status?.currentReplicas ?? 0) : (rollingUpdate?.partition ?? 0);
    const revision = ordinal < startOf(set) + old ? revisions.current : revisions.update;
    return newPod(set, templateOf(revision), revision.metadata.name ?? '', ordinal);
  }

  /** What the counts are of: the pods as they were found. */
  private count(pods: readonly Pod[]): StatefulSetStatus {
    const { set, revisions, context } = this;
    const { minReadySeconds = 0 } = set.spec;
    const of = (revision: ControllerRevision) => pods.filter((pod) => !isTerminating(pod) && revisionNameOf(pod) === revision.metadata.name).length;
    const ready = pods.filter(isRunningAndReady);
    return {
      observedGeneration: set.metadata.generation ?? 0,
      replicas: pods.length,
      readyReplicas: ready.length,
      availableReplicas: ready.filter((pod) => isAvailable(pod, minReadySeconds, context.now)).length,
      currentReplicas: of(revisions.current),
      updatedReplicas: of(revisions.update),
      currentRevision: revisions.current.metadata.name ?? '',
      updateRevision: revisions.update.metadata.name ?? '',
      collisionCount: revisions.collisionCount,
    };
  }

  run(): SyncFailure | undefined {
    const { set, replicas, condemned } = this;
    if (set.metadata.deletionTimestamp !== undefined) return undefined;
    const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
    const unhealthy = [...replicas, ...condemned.toReversed()].find((pod) => !isHealthy(pod));
    if (this.forAll(replicas, isOrdered, (pod) => this.processReplica(pod, isOrdered))) return this.failure;
    for (const pod of condemned) fixClaimOwners(this.context, set, pod, this.ordinal(pod));
    if (this.forAll(condemned, isOrdered, (pod) => this.processCondemned(pod, isOrdered, unhealthy))) return this.failure;
    if (set.spec.updateStrategy?.type !== 'OnDelete') this.rollingUpdate();
    return this.failure;
  }

  /** In order until one says to wait; in parallel in batches that double, and only a failure waits. */
  private forAll(pods: readonly Pod[], isOrdered: boolean, step: (pod: Pod) => boolean): boolean {
    if (isOrdered) return pods.some(step);
    for (let start = 0, size = 1; start < pods.length; start += size, size = Math.min(2 * size, BATCH)) {
      pods.slice(start, start + size).forEach(step);
      if (this.failure !== undefined) return true;
    }
    return false;
  }

  private processReplica(pod: Pod, isOrdered: boolean): boolean {
    const { set, context } = this;
    const ordinal = this.ordinal(pod);
    if (isTerminal(pod)) {
      // The new one is made when this one is gone.
      if (!isTerminating(pod)) this.delete(pod);
      return true;
    }
    if (!isCreated(pod)) {
      if (hasStaleClaim(context, set, pod, ordinal)) this.hasStale = true;
      else this.create(pod, ordinal);
      return true;
    }
    if (pod.status?.phase === 'Pending') {
      if (this.createClaims(pod, ordinal) !== undefined) return true;
      fixClaimOwners(context, set, pod, ordinal);
    }
    const isIn = !isTerminating(pod) && isRunningAndReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, context.now);
    if (isOrdered && !isIn) return true;
    const isFixed = fixClaimOwners(context, set, pod, ordinal);
    const right = repaired(pod, ordinal);
    if (right !== undefined) context.api.update<Pod>('pods', right, WRITE);
    if (isFixed || right !== undefined)
      context.event(set, 'Normal', 'SuccessfulUpdate', `update Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`);
    return false;
  }

  private processCondemned(pod: Pod, isOrdered: boolean, unhealthy: Pod | undefined): boolean {
    if (isTerminating(pod)) return isOrdered;
    const isIn = isRunningAndReady(pod) && isAvailable(pod, this.set.spec.minReadySeconds ?? 0, this.context.now);
    if (isOrdered && !isIn && pod !== unhealthy) return true;
    this.delete(pod);
    return true;
  }

  /** From the highest ordinal down to the partition: the first outdated pod goes, and whatever is not healthy is waited for. */
  private rollingUpdate(): void {
    const { replicas, revisions, set } = this;
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (let i = replicas.length - 1; i >= partition; i--) {
      const pod = replicas[i] as Pod;
      if (revisionNameOf(pod) !== revisions.update.metadata.name && !isTerminating(pod)) {
        this.delete(pod);
        // Whatever revision it was of: of a third one, too many are taken off until the next look.
        this.deletedOutdated++;
        return;
      }
      if (!isHealthy(pod)) return;
    }
  }

  private create(pod: Pod, ordinal: number): void {
    const { set, context } = this;
    const where = `create Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
    const claimError = this.createClaims(pod, ordinal);
    if (claimError !== undefined) {
      context.event(set, 'Warning', 'FailedCreate', `${where} failed error: ${claimError}`);
      return;
    }
    try {
      const created = context.api.create<Pod>('pods', pod, WRITE);
      fixClaimOwners(context, set, created, ordinal);
      context.event(set, 'Normal', 'SuccessfulCreate', `${where} successful`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.reason !== 'AlreadyExists') context.event(set, 'Warning', 'FailedCreate', `${where} failed error: ${error.message}`);
      this.fail('FailedCreate');
    }
  }

  /** Returns the error's text, if there is one. */
  private createClaims(pod: Pod, ordinal: number): string | undefined {
    const error = createClaims(this.context, this.set, pod.metadata.name ?? '', ordinal);
    if (error !== undefined) this.fail('FailedCreate');
    return error;
  }

  private delete(pod: Pod): void {
    const { set, context } = this;
    const where = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
    try {
      context.api.delete('pods', keyOf(pod));
      context.event(set, 'Normal', 'SuccessfulDelete', `${where} successful`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.reason === 'NotFound') return;
      context.event(set, 'Warning', 'FailedDelete', `${where} failed error: ${error.message}`);
      this.fail('FailedDelete');
    }
  }

  /** Tries since the set was last well are counted: since its newest pod, or its own creation. */
  private fail(reason: string): void {
    this.failure = { reason, since: this.set.metadata.creationTimestamp ?? undefined };
  }

  /** completeRollingUpdate: when all pods are new and ready, the update revision becomes the current one. */
  finalStatus(): StatefulSetStatus {
    const { status, set } = this;
    const replicas = replicasOf(set);
    const { updatedReplicas = 0, readyReplicas = 0 } = status;
    const isComplete =
      set.spec.updateStrategy?.type === 'RollingUpdate' && updatedReplicas === replicas && readyReplicas === replicas && status.replicas === replicas;
    const current = isComplete ? updatedReplicas : (status.currentReplicas ?? 0) - this.deletedOutdated;
    const { currentReplicas: _, updatedReplicas: __, readyReplicas: ___, ...rest } = status;
    return {
      ...rest,
      ...(current === 0 ? {} : { currentReplicas: current }),
      ...(updatedReplicas === 0 ? {} : { updatedReplicas }),
      ...(readyReplicas === 0 ? {} : { readyReplicas }),
      ...(isComplete && status.updateRevision !== undefined ? { currentRevision: status.updateRevision } : {}),
    };
  }
}
