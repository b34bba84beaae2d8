/** What a Deployment says of itself: pkg/controller/deployment/progress.go and the conditions of util/deployment_util.go. */

import { isSemanticEqual } from '../../api/equality.js';
import { type Duration, formatTime, parseTime, seconds, type Time } from '../../api/time.js';
import type { ReplicaSet } from '../replicasets/types.js';
import { availableOf, maxUnavailable, replicasOf, sum, total } from './replica-sets.js';
import type { Deployment, DeploymentCondition, DeploymentStatus } from './types.js';

type Conditions = readonly DeploymentCondition[];

/** The deadline that means there is none: math.MaxInt32. */
const NO_DEADLINE = 2 ** 31 - 1;

export const hasProgressDeadline = ({ spec }: Deployment): boolean =>
  spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== NO_DEADLINE;

export const conditionOf = (status: DeploymentStatus | undefined, type: DeploymentCondition['type']): DeploymentCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type);

/** A condition that says something new goes to the end; lastTransitionTime moves only with its status. */
export function setCondition(conditions: Conditions = [], condition: DeploymentCondition): Conditions {
  const old = conditions.find(({ type }) => type === condition.type);
  if (old?.status === condition.status && old.reason === condition.reason) return conditions;
  const kept =
    old?.status === condition.status && old.lastTransitionTime !== undefined ? { ...condition, lastTransitionTime: old.lastTransitionTime } : condition;
  return [...withoutCondition(conditions, condition.type), kept];
}

const withoutCondition = (conditions: Conditions = [], type: DeploymentCondition['type']): Conditions =>
  conditions.filter((condition) => condition.type !== type);

export function newCondition(
  type: DeploymentCondition['type'],
  status: DeploymentCondition['status'],
  reason: string,
  message: string,
  now: Time,
): DeploymentCondition {
  const at = formatTime(now);
  return { type, status, lastUpdateTime: at, lastTransitionTime: at, reason, message };
}

/** calculateStatus. `all` holds the new set, if there is one. */
export function calculateStatus(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, now: Time): DeploymentStatus {
  const available = sum(all, availableOf);
  const isAvailable = available >= replicasOf(deployment) - maxUnavailable(deployment);
  const old = deployment.status;
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...nonZero('replicas', sum(all, actualOf)),
    ...nonZero('updatedReplicas', newSet === undefined ? 0 : actualOf(newSet)),
    ...nonZero(
      'readyReplicas',
      sum(all, ({ status }) => status?.readyReplicas ?? 0),
    ),
    ...nonZero('availableReplicas', available),
    ...nonZero('unavailableReplicas', Math.max(0, total(all) - available)),
    ...(old?.collisionCount === undefined ? {} : { collisionCount: old.collisionCount }),
    conditions: setCondition(
      old?.conditions,
      isAvailable
        ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
        : newCondition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', now),
    ),
  };
}

export const actualOf = (set: ReplicaSet): number => set.status?.replicas ?? 0;
const nonZero = <K extends string>(key: K, value: number): Partial<Record<K, number>> => (value === 0 ? {} : ({ [key]: value } as Record<K, number>));

export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const replicas = replicasOf(deployment);
  return (
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** DeploymentProgressing: more of the new, less of the old, more ready or more available than before. */
function isProgressing({ status: old }: Deployment, status: DeploymentStatus): boolean {
  const oldOnes = (of: DeploymentStatus | undefined) => (of?.replicas ?? 0) - (of?.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (old?.updatedReplicas ?? 0) ||
    oldOnes(status) < oldOnes(old) ||
    (status.readyReplicas ?? 0) > (old?.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (old?.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, status: DeploymentStatus, now: Time): boolean {
  const condition = conditionOf(status, 'Progressing');
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return deadlineOf(deployment, condition) < now;
}

const deadlineOf = ({ spec }: Deployment, { lastUpdateTime }: DeploymentCondition): number =>
  (parseTime(lastUpdateTime ?? '') ?? 0) + seconds(spec.progressDeadlineSeconds ?? 0);

/** syncRolloutStatus: the status of a Deployment that is rolled out, with what there is to say about its progress. */
export function rolloutStatus(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, now: Time): DeploymentStatus {
  const status = calculateStatus(deployment, all, newSet, now);
  let conditions = status.conditions;
  const current = conditionOf(deployment.status, 'Progressing');
  if (!hasProgressDeadline(deployment)) conditions = withoutCondition(conditions, 'Progressing');
  // A rollout that has completed is not estimated again, whatever becomes of its pods.
  const isDone = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (hasProgressDeadline(deployment) && !isDone) {
    const who = newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
    if (isComplete(deployment, status)) {
      conditions = setCondition(conditions, newCondition('Progressing', 'True', 'NewReplicaSetAvailable', `${who} has successfully progressed.`, now));
    } else if (isProgressing(deployment, status)) {
      // With every progress lastUpdateTime moves, even if the reason is the same: the deadline counts from it.
      const condition = newCondition('Progressing', 'True', 'ReplicaSetUpdated', `${who} is progressing.`, now);
      const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
      conditions = [...withoutCondition(conditions, 'Progressing'), since === undefined ? condition : { ...condition, lastTransitionTime: since }];
    } else if (isTimedOut(deployment, status, now)) {
      conditions = setCondition(conditions, newCondition('Progressing', 'False', 'ProgressDeadlineExceeded', `${who} has timed out progressing.`, now));
    }
  }
  const failure = replicaFailure(all, newSet);
  conditions = failure === undefined ? withoutCondition(conditions, 'ReplicaFailure') : setCondition(conditions, failure);
  return { ...status, conditions };
}

/** The new set's failure, else the first of another. */
function replicaFailure(all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): DeploymentCondition | undefined {
  for (const set of newSet === undefined ? all : [newSet, ...all]) {
    const failure = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (failure === undefined) continue;
    const { status, lastTransitionTime = '', reason = '', message = '' } = failure;
    return { type: 'ReplicaFailure', status, lastUpdateTime: lastTransitionTime, lastTransitionTime, reason, message };
  }
  return undefined;
}

export const isSameStatus = (a: DeploymentStatus | undefined, b: DeploymentStatus): boolean => isSemanticEqual(a, b);

/** requeueStuckDeployment: when to look whether the deadline has passed, a second late so that it surely has. */
export function untilDeadline(deployment: Deployment, status: DeploymentStatus, now: Time): Duration | undefined {
  const current = conditionOf(deployment.status, 'Progressing');
  if (!hasProgressDeadline(deployment) || current === undefined) return undefined;
  if (isComplete(deployment, status) || current.reason === 'ProgressDeadlineExceeded') return undefined;
  return (Math.max(0, deadlineOf(deployment, current) - now) + seconds(1)) as Duration;
}
