/** The Job loop: pkg/controller/job/job_controller.go. */
import { controllerOf, keyOf, type ObjectKey } from '../../api/object.js';
import type { Reconciler, StateMap } from '../../api/reconciler.js';
import { selectorOf } from '../../api/selectors.js';
import { type Duration, parseTime, seconds } from '../../api/time.js';
import type { Api, WatchEvent } from '../../api/verbs.js';
import { claim, concernedOwners, controllerKey, ownedBy } from '../../controllers/owned.js';
import { isUrgent, readyCondition } from '../../controllers/pods.js';
import type { Pod } from '../pods/types.js';
import type { BackoffRecord } from './backoff.js';
import { TRACKING_FINALIZER } from './labels.js';
import { isTracked } from './pod-outcome.js';
import { JobSync } from './sync.js';
import type { Job } from './types.js';

const JOBS = 'jobs.batch';
/** syncJobBatchPeriod: changes of pods and of the status are looked at together. */
const BATCH = seconds(1);
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const NONE: readonly never[] = [];

const isFinished = ({ status }: Job): boolean =>
  status?.conditions?.some(({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True') === true;

const isSpecChange = ({ object, old }: WatchEvent): boolean =>
  old === undefined || object.metadata.generation !== old.metadata.generation || object.metadata.deletionTimestamp !== old.metadata.deletionTimestamp;

const backoffKey = ({ namespace, name }: ObjectKey): string => `job-controller/backoff/${namespace}/${name}`;

export function jobController(state: StateMap): Reconciler {
  return {
    name: 'job-controller',
    watches: [
      { resource: JOBS, keys: (event) => (isSpecChange(event) || event.type === 'DELETED' ? [keyOf(event.object)] : NONE) },
      { resource: JOBS, keys: (event) => (event.type === 'MODIFIED' && !isSpecChange(event) ? [keyOf(event.object)] : NONE), after: BATCH },
      { resource: 'pods', controlledBy: 'Job', keys: podKeys, after: BATCH },
    ],
    reconcile: (key, context) => {
      const job = context.api.get<Job>(JOBS, key);
      if (job === undefined || isFinished(job)) {
        state.delete(backoffKey(key));
        return undefined;
      }
      if (job.spec.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller') return undefined;
      if (job.spec.completionMode !== 'Indexed' && job.spec.completionMode !== 'NonIndexed') {
        context.event(job, 'Warning', 'UnknownCompletionMode', 'Skipped Job sync because completion mode is unknown');
        return undefined;
      }
      const pods = claim<Pod>(context.api, 'pods', job, selectorOf(job.spec.selector), { finalizer: TRACKING_FINALIZER });
      const known = state.get<BackoffRecord>(backoffKey(key));
      const sync = new JobSync(job, pods, context, known);
      const wait = sync.run();
      if (sync.backoff === undefined) state.delete(backoffKey(key));
      else if (sync.backoff !== known) state.set(backoffKey(key), sync.backoff);
      return wait === undefined ? undefined : { requeueAfter: wait };
    },
  };
}

const concerned = concernedOwners('Job', JOBS);

function podKeys(event: WatchEvent, api: Api): readonly ObjectKey[] {
  const { type, object, old } = event;
  if (type === 'MODIFIED' && !isUrgent(event) && !hasMoved(object as Pod, old as Pod)) return NONE;
  return concerned(event, api);
}

/** What the counts, the restarts and the finalizers depend on. */
function hasMoved(pod: Pod, old: Pod): boolean {
  return (
    pod.status?.phase !== old.status?.phase ||
    pod.metadata.finalizers !== old.metadata.finalizers ||
    readyCondition(pod)?.status !== readyCondition(old)?.status ||
    restarts(pod) !== restarts(old)
  );
}
const restarts = ({ status = {} }: Pod): number =>
  [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].reduce((sum, { restartCount }) => sum + restartCount, 0);

/** Pods that no Job counts any more must not be held back: syncOrphanPod. */
export const orphanController: Reconciler = {
  name: 'job-controller/orphans',
  watches: [
    {
      resource: 'pods',
      keys: ({ type, object }) => (type !== 'DELETED' && isTracked(object as Pod) && controllerKey(object, 'Job') === undefined ? [keyOf(object)] : NONE),
    },
    { resource: JOBS, keys: ({ type, object }, api) => (type === 'DELETED' ? ownedBy<Pod>(api, 'pods', object).filter(isTracked).map(keyOf) : NONE) },
  ],
  reconcile: (key, { api }) => {
    const pod = api.get<Pod>('pods', key);
    if (pod === undefined || !isTracked(pod)) return undefined;
    const owner = controllerOf(pod);
    const job = owner?.kind === 'Job' ? api.get<Job>(JOBS, { namespace: key.namespace, name: owner.name }) : undefined;
    if (job !== undefined && job.metadata.uid === owner?.uid) return undefined;
    const { finalizers = [], ...metadata } = pod.metadata;
    const left = finalizers.filter((finalizer) => finalizer !== TRACKING_FINALIZER);
    api.update<Pod>('pods', { ...pod, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } }, WRITE);
    return undefined;
  },
};

/** Finished Jobs with a time to live: pkg/controller/ttlafterfinished. */
export const ttlController: Reconciler = {
  name: 'ttl-after-finished-controller',
  watches: [
    {
      resource: JOBS,
      keys: ({ type, object }) =>
        type !== 'DELETED' && (object as Job).spec.ttlSecondsAfterFinished !== undefined && isFinished(object as Job) ? [keyOf(object)] : NONE,
    },
  ],
  reconcile: (key, { api, now }) => {
    const job = api.get<Job>(JOBS, key);
    const ttl = job?.spec.ttlSecondsAfterFinished;
    if (job === undefined || ttl === undefined || !isFinished(job) || job.metadata.deletionTimestamp !== undefined) return undefined;
    const ended = job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
    const left = (parseTime(ended?.lastTransitionTime ?? '') ?? now) + seconds(ttl) - now;
    if (left > 0) return { requeueAfter: left as Duration };
    api.delete(JOBS, key, { propagationPolicy: 'Foreground', preconditions: { uid: job.metadata.uid ?? '' } });
    return undefined;
  },
};
