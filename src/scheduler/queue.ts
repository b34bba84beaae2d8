/**
 * Pods that were tried and found no node: the unschedulable and back-off queues of pkg/scheduler/backend/queue. Saved with the
 * cluster; pods never tried need no entry.
 */
import { type KubeObject, keyOf, keyString } from '../api/object.js';
import type { StateMap } from '../api/reconciler.js';
import { after, type Duration, minutes, seconds, type Time } from '../api/time.js';
import type { ClusterEvent } from './framework.js';
import { filterPlugins } from './plugins/index.js';

export interface Waiting {
  readonly uid: string;
  readonly attempts: number;
  /** When the last attempt failed. */
  readonly since: Time;
  /** Who turned the pod away: what they wait for brings it back. None: anything does. */
  readonly plugins: readonly string[];
  /** Something changed that may help: it is tried again then. */
  readonly retryAt?: Time;
  /** A node was found, and the pod's claims are being bound; it gets the node when they are. */
  readonly binding?: string;
  /** It is being deleted: no more attempts. */
  readonly isSkipped?: true;
}

const PREFIX = 'scheduler/pods/';
const FIRST_BACKOFF = seconds(1);
const LONGEST_BACKOFF = seconds(10);
/** Pods that nothing brought back are tried again after so long (podMaxInUnschedulablePodsDuration). */
const LONGEST_WAIT = minutes(5);
/** How long claims may take to be bound. */
const BIND_TIMEOUT = minutes(10);
const RETRY_ON = new Map<string, ReadonlySet<ClusterEvent>>(filterPlugins.map(({ name, retryOn }) => [name, new Set(retryOn)]));

export class SchedulingQueue {
  private loaded: Map<string, Waiting> | undefined;
  constructor(private readonly state: StateMap) {}

  private get entries(): Map<string, Waiting> {
    this.loaded ??= new Map(this.state.keys(PREFIX).map((key) => [key.slice(PREFIX.length), this.state.get<Waiting>(key) as Waiting]));
    return this.loaded;
  }

  get(pod: KubeObject): Waiting | undefined {
    const entry = this.entries.get(keyString(keyOf(pod)));
    return entry !== undefined && entry.uid === pod.metadata.uid ? entry : undefined;
  }
  all(): IterableIterator<[string, Waiting]> {
    return this.entries.entries();
  }
  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  put(key: string, entry: Waiting): void {
    this.entries.set(key, entry);
    this.state.set(PREFIX + key, entry);
  }
  drop(key: string): void {
    if (this.entries.delete(key)) this.state.delete(PREFIX + key);
  }

  /** Whether a change of this kind brings anybody back. */
  wants(event: ClusterEvent): boolean {
    for (const entry of this.entries.values()) if (isHelped(entry, event)) return true;
    return false;
  }

  /** Those whom the change may help are tried again, at once or when their back-off ends. */
  move(event: ClusterEvent, now: Time): void {
    for (const [key, entry] of this.entries) if (isHelped(entry, event)) this.retry(key, now);
  }
  retry(key: string, now: Time): void {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.binding !== undefined || entry.retryAt !== undefined) return;
    this.put(key, { ...entry, retryAt: Math.max(now, after(entry.since, backoff(entry.attempts))) as Time });
  }
}

function isHelped({ plugins, retryAt, binding, isSkipped }: Waiting, event: ClusterEvent): boolean {
  if (binding !== undefined) return event === 'StorageUpdate';
  if (retryAt !== undefined || isSkipped === true) return false;
  return plugins.length === 0 || plugins.some((plugin) => RETRY_ON.get(plugin)?.has(event) === true);
}

function backoff(attempts: number): Duration {
  return Math.min(FIRST_BACKOFF * 2 ** (attempts - 1), LONGEST_BACKOFF) as Duration;
}

/** When the entry is to be looked at again by itself; undefined: never. */
export function dueAt({ since, retryAt, binding, isSkipped }: Waiting): Time | undefined {
  if (isSkipped === true) return undefined;
  if (binding !== undefined) return after(since, BIND_TIMEOUT);
  return retryAt ?? after(since, LONGEST_WAIT);
}
