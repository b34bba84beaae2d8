/** What is remembered of the Events about one object. */
import type { StatusError } from '../../api/errors.js';
import { fnv1a } from '../../api/fnv.js';
import type { EventType, StateMap } from '../../api/reconciler.js';
import { parseTime, type Time } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import type { Event, ObjectReference } from '../../resources/events/types.js';

/** From the 10th distinct message of a reason on, with gaps of at most ten minutes, messages share one Event. */
export const AGGREGATE_FROM = 10;
/** With fewer Events than this, all of them different, nothing is aggregated, filtered or counted: the next different one is just another. */
const FEW = AGGREGATE_FROM - 1;
const NONE: readonly Noted[] = [];

/** What of an Event matters to those that follow. */
export interface Noted {
  readonly name: string;
  /** Written by the events.k8s.io recorder. */
  readonly isSeries: boolean;
  readonly source: string | undefined;
  readonly host: string | undefined;
  readonly type: string | undefined;
  readonly reason: string | undefined;
  readonly message: string;
  readonly fieldPath: string | undefined;
  /** The version of the object it was about. */
  readonly version: string | undefined;
  readonly action: string | undefined;
  readonly count: number;
  /** Milliseconds; 0: it does not say. */
  readonly first: number;
  readonly last: number;
  readonly series: Event['series'];
}

export function note(event: Event): Noted {
  const { eventTime, source, involvedObject, type, reason, message, action, count, firstTimestamp, lastTimestamp, series } = event;
  const isSeries = eventTime != null;
  return {
    name: event.metadata.name as string,
    isSeries,
    source: isSeries ? event.reportingComponent : source?.component,
    host: source?.host,
    type,
    reason,
    message: message ?? '',
    fieldPath: involvedObject.fieldPath,
    version: involvedObject.resourceVersion,
    action,
    count: count ?? 1,
    first: timeOf(firstTimestamp),
    last: timeOf(isSeries ? (series?.lastObservedTime ?? eventTime) : lastTimestamp),
    series,
  };
}

/** Something that happened to an object. */
export interface Occurrence {
  readonly now: Time;
  readonly api: Api;
  readonly state: StateMap;
  /** Where the control plane runs. */
  readonly hostname: string | undefined;
  readonly space: string;
  readonly known: Known;
  readonly involvedObject: ObjectReference;
  readonly source: string;
  readonly host: string | undefined;
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
  /** Of the events.k8s.io recorder. */
  readonly action: string | undefined;
  /** A hash of what occurrences have in common that share an Event. */
  readonly signature: number;
  /** The API server will not have its Event. */
  refused(error: StatusError): void;
}

/** What the events.k8s.io recorder goes by has the action and the version in it, what the other one goes by the host and the message. */
export function signatureOf(source: string, type: EventType, reason: string, { fieldPath = '' }: ObjectReference, one: string, other: string): number {
  return fnv1a(other, fnv1a(one, fnv1a(fieldPath, fnv1a(reason, fnv1a(type, fnv1a(source))))));
}

/**
 * The Events about one object. While they are few and none has been repeated, their hashes will do: a pod that starts has five Events and
 * never a sixth, and there are 10,000 of them.
 */
export class Known {
  /** With room for all that may come: an array that grows takes room for sixteen more. */
  private readonly signatures = new Array<number>(FEW);
  private count = 0;
  /** The last one's name ends in this. */
  stamp: string | undefined;

  /** `events`: oldest first; undefined: there are none but those added. */
  constructor(private events?: Noted[]) {
    this.stamp = /\.([0-9a-f]{16})$/.exec(events?.at(-1)?.name ?? '')?.[1];
  }

  /** The Events that `occurrence` may have to do with, oldest first. */
  like({ signature }: Occurrence, read: () => readonly Event[]): readonly Noted[] {
    if (this.events === undefined && this.count < FEW && !this.signatures.includes(signature)) return NONE;
    this.events ??= read().map(note);
    return this.events;
  }

  add({ signature }: Occurrence, event: Event, stamp: string): void {
    this.stamp = stamp;
    if (this.events === undefined) this.signatures[this.count++] = signature;
    else this.events.push(note(event));
  }

  replace(noted: Noted, event: Event): void {
    if (this.events !== undefined) this.events[this.events.indexOf(noted)] = note(event);
  }
}

const timeOf = (text: string | null | undefined): number => (text ? (parseTime(text) ?? 0) : 0);
