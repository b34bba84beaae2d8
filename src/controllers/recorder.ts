/**
 * How controllers, kubelets and the scheduler record Events: client-go's correlator (tools/record/events_cache.go) and the events.k8s.io
 * recorder (tools/events). What it remembers of the Events about an object is read from them when something happens to it for the first
 * time in this process; only what they do not tell (tokens of the spam filter, counts not yet written) is in a StateMap, and only for
 * objects that something keeps happening to.
 */
import { StatusError } from '../api/errors.js';
import { fnv1a } from '../api/fnv.js';
import { putHex } from '../api/hex.js';
import { mirroredUid } from '../api/mirror-pods.js';
import { type KubeObject, keyOf, type Mutable } from '../api/object.js';
import type { EventOptions, EventType, StateMap } from '../api/reconciler.js';
import { formatMicroTime, formatTime, minutes, parseTime, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import type { Event, ObjectReference } from '../resources/events/types.js';

/** From the 10th distinct message of a reason on, with gaps of at most ten minutes, messages share one Event. */
const AGGREGATE_FROM = 10;
const AGGREGATE_WITHIN = minutes(10);
/** With fewer Events than this, all of them different, nothing is aggregated, filtered or counted: the next different one is just another. */
const FEW = AGGREGATE_FROM - 1;
const NONE: readonly Noted[] = [];
const COMBINED = '(combined from similar events): ';
/** The spam filter: so many Events at once about an object from one source, then one in five minutes. */
const BURST = 25;
const REFILL = minutes(5);
/** From so many on the filter's tokens are written down; before, the Events are counted. */
const TRACK_FROM = 12;
/** events.k8s.io: how often the count of a series is written, and how long it may be idle. */
const SERIES_WRITE = minutes(30);
const SERIES_IDLE = minutes(6);

/** Records the Events of one cluster; one for all its components. */
export class EventRecorder {
  /** By the uid of what they are about. */
  private readonly noted = new Map<string, Known>();
  /** Whose Events others have written or deleted: those of a dump may be there before what they are about. */
  private readonly foreign = new Set<string>();
  private isWriting = false;

  constructor(
    private readonly api: Api,
    private readonly state: StateMap,
    /** Where the control plane runs. */
    private readonly hostname?: string,
  ) {
    api.watch('*', ({ type, resource, object }) => {
      if (resource === 'events') {
        if (!this.isWriting) this.forget((object as Event).involvedObject.uid ?? '');
      } else if (type === 'ADDED') this.noteNew(object.metadata.uid ?? '');
      else if (type === 'DELETED') this.noted.delete(object.metadata.uid ?? '');
    });
  }

  /** Others have written or deleted Events about it: they are read again. */
  private forget(uid: string): void {
    this.noted.delete(uid);
    this.foreign.add(uid);
  }

  /** There are no Events about what is new, unless both come from a dump. */
  private noteNew(uid: string): void {
    if (!this.foreign.has(uid)) this.noted.set(uid, new Known());
  }

  /** Records an Event about `on`. `component` is the source unless the options name another. */
  record(now: Time, component: string, on: KubeObject, type: EventType, reason: string, message: string, options: EventOptions = {}): void {
    const { namespace } = keyOf(on);
    const involvedObject = referenceTo(on);
    if (options.fieldPath !== undefined) involvedObject.fieldPath = options.fieldPath;
    const source = options.component ?? component;
    const { action, host } = options;
    const occurrence: Occurrence = {
      now,
      api: this.api,
      state: this.state,
      hostname: this.hostname,
      space: spaceOf(namespace),
      known: this.knownOf(on),
      involvedObject,
      source,
      host,
      type,
      reason,
      message,
      action,
      signature:
        action === undefined
          ? signatureOf(source, type, reason, involvedObject, host ?? '', message)
          : signatureOf(source, type, reason, involvedObject, action, involvedObject.resourceVersion ?? ''),
    };
    const events = occurrence.known.like(occurrence, () => eventsAbout(this.api, on));
    this.isWriting = true;
    try {
      if (action === undefined) correlate(occurrence, events);
      else recordSeries(occurrence, events, action, options.related);
    } finally {
      this.isWriting = false;
    }
  }

  private knownOf(on: KubeObject): Known {
    const uid = uidOf(on);
    const known = uid === undefined ? undefined : this.noted.get(uid);
    if (known !== undefined) return known;
    const read = new Known(eventsAbout(this.api, on).map(note));
    if (uid !== undefined) this.noted.set(uid, read);
    return read;
  }
}

function referenceTo(object: KubeObject): Mutable<ObjectReference> {
  const { namespace, name } = keyOf(object);
  const uid = uidOf(object);
  const { resourceVersion } = object.metadata;
  const reference: Mutable<ObjectReference> = { kind: object.kind };
  if (namespace !== '') reference.namespace = namespace;
  reference.name = name;
  if (uid !== undefined) reference.uid = uid;
  reference.apiVersion = object.apiVersion;
  if (resourceVersion !== undefined) reference.resourceVersion = resourceVersion;
  return reference;
}

/** The Events about an object that were recorded here, oldest first: their names are its name and their time. Without a uid: those that have none either. */
export function eventsAbout(api: Api, on: KubeObject): readonly Event[] {
  const { namespace, name } = keyOf(on);
  const uid = uidOf(on);
  return api
    .list<Event>('events', { namespace: spaceOf(namespace), nameStem: name })
    .filter(({ involvedObject }) => involvedObject.uid === uid && involvedObject.name === name && involvedObject.kind === on.kind);
}

/** To its kubelet a static pod is what its file says, and has that file's hash for a uid. */
const uidOf = (on: KubeObject): string | undefined => mirroredUid(on) ?? on.metadata.uid;

/** Events about cluster-scoped objects live in the default namespace. */
const spaceOf = (namespace: string): string => (namespace === '' ? 'default' : namespace);

/** What of an Event matters to those that follow. */
interface Noted {
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

function note(event: Event): Noted {
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

interface Occurrence {
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
}

/** What the events.k8s.io recorder goes by has the action and the version in it, what the other one goes by the host and the message. */
function signatureOf(source: string, type: EventType, reason: string, { fieldPath = '' }: ObjectReference, one: string, other: string): number {
  return fnv1a(other, fnv1a(one, fnv1a(fieldPath, fnv1a(reason, fnv1a(type, fnv1a(source))))));
}

/**
 * The Events about one object. While they are few and none has been repeated, their hashes will do: a pod that starts has five Events and
 * never a sixth, and there are 10,000 of them.
 */
class Known {
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

/** An Event that was counted but not written, by its name or, if it was never written at all, by its message. */
interface Hidden {
  readonly count: number;
  readonly first: number;
}

/** What the spam filter knows of one source, type and object. */
interface Spam {
  tokens: number;
  at: number;
  hidden?: Record<string, Hidden>;
}

/** `known`: the Events it may be a repetition of, oldest first. */
function correlate(occurrence: Occurrence, known: readonly Noted[]): void {
  const { now, state, involvedObject, source, host, type, reason, message } = occurrence;
  const isSimilar = (event: Noted): boolean => !event.isSeries && event.source === source && event.host === host && event.type === type;
  let same: Noted | undefined;
  let total = 0;
  for (const event of known) {
    if (!isSimilar(event)) continue;
    total += event.count;
    if (event.reason === reason && event.message === message && event.fieldPath === involvedObject.fieldPath) same ??= event;
  }
  // Most objects have too few Events for more to be minded.
  const similar = total < AGGREGATE_FROM - 1 ? NONE : known.filter(isSimilar);
  const { distinct, combined } = similar.length < AGGREGATE_FROM - 1 ? { distinct: 0, combined: undefined } : summarize(similar, occurrence);
  const isCombined = distinct >= AGGREGATE_FROM;
  const text = isCombined ? COMBINED + message : message;
  const existing = isCombined ? combined : same;

  let hidden: Hidden | undefined;
  if (total >= TRACK_FROM) {
    const key = `events/${source}/${type}/${involvedObject.uid ?? ''}`;
    const spam = state.get<Spam>(key) ?? { tokens: BURST - total, at: firstOf(similar, now) };
    const tokens = Math.min(BURST, spam.tokens + (now - spam.at) / REFILL);
    const hiddenKey = existing?.name ?? `${reason} ${isCombined ? '' : message}`;
    hidden = spam.hidden?.[hiddenKey];
    spam.at = now;
    if (tokens < 1) {
      // Filtered: nothing is written, but it counts when the next one gets through.
      spam.tokens = tokens;
      spam.hidden = { ...spam.hidden, [hiddenKey]: { count: (hidden?.count ?? 0) + 1, first: hidden?.first ?? now } };
      state.set(key, spam);
      return;
    }
    spam.tokens = tokens - 1;
    if (hidden !== undefined) {
      const { [hiddenKey]: _, ...rest } = spam.hidden ?? {};
      spam.hidden = rest;
    }
    state.set(key, spam);
  }

  const at = formatTime(now);
  if (existing !== undefined) {
    const count = existing.count + (hidden?.count ?? 0) + 1;
    update(occurrence, existing, { message: text, lastTimestamp: at, count });
    return;
  }
  create(occurrence, (metadata) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject,
    reason,
    type,
    message: text,
    source: host === undefined ? { component: source } : { component: source, host },
    firstTimestamp: hidden === undefined ? at : formatTime(hidden.first as Time),
    lastTimestamp: at,
    count: (hidden?.count ?? 0) + 1,
    eventTime: null,
    // The combined one is made anew by the correlator, which leaves the reporter out (events_cache.go EventAggregate).
    reportingComponent: isCombined ? '' : source,
    reportingInstance: isCombined ? '' : (host ?? ''),
  }));
}

const managerOf = ({ source, action }: Occurrence): string =>
  action !== undefined ? 'kube-scheduler' : source === 'kubelet' ? 'kubelet' : 'kube-controller-manager';

/** What the API server refuses (a namespace that is going) is lost, as upstream's recorder only logs it. */
function update(occurrence: Occurrence, noted: Noted, changes: Partial<Event>): void {
  const { api, known, space } = occurrence;
  const event = api.get<Event>('events', { namespace: space, name: noted.name });
  try {
    const written = api.update('events', { ...(event as Event), ...changes }, { fieldManager: managerOf(occurrence) });
    known.replace(noted, written);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

/** How many distinct messages the reason has had without a gap of ten minutes, with this one; and the combined Event, if there is one. */
function summarize(similar: readonly Noted[], { now, reason, message }: Occurrence): { distinct: number; combined: Noted | undefined } {
  const ofReason = similar.filter((event) => event.reason === reason);
  const combined = ofReason.find((event) => event.message.startsWith(COMBINED));
  const seen = new Set([message]);
  let from = Math.floor(now / 1000) * 1000;
  for (const event of ofReason.sort((a, b) => b.last - a.last)) {
    // A gap starts the counting anew.
    if (from - event.last > AGGREGATE_WITHIN) break;
    from = Math.min(from, event.first);
    // Upstream keeps nine messages and drops any one at the tenth; here it is always the newest, the one that is not written down.
    if (event !== combined && seen.size < AGGREGATE_FROM) seen.add(event.message);
  }
  return { distinct: seen.size, combined };
}

/** events.k8s.io (the scheduler): the first repeat makes a series of the Event, later ones are counted and written now and then. */
function recordSeries(occurrence: Occurrence, known: readonly Noted[], action: string, related: KubeObject | undefined): void {
  const { now, state, hostname, involvedObject, source, type, reason, message } = occurrence;
  const same = known.findLast(
    (event) =>
      event.source === source &&
      event.isSeries &&
      event.type === type &&
      event.action === action &&
      event.reason === reason &&
      event.fieldPath === involvedObject.fieldPath &&
      // The whole reference is the key (tools/events getKey): a pod that has been written since begins a new Event.
      event.version === involvedObject.resourceVersion,
  );
  const key = `series/${involvedObject.uid ?? ''}/${same?.name ?? ''}`;
  if (same !== undefined) {
    const memory = state.get<{ count: number; last: number; written: number }>(key);
    const last = memory?.last ?? same.last;
    if (now - last < SERIES_IDLE) {
      const count = (memory?.count ?? same.series?.count ?? 1) + 1;
      const due = same.series === undefined || now - (memory?.written ?? last) >= SERIES_WRITE;
      if (due) update(occurrence, same, { series: { count, lastObservedTime: formatMicroTime(now) } });
      state.set(key, { count, last: now, written: due ? now : (memory?.written ?? now) });
      return;
    }
    // Idle for too long: its count is written, it is forgotten, and a new Event begins.
    if (memory !== undefined && same.series !== undefined && memory.count !== same.series.count)
      update(occurrence, same, { series: { count: memory.count, lastObservedTime: formatMicroTime(memory.last as Time) } });
    state.delete(key);
  }
  const event = (metadata: Event['metadata']): Event => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject,
    reason,
    type,
    message,
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: formatMicroTime(now),
    action,
    reportingComponent: source,
    reportingInstance: `${source}-${hostname ?? 'control-plane'}`,
  });
  create(occurrence, related === undefined ? event : (metadata) => ({ ...event(metadata), related: referenceTo(related) }));
}

/** `web.188655b3c1e80000`: the time in nanoseconds makes the name, and so the order in which Events of one object are listed. */
function create(occurrence: Occurrence, event: (metadata: Event['metadata']) => Event): void {
  const { now: time, api, space, known, involvedObject } = occurrence;
  // Several Events of one instant: as if a little time had passed between them. The names sort by time, so the last one is the latest.
  const last = known.stamp;
  const now = stampOf(time);
  for (let stamp = last === undefined || last < now ? now : after(last); ; stamp = after(stamp)) {
    try {
      const written = api.create('events', event({ name: `${involvedObject.name}.${stamp}`, namespace: space }), { fieldManager: managerOf(occurrence) });
      known.add(occurrence, written, stamp);
      return;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      // Taken by another object of that name. Other refusals: as for update.
      if (error.reason !== 'AlreadyExists') return;
    }
  }
}

const WORD = 2 ** 32;

/** Nanoseconds since 1970 as 16 hexadecimal digits: they sort as the numbers do, which have more bits than JavaScript's. */
function stampOf(now: Time): string {
  const low = (now % WORD) * 1_000_000;
  return words(Math.floor(now / WORD) * 1_000_000 + Math.floor(low / WORD), low % WORD);
}

/** A nanosecond later. */
function after(stamp: string): string {
  const low = Number.parseInt(stamp.slice(8), 16) + 1;
  return words(Number.parseInt(stamp.slice(0, 8), 16) + Math.floor(low / WORD), low % WORD);
}

/** Written over for every stamp. */
const DIGITS = Buffer.alloc(16);
const words = (high: number, low: number): string => DIGITS.toString('latin1', 0, putHex(DIGITS, putHex(DIGITS, 0, high), low));

const timeOf = (text: string | null | undefined): number => (text ? (parseTime(text) ?? 0) : 0);

const firstOf = (events: readonly Noted[], now: Time): number => events.reduce((first, event) => Math.min(first, event.first || first), now as number);
