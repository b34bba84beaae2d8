/**
 * kube-scheduler: takes pods without a node, the most important first, and binds each to the best node there is
 * (pkg/scheduler/schedule_one.go). All pods that wait at one instant are handled by one reconcile.
 */
import { keyOf, keyString, type ObjectKey } from '../api/object.js';
import type { Reconciler, StateMap, Watch } from '../api/reconciler.js';
import { since } from '../api/time.js';
import type { Api, WatchEvent } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import { ClusterCache, isPending } from './cluster-cache.js';
import { nodeEvents, ownEvents, podEvents, storageEvents } from './cluster-events.js';
import { type ClusterEvent, clusterKey } from './framework.js';
import { SchedulingQueue, type Waiting } from './queue.js';
import { Round } from './round.js';

const QUEUE = clusterKey('queue');
/** Keys that say what changed: `retry-NodeAdd`. */
const RETRY = 'retry-';
const NONE: readonly never[] = [];

/**
 * Made once for an open cluster: it watches `api` to know what runs where. `others`: the names for which a pod schedules, if one
 * of its containers runs as a further scheduler; what they do is done here for them.
 */
export function makeScheduler(api: Api, state: StateMap, others: (pod: Pod) => readonly string[]): Reconciler {
  const cache = new ClusterCache(api);
  const queue = new SchedulingQueue(state);
  const infoOf = ({ uid }: Waiting) => {
    const pod = cache.pending.get(uid);
    return pod === undefined ? undefined : cache.info(pod);
  };
  const retries = (events: readonly ClusterEvent[], { object, old }: WatchEvent): readonly ObjectKey[] =>
    events.flatMap((event) => [
      ...(queue.wants(event) ? [clusterKey(RETRY + event)] : []),
      ...[...queue.helpedBy({ event, object, old }, cache, infoOf)].map(keyFrom),
    ]);
  /** A change of its own lets it try again if those who turned it away look at what changed. */
  const helpsItself = (old: Pod, pod: Pod): boolean => {
    const entry = queue.get(pod);
    return entry !== undefined && ownEvents(old, pod).some((event) => queue.isHelpedBy(entry, { event, object: pod, old }, cache, () => cache.info(pod)));
  };
  /** Whom it helps that a pod gives up the room it was promised, if only by taking it: to those no more important it was as good as there. */
  const released = ({ type, object, old }: WatchEvent<Pod>): readonly ObjectKey[] => {
    const before = type === 'DELETED' ? object : old;
    const promised = before?.status?.nominatedNodeName;
    if (before === undefined || !promised || !isPending(before)) return NONE;
    if (type !== 'DELETED' && isPending(object) && object.status?.nominatedNodeName === promised) return NONE;
    const change = { event: 'PodDelete', object: before, old: undefined } as const;
    return [...queue.all()].flatMap(([key, entry]) => {
      const info = infoOf(entry);
      const isLess = info !== undefined && info.priority <= (before.spec.priority ?? 0);
      return isLess && queue.isHelpedBy(entry, change, cache, () => info) ? [keyFrom(key)] : [];
    });
  };
  /** Asked only of pods whose containers have changed, as one asks what each of them runs. */
  const beginsToSchedule = ({ type, object, old }: WatchEvent<Pod>): boolean =>
    type === 'MODIFIED' &&
    object.status?.containerStatuses !== old?.status?.containerStatuses &&
    others(object).length > 0 &&
    (old === undefined || others(old).length === 0);
  const storage = (resource: string): Watch => ({ resource, keys: (event) => (queue.isEmpty ? NONE : retries(storageEvents(event), event)) });
  return {
    name: 'scheduler',
    watches: [
      {
        resource: 'pods',
        keys(event) {
          const pods = event as WatchEvent<Pod>;
          const { object, old } = pods;
          if (beginsToSchedule(pods)) return [QUEUE];
          if (pods.type !== 'DELETED' && isPending(object)) {
            if (old === undefined || !isPending(old)) return [QUEUE];
            return helpsItself(old, object) ? [keyOf(object)] : released(pods);
          }
          return queue.isEmpty ? NONE : [...retries(podEvents(pods), event), ...released(pods)];
        },
      },
      { resource: 'nodes', keys: (event) => (queue.isEmpty ? NONE : retries(nodeEvents(event as WatchEvent<Node>), event)) },
      storage('persistentvolumeclaims'),
      storage('persistentvolumes'),
      storage('storageclasses.storage.k8s.io'),
      storage('csinodes.storage.k8s.io'),
      storage('csistoragecapacities.storage.k8s.io'),
      storage('volumeattachments.storage.k8s.io'),
    ],
    reconcile(key, context) {
      if (key.namespace !== '') queue.retry(keyString(key), context.now);
      else if (key.name.startsWith(RETRY)) queue.move(key.name.slice(RETRY.length) as ClusterEvent, context.now);
      const next = new Round(context, state, cache, queue, others).run();
      if (next !== undefined) context.requeue(QUEUE, since(context.now, next));
      return undefined;
    },
  };
}

const keyFrom = (text: string): ObjectKey => {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
};
