/** The Deployment loop: pkg/controller/deployment/deployment_controller.go. */
import { keyOf, type ObjectKey } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { selectorOf } from '../../api/selectors.js';
import { milliseconds } from '../../api/time.js';
import type { Api, WatchEvent } from '../../api/verbs.js';
import { retryDelay } from '../../controllers/backoff.js';
import { claim, concernedOwners, controllerKey, ownedBy } from '../../controllers/owned.js';
import type { Pod } from '../pods/types.js';
import type { ReplicaSet } from '../replicasets/types.js';
import { rollbackOf } from './replica-sets.js';
import { Rollout } from './rollout.js';
import { calculateStatus, conditionOf, hasProgressDeadline, isSameStatus, newCondition, rolloutStatus, setCondition, untilDeadline } from './status.js';
import type { Deployment } from './types.js';

const NONE: readonly never[] = [];
const setKeys = concernedOwners('Deployment', 'deployments.apps');

export const controller: Reconciler = {
  name: 'deployment-controller',
  watches: [
    { resource: 'deployments.apps', keys: ({ type, object }) => (type === 'DELETED' ? NONE : [keyOf(object)]) },
    { resource: 'replicasets.apps', keys: (event, api) => (isResized(event) ? NONE : setKeys(event, api)) },
    // The ReplicaSet's own loop is at work on its new size before it can be corrected here.
    { resource: 'replicasets.apps', keys: (event, api) => (isResized(event) ? setKeys(event, api) : NONE), after: milliseconds(1) },
    { resource: 'pods', keys: podKeys },
  ],
  reconcile: (key, context) => {
    const deployment = context.api.get<Deployment>('deployments.apps', key);
    return deployment === undefined ? undefined : reconcile(deployment, context);
  },
};

function isResized({ type, object, old }: WatchEvent): boolean {
  return type === 'MODIFIED' && (object as ReplicaSet).spec.replicas !== (old as ReplicaSet | undefined)?.spec.replicas;
}

/** A pod that is gone may be the last one a Recreate waits for: nobody hears of it as long as any ReplicaSet has one, the new one too. */
function podKeys({ type, object }: WatchEvent, api: Api): readonly ObjectKey[] {
  if (type !== 'DELETED') return NONE;
  const setKey = controllerKey(object, 'ReplicaSet');
  const set = setKey && api.get<ReplicaSet>('replicasets.apps', setKey);
  const key = set && controllerKey(set, 'Deployment');
  const deployment = key && api.get<Deployment>('deployments.apps', key);
  if (deployment?.spec.strategy?.type !== 'Recreate') return NONE;
  const sets = ownedBy<ReplicaSet>(api, 'replicasets.apps', deployment);
  return sets.every((one) => ownedBy<Pod>(api, 'pods', one).length === 0) ? [key as ObjectKey] : NONE;
}

function reconcile(deployment: Deployment, context: Context): Result | undefined {
  const { selector } = deployment.spec;
  if (Object.keys(selector?.matchLabels ?? {}).length === 0 && !selector?.matchExpressions?.length) {
    context.event(deployment, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.');
    return undefined;
  }
  const sets = claim<ReplicaSet>(context.api, 'replicasets.apps', deployment, selectorOf(selector));
  const rollout = new Rollout(deployment, sets, context);
  const { spec, metadata } = deployment;
  if (metadata.deletionTimestamp !== undefined) {
    rollout.findSets(false);
    writeStatus(rollout, context);
    return undefined;
  }
  notePause(rollout, context);
  rollout.findSets(false);
  if (spec.paused === true) {
    rollout.scale();
    rollout.cleanUp();
    writeStatus(rollout, context);
    return undefined;
  }
  const asked = rollbackOf(deployment);
  if (asked !== undefined) {
    if (rollout.findSets(true)) rollout.rollback(asked);
    return undefined;
  }
  if (rollout.isScaling()) {
    rollout.scale();
    writeStatus(rollout, context);
    return undefined;
  }
  const isFine = spec.strategy?.type === 'Recreate' ? rollout.recreate() : rollout.rollingUpdate();
  if (!isFine) {
    const since = conditionOf(rollout.deployment.status, 'Progressing')?.lastTransitionTime;
    return { requeueAfter: retryDelay(context, deployment, 'ReplicaSetCreateError', since) };
  }
  const status = rolloutStatus(rollout.deployment, rollout.all, rollout.newSet, context.now);
  if (!isSameStatus(rollout.deployment.status, status)) {
    rollout.writeStatus(status);
    return undefined;
  }
  const wait = untilDeadline(rollout.deployment, status, context.now);
  return wait === undefined ? undefined : { requeueAfter: wait };
}

/** syncDeploymentStatus: the counts, without a word about progress. */
function writeStatus(rollout: Rollout, { now }: Context): void {
  const status = calculateStatus(rollout.deployment, rollout.all, rollout.newSet, now);
  if (!isSameStatus(rollout.deployment.status, status)) rollout.writeStatus(status);
}

/** checkPausedConditions: a pause stops the deadline's clock, but not over a rollout that has timed out. */
function notePause(rollout: Rollout, { now }: Context): void {
  const { deployment } = rollout;
  const condition = conditionOf(deployment.status, 'Progressing');
  if (!hasProgressDeadline(deployment) || condition?.reason === 'ProgressDeadlineExceeded') return;
  const isPaused = deployment.spec.paused === true;
  if (isPaused === (condition?.reason === 'DeploymentPaused')) return;
  const next = isPaused
    ? newCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', now)
    : newCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', now);
  rollout.writeStatus({ ...deployment.status, conditions: setCondition(deployment.status?.conditions, next) });
}
