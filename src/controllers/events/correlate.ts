/** client-go's correlator (tools/record/events_cache.go): what is like an earlier Event counts there, what is too much is dropped. */
import { formatTime, minutes, type Time } from '../../api/time.js';
import { AGGREGATE_FROM, type Noted, type Occurrence } from './known.js';
import { create, update } from './write.js';

const AGGREGATE_WITHIN = minutes(10);
const NONE: readonly Noted[] = [];
const COMBINED = '(combined from similar events): ';
/** The spam filter: so many Events at once about an object from one source, then one in five minutes. */
const BURST = 25;
const REFILL = minutes(5);
/** From so many on the filter's tokens are written down; before, the Events are counted. */
const TRACK_FROM = 12;

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
export function correlate(occurrence: Occurrence, known: readonly Noted[]): void {
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
  create(occurrence, {
    message: text,
    source: host === undefined ? { component: source } : { component: source, host },
    firstTimestamp: hidden === undefined ? at : formatTime(hidden.first as Time),
    lastTimestamp: at,
    count: (hidden?.count ?? 0) + 1,
    eventTime: null,
    // The combined one is made anew by the correlator, which leaves the reporter out (events_cache.go EventAggregate).
    reportingComponent: isCombined ? '' : source,
    reportingInstance: isCombined ? '' : (host ?? ''),
  });
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

const firstOf = (events: readonly Noted[], now: Time): number => events.reduce((first, event) => Math.min(first, event.first || first), now as number);
