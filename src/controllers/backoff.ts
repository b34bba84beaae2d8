/** How long a controller's queue waits before it tries again what failed: client-go's rate limiter, 5 ms doubling to 1000 s. */
import type { KubeObject } from '../api/object.js';
import type { Context } from '../api/reconciler.js';
import { type Duration, milliseconds, parseTime, seconds } from '../api/time.js';
import { eventsAbout } from './events/recorder.js';

const BASE = milliseconds(5);
const MAX = seconds(1000);

/**
 * Tries are not counted anywhere but in the Events that report them: those of `reason` about `object` since `since` (when the trouble
 * began, RFC 3339; absent: this is the first failure).
 */
export function retryDelay({ api }: Context, object: KubeObject, reason: string, since?: string | null): Duration {
  const from = since ? (parseTime(since) ?? 0) : Number.POSITIVE_INFINITY;
  let tries = 1;
  for (const event of eventsAbout(api, object)) if (event.reason === reason && (parseTime(event.lastTimestamp ?? '') ?? 0) >= from) tries += event.count ?? 1;
  return Math.min(MAX, BASE * 2 ** Math.min(tries - 1, 20)) as Duration;
}
