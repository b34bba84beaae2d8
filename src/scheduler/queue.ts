/**
 * Pods that were tried and found no node: the unschedulable and back-off queues of pkg/scheduler/backend/queue. Saved with the
 * cluster; pods never tried need no entry.
 */
import { type KubeObject, keyOf, keyString } from '../api/object.js';
import type { StateMap } from '../api/reconciler.js';
import { after, type Duration, minutes, seconds, type Time } from '../api/time.js';
import type { Change, ClusterEvent, ClusterView } from './framework.js';
import { filterPlugins } from './plugins/index.js';
import type { PodInfo } from './pod-info.js';

export interface Waiting {
  readonly uid: string;
  readonly attempts: number;
  /** When the last attempt failed. */
  readonly since: Time;
  /** Who turned the pod away: what they wait for brings it back. None: the attempt came to no verdict, and is repeated after a while. */
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
/** Ends of back-offs fall together (backoffQOrderingWindowDuration). */
const WINDOW = seconds(1);
/** Pods that nothing brought back are tried again after so long (podMaxInUnschedulablePodsDuration). */
const LONGEST_WAIT = minutes(5);
/** How long claims may take to be bound. */
const BIND_TIMEOUT = minutes(10);
const RETRY_ON = new Map(filterPlugins.map(({ name, retryOn }) => [name, retryOn]));

export class SchedulingQueue {
  private loaded: Map<string, Waiting> | undefined;
  constructor(private readonly state: StateMap) {}

  private get entries(): Map<string, Waiting> {
    this.loaded ??= new Map(this.state.keys(PREFIX).map((key) => [key.slice(PREFIX.length), this.state.get<Waiting>(key) as Waiting]));
    return this.loaded;
  }

  get(pod: KubeObject): Waiting | undefined {
    const entry = this.isEmpty ? undefined : this.entries.get(keyString(keyOf(pod)));
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

  /** Whether a change of this kind brings anybody back, whatever it is exactly. */
  wants(event: ClusterEvent): boolean {
    for (const entry of this.entries.values()) if (isHelped(entry, event)) return true;
    return false;
  }

  /** Further pods, `namespace/name`, that this very change brings back. */
  *helpedBy(change: Change, cluster: ClusterView, infoOf: (entry: Waiting) => PodInfo | undefined): Iterable<string> {
    for (const [key, entry] of this.entries) if (!isHelped(entry, change.event) && this.isHelpedBy(entry, change, cluster, () => infoOf(entry))) yield key;
  }

  isHelpedBy(entry: Waiting, change: Change, cluster: ClusterView, infoOf: () => PodInfo | undefined): boolean {
    if (!isIdle(entry)) return false;
    const hints = entry.plugins.map((plugin) => RETRY_ON.get(plugin)?.[change.event]).filter((hint) => hint !== undefined);
    const info = hints.length === 0 ? undefined : infoOf();
    return info !== undefined && hints.some((hint) => hint === true || hint(info, change, cluster));
  }

  /**
   * Those whom any change of the kind may help are tried again. There is nobody to give way to, and then nobody waits for a back-off to
   * end either (SchedulerPopFromBackoffQ).
   */
  move(event: ClusterEvent, now: Time): void {
    for (const [key, entry] of this.entries) if (isHelped(entry, event)) this.retry(key, now);
  }
  retry(key: string, now: Time): void {
    const entry = this.entries.get(key);
    if (entry !== undefined && isIdle(entry)) this.put(key, { ...entry, retryAt: now });
  }
}

/** Nothing is planned for it. */
const isIdle = ({ plugins, retryAt, binding, isSkipped }: Waiting): boolean =>
  plugins.length > 0 && retryAt === undefined && binding === undefined && isSkipped !== true;

function isHelped(entry: Waiting, event: ClusterEvent): boolean {
  if (entry.binding !== undefined) return event === 'StorageUpdate';
  return isIdle(entry) && entry.plugins.some((plugin) => RETRY_ON.get(plugin)?.[event] === true);
}

/** The end of the second in which the back-off ends: pods come out of it a window at a time. */
function backoffEnd({ since, attempts }: Waiting): Time {
  const end = after(since, Math.min(FIRST_BACKOFF * 2 ** (attempts - 1), LONGEST_BACKOFF) as Duration);
  return ((Math.floor(end / WINDOW) + 1) * WINDOW) as Time;
}

/** When the entry is to be looked at again by itself; undefined: never. */
export function dueAt(entry: Waiting): Time | undefined {
  const { since, plugins, retryAt, binding, isSkipped } = entry;
  if (isSkipped === true) return undefined;
  if (binding !== undefined) return after(since, BIND_TIMEOUT);
  return retryAt ?? (plugins.length === 0 ? backoffEnd(entry) : after(since, LONGEST_WAIT));
}
