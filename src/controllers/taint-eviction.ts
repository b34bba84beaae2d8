/** Pods leave nodes with a NoExecute taint: pkg/controller/tainteviction/taint_eviction.go. */
import { tolerates } from '../api/node-selector.js';
import { keyOf, keyString } from '../api/object.js';
import type { Context, Reconciler, Result, StateMap } from '../api/reconciler.js';
import { type Duration, formatTime, type Time } from '../api/time.js';
import type { Api, WatchEvent } from '../api/verbs.js';
import type { Node, Taint } from '../resources/nodes/types.js';
import type { Toleration } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import { attempt } from './attempt.js';
import { setPodCondition } from './pods.js';

const NAME = 'taint-eviction-controller';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const NONE: readonly never[] = [];

/** When each pod of a tainted node is to go, by uid. */
type Schedule = Readonly<Record<string, Time>>;
const scheduleKey = (node: string): string => `${NAME}/${node}`;

const noExecute = (node: Node | undefined): readonly Taint[] => node?.spec?.taints?.filter(({ effect }) => effect === 'NoExecute') ?? NONE;

export function taintEvictionController(state: StateMap): Reconciler {
  return {
    name: NAME,
    watches: [
      { resource: 'nodes', keys: ({ object, old }) => (isSame(noExecute(object as Node), noExecute(old as Node | undefined)) ? NONE : [keyOf(object)]) },
      { resource: 'pods', keys: (event, api) => nodeOf(event, api) },
    ],
    reconcile: ({ name }, context) => evict(name, state, context),
  };
}

const isSame = (a: readonly Taint[], b: readonly Taint[]): boolean =>
  a.length === b.length && a.every(({ key, value }, i) => key === b[i]?.key && value === b[i]?.value);

/** A pod that comes to a tainted node, or tolerates something else now. */
function nodeOf({ type, object, old }: WatchEvent, api: Api) {
  const [pod, before] = [object as Pod, old as Pod | undefined];
  const name = pod.spec.nodeName;
  if (type === 'DELETED' || !name || (pod.spec.nodeName === before?.spec.nodeName && pod.spec.tolerations === before.spec.tolerations)) return NONE;
  return noExecute(api.get<Node>('nodes', { namespace: '', name })).length > 0 ? [{ namespace: '', name }] : NONE;
}

function evict(name: string, state: StateMap, context: Context): Result | undefined {
  const { api, now } = context;
  const taints = noExecute(api.get<Node>('nodes', { namespace: '', name }));
  const schedule = state.get<Schedule>(scheduleKey(name)) ?? {};
  if (taints.length === 0 && Object.keys(schedule).length === 0) return undefined;
  const next: Record<string, Time> = {};
  let wake: Time | undefined;
  for (const pod of api.list<Pod>('pods', { index: { name: 'node', value: name } })) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const uid = pod.metadata.uid ?? '';
    const planned = schedule[uid];
    const stay = tolerated(taints, pod.spec.tolerations ?? NONE);
    // One that is to go at once has its plan cancelled first.
    if (planned !== undefined && (stay === undefined || stay === Number.POSITIVE_INFINITY)) note(pod, 'Cancelling deletion of', context);
    if (stay === Number.POSITIVE_INFINITY) continue;
    // What has been planned stays as planned, whatever else it tolerates by now.
    const due = stay === undefined ? now : (planned ?? ((now + stay * 1000) as Time));
    if (due <= now) remove(pod, context);
    else {
      next[uid] = due;
      if (wake === undefined || due < wake) wake = due;
    }
  }
  if (Object.keys(next).length === 0) state.delete(scheduleKey(name));
  else state.set(scheduleKey(name), next);
  return wake === undefined ? undefined : { requeueAfter: (wake - now) as Duration };
}

/** How many seconds the pod may stay; infinite: for ever; undefined: it does not tolerate one of the taints. */
function tolerated(taints: readonly Taint[], tolerations: readonly Toleration[]): number | undefined {
  let shortest = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const matching = tolerations.find((toleration) => tolerates(toleration, taint));
    if (matching === undefined) return undefined;
    if (matching.tolerationSeconds !== undefined) shortest = Math.min(shortest, Math.max(0, matching.tolerationSeconds));
  }
  return shortest;
}

function remove(pod: Pod, context: Context): void {
  note(pod, 'Marking for deletion', context);
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastProbeTime: null,
    lastTransitionTime: formatTime(context.now),
  } as const;
  attempt(() => {
    context.api.updateStatus<Pod>('pods', setPodCondition(pod, condition), WRITE);
    context.api.delete('pods', keyOf(pod));
  });
}

/** emitPodDeletionEvent, emitCancelPodDeletionEvent: about a pod of that name, without its uid; so `kubectl describe pod` does not show it. */
function note({ apiVersion, kind, metadata: { namespace = '', name = '' } }: Pod, what: string, context: Context): void {
  context.event({ apiVersion, kind, metadata: { namespace, name } }, 'Normal', 'TaintManagerEviction', `${what} Pod ${keyString({ namespace, name })}`);
}
