/** The model as JSON: times in RFC 3339 with milliseconds, and as seconds since the pod's beginning. */
import { formatMicroTime, type Time } from '../../api/time.js';
import type { PodTimeline } from './model.js';

/** The shape of `-o json`. Members are only ever added. */
export interface TimelineJson {
  readonly kind: 'PodTimeline';
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid?: string; readonly node?: string; readonly phase?: string };
  /** The axis; `end` is `now`, or when the object was removed. */
  readonly start: string;
  readonly end: string;
  readonly now: string;
  readonly terminating: boolean;
  readonly gone: boolean;
  readonly rows: readonly {
    /** phase, condition, initContainer, sidecar, container, ephemeralContainer, deletion. */
    readonly kind: string;
    readonly name: string;
    readonly restartCount?: number;
    readonly spans: readonly {
      readonly from: string;
      readonly to: string;
      readonly fromSeconds: number;
      readonly toSeconds: number;
      readonly state: string;
      /** good, waiting, trouble, failed, done, ending, off, unknown. */
      readonly tone: string;
      readonly exitCode?: number;
      readonly restart?: number;
      readonly message?: string;
      /** Worked out, or good to the second only. */
      readonly approximate?: true;
    }[];
  }[];
  /** In the order of time. */
  readonly events: readonly {
    readonly at: string;
    readonly seconds: number;
    /** object, event, phase, condition, container, signal, probe, hook. */
    readonly kind: string;
    readonly component: string;
    readonly type: 'Normal' | 'Warning';
    readonly reason: string;
    readonly message: string;
    readonly container?: string;
    /** So many occurrences, the last at `last`. */
    readonly count?: number;
    readonly last?: string;
    readonly approximate?: true;
  }[];
  readonly notes: readonly string[];
}

export function timelineJson(timeline: PodTimeline): TimelineJson {
  const { namespace, name, uid, node, phase, from, to, now } = timeline;
  const since = (time: Time): number => (time - from) / 1000;
  return {
    kind: 'PodTimeline',
    pod: { namespace, name, ...(uid === undefined ? {} : { uid }), ...(node === undefined ? {} : { node }), ...(phase === undefined ? {} : { phase }) },
    start: text(from),
    end: text(to),
    now: text(now),
    terminating: timeline.isTerminating,
    gone: timeline.isGone,
    rows: timeline.rows.map(({ spans, ...row }) => ({
      ...row,
      spans: spans.map(({ from: begin, to: end, isApproximate, ...span }) => ({
        from: text(begin),
        to: text(end),
        fromSeconds: since(begin),
        toSeconds: since(end),
        ...span,
        ...(isApproximate === undefined ? {} : { approximate: isApproximate }),
      })),
    })),
    events: timeline.marks.map(({ at, last, isApproximate, ...mark }) => ({
      at: text(at),
      seconds: since(at),
      ...mark,
      ...(last === undefined ? {} : { last: text(last) }),
      ...(isApproximate === undefined ? {} : { approximate: isApproximate }),
    })),
    notes: timeline.notes,
  };
}

const text = (time: Time): string => formatMicroTime(time).replace(/000Z$/, 'Z');
