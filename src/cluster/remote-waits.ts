/**
 * How others wait, as seen by the server: on a paused clock time must pass for a client that waits for something with an end,
 * and must not for one that merely watches. The real kubectl says which command it is in a header (pkg/cmd/util/kubectl_headers).
 */
import type { ApiRequest } from '../api/transport.js';
import type { Answer } from '../apiserver/long-running.js';

/** Commands whose watches wait for something to come about. */
const WAITING: ReadonlySet<string> = new Set([
  'delete',
  'wait',
  'rollout status',
  'run',
  'apply',
  'replace',
  'debug',
  'drain',
  'attach',
  'logs',
  'exec',
  'scale',
]);
/** Commands that ask again and again, a second apart, until what they ask for is gone. */
const POLLING: ReadonlySet<string> = new Set(['drain', 'replace', 'apply', 'delete']);
const SECOND = 1000;
/** drain.Helper.EvictErrorRetryDelay. */
const EVICTION_RETRY = 5000;

/** How long, in ms of the machine, a remote waiter gets to act on what it was told before a paused clock is moved on. */
export const REACTION = 100;

const commandOf = ({ headers }: ApiRequest): string | undefined => headers['kubectl-command']?.replace(/^kubectl /, '');
/** Our own clients ask for an end (timeoutSeconds) only when they wait for one; others (informers) always do. */
const isForeign = ({ headers }: ApiRequest): boolean => headers['user-agent'] !== undefined && !headers['user-agent'].startsWith('podsim');

/** Whether a paused clock may be moved for this request's watch; undefined: as its own parameters say. */
export function movesClock(request: ApiRequest): boolean | undefined {
  const command = commandOf(request);
  if (command !== undefined) return WAITING.has(command);
  return isForeign(request) ? false : undefined;
}

/** How much time has to pass (ms) after this answer, because the asker only waits to ask again. */
export function pollSpan(request: ApiRequest, { status, body }: Answer): number {
  const command = commandOf(request);
  if (command === 'drain' && status === 429) return EVICTION_RETRY;
  if (request.method !== 'GET' || status !== 200 || command === undefined || !POLLING.has(command)) return 0;
  const { metadata } = (body ?? {}) as { readonly metadata?: { readonly deletionTimestamp?: string } };
  return metadata?.deletionTimestamp === undefined ? 0 : SECOND;
}
