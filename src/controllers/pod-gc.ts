/** Pods nobody will ever end: pkg/controller/podgc/gc_controller.go. Upstream looks every 20 s; here at the next such time after something happened. */
import { keyOf } from '../api/object.js';
import type { Context, Reconciler, Result } from '../api/reconciler.js';
import { type Duration, formatTime, parseTime, seconds } from '../api/time.js';
import type { WatchEvent } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import { attempt } from './attempt.js';
import { isTerminal, setPodCondition } from './pods.js';

const PERIOD = seconds(20);
/** How long a node must be gone before its pods count as orphans (quarantineTime). */
const QUARANTINE = seconds(40);
/** --terminated-pod-gc-threshold. */
const THRESHOLD = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const NONE: readonly never[] = [];

/** Keys: a node's name for its pods, '' for those without a node, `terminated` for those that are done. */
const key = (name: string) => ({ namespace: name === '' ? 'unscheduled' : name === 'terminated' ? 'terminated' : 'node', name: name === '' ? 'all' : name });

export const podGcController: Reconciler = {
  name: 'pod-garbage-collector-controller',
  watches: [
    // Gone for 40 s, and then the next look.
    {
      resource: 'nodes',
      keys: ({ type, object }) => (type === 'DELETED' ? [key(object.metadata.name ?? '')] : NONE),
      after: (QUARANTINE + PERIOD) as Duration,
    },
    { resource: 'nodes', keys: ({ object }) => (isOutOfService(object as Node) ? [key(object.metadata.name ?? '')] : NONE), after: PERIOD },
    { resource: 'pods', keys: endedKeys, after: PERIOD },
    { resource: 'pods', keys: strayKeys, after: (QUARANTINE + PERIOD) as Duration },
  ],
  reconcile: ({ namespace, name }, context) => {
    if (namespace === 'terminated') return collectTerminated(context);
    if (namespace === 'unscheduled') return collectUnscheduled(context);
    return collectOrphans(name, context);
  },
};

const isOutOfService = (node: Node): boolean => node.spec?.taints?.some((taint) => taint.key === OUT_OF_SERVICE) === true;
const isNodeReady = (node: Node): boolean => node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

/** Finished pods, and terminating ones that no kubelet will end. */
function endedKeys({ type, object, old }: WatchEvent, api: Context['api']) {
  const [pod, before] = [object as Pod, old as Pod | undefined];
  if (type === 'DELETED') return NONE;
  const node = pod.spec.nodeName;
  if (node && isTerminal(pod) && before !== undefined && !isTerminal(before)) return [key('terminated')];
  if (pod.metadata.deletionTimestamp === undefined || before?.metadata.deletionTimestamp !== undefined) return NONE;
  if (!node) return [key('')];
  const found = api.get<Node>('nodes', { namespace: '', name: node });
  return found !== undefined && isOutOfService(found) ? [key(node)] : NONE;
}

/** Bound by hand to a node that does not exist. */
function strayKeys({ type, object, old }: WatchEvent, api: Context['api']) {
  const node = (object as Pod).spec.nodeName;
  if (type === 'DELETED' || !node || (old as Pod | undefined)?.spec.nodeName === node) return NONE;
  return api.get('nodes', { namespace: '', name: node }) === undefined ? [key(node)] : NONE;
}

function collectOrphans(name: string, context: Context): Result | undefined {
  const node = context.api.get<Node>('nodes', { namespace: '', name });
  const pods = context.api.list<Pod>('pods', { index: { name: 'node', value: name } });
  if (node === undefined) {
    const message = 'PodGC: node no longer exists';
    for (const pod of pods) end(pod, context, { reason: 'DeletionByPodGC', message });
  } else if (isOutOfService(node) && !isNodeReady(node)) {
    for (const pod of pods) if (pod.metadata.deletionTimestamp !== undefined) end(pod, context);
  }
  return undefined;
}

function collectUnscheduled(context: Context): undefined {
  for (const pod of context.api.list<Pod>('pods', { index: { name: 'node', value: '' } })) if (pod.metadata.deletionTimestamp !== undefined) end(pod, context);
}

/** The oldest of too many finished pods. */
function collectTerminated(context: Context): undefined {
  const terminated = context.api.list<Pod>('pods').filter(isTerminal);
  if (terminated.length <= THRESHOLD) return;
  const created = ({ metadata }: Pod) => parseTime(metadata.creationTimestamp ?? '') ?? 0;
  for (const pod of terminated.toSorted((a, b) => created(a) - created(b)).slice(0, terminated.length - THRESHOLD)) end(pod, context);
}

/** Failed first, if it has not ended, and then removed without grace. */
function end(pod: Pod, { api, now }: Context, disruption?: { readonly reason: string; readonly message: string }): void {
  attempt(() => {
    if (!isTerminal(pod)) {
      const condition = { type: 'DisruptionTarget', status: 'True', ...disruption, lastProbeTime: null, lastTransitionTime: formatTime(now) } as const;
      const marked = disruption === undefined ? pod : setPodCondition(pod, condition);
      api.updateStatus<Pod>('pods', { ...marked, status: { ...marked.status, phase: 'Failed' } }, WRITE);
    }
    api.delete('pods', keyOf(pod), { gracePeriodSeconds: 0 });
  });
}
