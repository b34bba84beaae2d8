/** The form every control loop fills in: the words of controller-runtime. Scheduler, controllers and each kubelet are one of these. */
import type { KubeObject, ObjectKey } from './object.js';
import type { Duration, Time } from './time.js';
import type { Api, ResourceId, WatchEvent } from './verbs.js';

/**
 * Level-triggered: it gets a key and the time, never the event; it looks at what is and does the next step. It keeps no
 * fields: what must be remembered is in an object's status or in a {@link StateMap}. It never catches; a throw is a bug.
 */
export interface Reconciler {
  /** `deployment`, `scheduler`, `kubelet/podsim-worker`: names its alarms in the state file. */
  readonly name: string;
  readonly watches: readonly Watch[];
  reconcile(key: ObjectKey, context: Context): Result | undefined;
}

/** Which changes wake which keys. */
export interface Watch {
  /** `*`: every resource. */
  readonly resource: ResourceId;
  /** The keys (of the reconciler's own objects) to look at because of this change. Called synchronously with every change: keep it cheap. */
  keys(event: WatchEvent, api: Api): readonly ObjectKey[];
  /**
   * For many loops alike (each node's kubelet): `keys` is asked only about changes that `of` says are `value`'s. It must be the
   * same function for all of them; so a change costs as little with a hundred nodes as with one.
   */
  readonly only?: { readonly of: (event: WatchEvent) => readonly string[]; readonly value: string };
  /** For loops over what they own: `keys` is asked only about objects that a controller of this kind owns or owned, and about those that nobody owns. */
  readonly controlledBy?: string;
  /**
   * How long after the change the key is due; changes within that span coalesce into one reconcile. Absent: at once. A
   * function: longer for keys with so much to look at that once for every change would cost too much.
   */
  readonly after?: Duration | ((key: ObjectKey, api: Api) => Duration);
}

export interface Result {
  /** Look at this key again after so long: the only way to speak about the future. */
  readonly requeueAfter?: Duration;
}

export type EventType = 'Normal' | 'Warning';

export interface EventOptions {
  /** `spec.containers{web}`. */
  readonly fieldPath?: string;
  /** source.component / reportingComponent: `kubelet`, `deployment-controller`. Absent: the reconciler's name. */
  readonly component?: string;
  /** source.host; kubelets only. */
  readonly host?: string;
  /** Record through events.k8s.io as the scheduler does (eventTime, action, series) instead of core/v1. */
  readonly action?: string;
  /** events.k8s.io: the other object it is about. */
  readonly related?: KubeObject;
}

export interface Context {
  readonly api: Api;
  readonly now: Time;
  /** A number in [0, 1): a function of the seed, the stream's name and how often that stream was drawn from. */
  random(stream: string): number;
  /** Records an Event about `on`, aggregated and counted as client-go's recorder does (behaviour.md §7). */
  event(on: KubeObject, type: EventType, reason: string, message: string, options?: EventOptions): void;
  /** Wakes another key of the same reconciler after so long (0: at this instant, after those already due). */
  requeue(key: ObjectKey, after: Duration): void;
}

/**
 * Saved state that is no API object (kubelet, runtime, faults): JSON values by key, parsed when asked for, one line each in
 * the state file. A value got may be changed in place, but counts as changed only when it is `set` again.
 */
export interface StateMap {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
  delete(key: string): void;
  /** In insertion-independent (byte) order. */
  keys(prefix?: string): readonly string[];
}
