/** Back-off of crashing containers and failing pulls: client-go util/flowcontrol/backoff.go with the kubelet's numbers. */
import { type Duration, seconds, type Time } from '../api/time.js';

export interface Backoff {
  /** The delay after the latest bump. */
  readonly delay: number;
  /** When that was. */
  readonly at: number;
}

const INITIAL_DELAY = seconds(10);
const MAX_DELAY = seconds(300);

/** Older than this, an entry counts for nothing (hasExpired: twice the maximum). */
const isStale = (entry: Backoff, at: number): boolean => at - entry.at > 2 * MAX_DELAY;

/**
 * IsInBackOffSince: how much of the delay is left at `now` for an event (a container's end) at `from`; 0 when it may start.
 */
export function remaining(entry: Backoff | undefined, from: number, now: Time): Duration {
  if (entry === undefined || isStale(entry, from)) return 0 as Duration;
  return Math.max(0, from + entry.delay - now) as Duration;
}

/** IsInBackOffSinceUpdate: the same, measured from the latest bump (image pulls). */
export const remainingSinceBump = (entry: Backoff | undefined, now: Time): Duration =>
  entry === undefined || isStale(entry, now) ? (0 as Duration) : (Math.max(0, entry.at + entry.delay - now) as Duration);

/** Next: an attempt is made (or has failed) now; `from` is the event it follows. */
export function bump(entry: Backoff | undefined, from: number, now: Time): Backoff {
  if (entry === undefined || isStale(entry, from)) return { delay: INITIAL_DELAY, at: now };
  return { delay: Math.min(entry.delay * 2, MAX_DELAY), at: now };
}
