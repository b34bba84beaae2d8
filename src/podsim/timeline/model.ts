/**
 * A pod's life as rows of spans over one time axis, and marks: what happened at which moment. Pure: evidence in, picture's content out.
 * Drawn as text (text.ts), as a picture (svg.ts), as JSON (json.ts) and by `podsim ui`.
 */
import type { Time } from '../../api/time.js';
import { conditionRows, phaseRow } from './conditions.js';
import { containerRows } from './containers.js';
import { deletionOf, deletionRow } from './deletion.js';
import type { Evidence } from './evidence.js';
import { marksOf } from './marks.js';
import { createdAt } from './times.js';

/** How it stood with whatever the row is about, for whoever chooses colours. */
export type Tone =
  /** True; running; phase Running. */
  | 'good'
  /** On its way: Pending, ContainerCreating. */
  | 'waiting'
  /** Waiting for something that does not come by itself: CrashLoopBackOff, ImagePullBackOff. */
  | 'trouble'
  /** Ended badly. */
  | 'failed'
  /** Ended well. */
  | 'done'
  /** Told to end, and not there yet. */
  | 'ending'
  /** False. */
  | 'off'
  /** Nobody has written it down. */
  | 'unknown';

export interface Span {
  readonly from: Time;
  /** Where the next one begins, or the row's end. */
  readonly to: Time;
  /** In Kubernetes' words: `Running`, `True`, `CrashLoopBackOff`, `Completed`. */
  readonly state: string;
  readonly tone: Tone;
  readonly message?: string;
  readonly exitCode?: number;
  /** Of a container's run: how many runs it had before. */
  readonly restart?: number;
  /** When it began is worked out from something else, or known to the second only. */
  readonly isApproximate?: true;
}

export type RowKind = 'phase' | 'condition' | 'initContainer' | 'sidecar' | 'container' | 'ephemeralContainer' | 'deletion';

export interface Row {
  readonly kind: RowKind;
  readonly name: string;
  /** In the order of time, without overlaps. Empty: it never came to it. */
  readonly spans: readonly Span[];
  /** Of a container: as its status says. */
  readonly restartCount?: number;
}

export type MarkKind = 'object' | 'event' | 'phase' | 'condition' | 'container' | 'signal' | 'probe' | 'hook';

export interface Mark {
  readonly at: Time;
  readonly kind: MarkKind;
  /** Whose doing: `kubectl`, `kube-apiserver`, `default-scheduler`, `kubelet`, `containerd`, a controller's name. */
  readonly component: string;
  /** One word: an Event's reason, a condition's type, a signal. */
  readonly reason: string;
  readonly message: string;
  readonly type: 'Normal' | 'Warning';
  readonly container?: string;
  /** It stands for so many occurrences, the last of them at `last`; of those in between nobody knows when. */
  readonly count?: number;
  readonly last?: Time;
  /** Worked out from something else, or known to the second only. */
  readonly isApproximate?: true;
}

export interface PodTimeline {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly node?: string;
  /** As STATUS of `kubectl get pods` has its main parts: the last phase, and whether it is being deleted. */
  readonly phase?: string;
  /** The axis: from the object's creation to now, or to when its object was removed. */
  readonly from: Time;
  readonly to: Time;
  readonly now: Time;
  /** The pod is being deleted. */
  readonly isTerminating: boolean;
  /** The object has been removed from the store. */
  readonly isGone: boolean;
  readonly rows: readonly Row[];
  readonly marks: readonly Mark[];
  /** Sentences on what is not known, or not to the millisecond. */
  readonly notes: readonly string[];
}

/** Everything that `evidence` shows of the pod's life, and nothing more. */
export function podTimeline(evidence: Evidence): PodTimeline {
  const { pod, now, removedAt } = evidence;
  const { namespace = '', name = '', uid } = pod.metadata;
  const containers = containerRows(evidence);
  const deletion = deletionRow(evidence);
  const from = createdAt(evidence);
  const marks = marksOf(evidence);
  const lastMark = marks.at(-1);
  const to = Math.max(removedAt ?? (evidence.isFromEvents === true ? (lastMark?.last ?? lastMark?.at ?? now) : now), from) as Time;
  const { nodeName } = pod.spec;
  const phase = pod.status?.phase;
  return {
    namespace,
    name,
    ...(uid === undefined ? {} : { uid }),
    ...(nodeName ? { node: nodeName } : {}),
    ...(phase === undefined ? {} : { phase }),
    from,
    to,
    now,
    isTerminating: deletionOf(evidence) !== undefined,
    isGone: removedAt !== undefined || evidence.isFromEvents === true,
    rows: [phaseRow(evidence), ...conditionRows(evidence), ...containers, ...(deletion === undefined ? [] : [deletion])],
    marks,
    notes: notesOf(evidence, containers),
  };
}

function notesOf(evidence: Evidence, containers: readonly Row[]): readonly string[] {
  const notes: string[] = [];
  if (evidence.isFromEvents === true) notes.push('The object is gone and only its Events are left: states of containers and conditions are not known.');
  const unknown = containers.filter(({ spans }) => spans.some(({ tone }) => tone === 'unknown'));
  if (unknown.length > 0 && evidence.isFromEvents !== true)
    notes.push(`Not every earlier run is still on record: of ${unknown.map(({ name }) => name).join(', ')} the API keeps only the last one that ended.`);
  const isRough = evidence.sandboxes.length === 0 && !evidence.isFromCreation && evidence.isFromEvents !== true;
  if (isRough) notes.push('Times come from the object and its Events: they are good to the second.');
  return notes;
}
