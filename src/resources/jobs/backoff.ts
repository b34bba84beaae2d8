/** How long a Job waits after failures: the record of pkg/controller/job/backoff_utils.go, which outlives the pods that failed. */
import { type Duration, minutes, seconds, type Time } from '../../api/time.js';
import type { Pod } from '../pods/types.js';
import { finishTime } from './pod-outcome.js';

const BACKOFF = seconds(10);
const MAX_BACKOFF = minutes(10);

/** backoffRecord: the failures since the last success, and when the last of them was. */
export interface BackoffRecord {
  readonly failures: number;
  readonly last: Time;
}

/** newBackoffRecord: what it becomes by pods that have ended and were not counted before. */
export function nextBackoff(old: BackoffRecord | undefined, newSucceeded: readonly Pod[], newFailed: readonly Pod[]): BackoffRecord | undefined {
  if (newSucceeded.length === 0 && newFailed.length === 0) return old;
  const lastSuccess = Math.max(-1, ...newSucceeded.map(finishTime));
  const since = newFailed.map(finishTime).filter((at) => at > lastSuccess);
  if (since.length === 0) return undefined;
  const before = newSucceeded.length === 0 ? (old?.failures ?? 0) : 0;
  return { failures: before + since.length, last: Math.max(...since) as Time };
}

/** getRemainingTimeForFailuresCount: what is left of the pause, 10 s doubling to 10 min. */
export function remainingBackoff(record: BackoffRecord | undefined, now: Time): Duration {
  if (record === undefined || record.failures === 0) return 0 as Duration;
  const pause = Math.min(MAX_BACKOFF, BACKOFF * 2 ** Math.min(record.failures - 1, 20));
  return Math.max(0, record.last + pause - now) as Duration;
}
