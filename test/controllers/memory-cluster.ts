/** A cluster small enough for a controller's test: an Api over a map, and a loop over alarms. No validation, no admission, no kubelet. */
import { isDeepStrictEqual } from 'node:util';
import { alreadyExists, conflict, notFound } from '../../src/api/errors.js';
import { controllerOf, type KubeObject, keyOf, keyString, type ObjectKey, type ObjectMeta } from '../../src/api/object.js';
import type { Context, Reconciler, StateMap } from '../../src/api/reconciler.js';
import type { AnyResource, AnyResourceView } from '../../src/api/resource.js';
import { resourceId } from '../../src/api/resource.js';
import { matchesSelector, parseSelector, type Selector } from '../../src/api/selectors.js';
import { type Duration, formatTime, type Time } from '../../src/api/time.js';
import type { Api, DeleteOptions, ListOptions, Patch, WatchEvent } from '../../src/api/verbs.js';
import { ADMINISTRATOR } from '../../src/apiserver/authorization/user.js';
import { EventRecorder } from '../../src/controllers/events/recorder.js';
import type { Event } from '../../src/resources/events/types.js';
import { views } from '../../src/resources/views.js';

export const START = Date.parse('2026-01-01T00:00:00Z') as Time;

interface Alarm {
  readonly due: number;
  readonly seq: number;
  readonly reconciler: Reconciler;
  readonly key: ObjectKey;
}

type Loose = Record<string, unknown> & KubeObject;

export class MemoryCluster {
  now = START;
  readonly state: StateMap;
  readonly api: Api;
  /** What is registered gets its strategy applied: defaults, generation. */
  private readonly resources = new Map<string, AnyResource>();
  private readonly views = new Map<string, AnyResourceView>(views.map((view) => [resourceId(view.names), view]));
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private readonly watchers: { resource: string; call: (event: WatchEvent) => void }[] = [];
  private readonly alarms = new Map<string, Alarm>();
  private readonly draws = new Map<string, number>();
  private readonly recorder: EventRecorder;
  private revision = 0;
  private seq = 0;

  constructor(resources: readonly AnyResource[] = [], reconcilers: readonly Reconciler[] = []) {
    for (const resource of resources) this.resources.set(resourceId(resource.names), resource);
    const values = new Map<string, unknown>();
    this.state = {
      get: <T>(key: string) => values.get(key) as T | undefined,
      set: (key, value) => void values.set(key, value),
      delete: (key) => void values.delete(key),
      keys: (prefix = '') => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
    };
    this.api = {
      get: <T extends KubeObject>(resource: string, key: ObjectKey) => this.table(resource).get(keyString(key)) as T | undefined,
      list: <T extends KubeObject>(resource: string, options: ListOptions = {}) => this.list(resource, options) as T[],
      create: <T extends KubeObject>(resource: string, object: T) => this.create(resource, object as unknown as Loose) as unknown as T,
      update: <T extends KubeObject>(resource: string, object: T) => this.update(resource, object as unknown as Loose, 'spec') as unknown as T,
      updateStatus: <T extends KubeObject>(resource: string, object: T) => this.update(resource, object as unknown as Loose, 'status') as unknown as T,
      patch: <T extends KubeObject>(resource: string, key: ObjectKey, patch: Patch, options?: { subresource?: string }) => {
        const old = this.must(resource, key);
        return this.update(resource, merge(old, patch.body) as Loose, options?.subresource === 'status' ? 'status' : 'spec') as unknown as T;
      },
      delete: (resource, key, options) => this.delete(resource, key, options ?? {}),
      watch: (resource, call) => void this.watchers.push({ resource, call }),
    };
    this.recorder = new EventRecorder(this.api, this.state);
    this.add([...resources.flatMap((resource) => resource.controllers ?? []), ...reconcilers]);
  }

  /** Brings loops to life; they see what changes from now on. */
  add(reconcilers: readonly Reconciler[]): void {
    for (const reconciler of reconcilers)
      for (const watch of reconciler.watches)
        this.api.watch(watch.resource, (event) => {
          for (const key of watch.keys(event, this.api))
            this.wake(reconciler, key, typeof watch.after === 'function' ? watch.after(key, this.api) : (watch.after ?? (0 as Duration)));
        });
  }

  /** Moves the clock to `now + span`, ringing what is due on the way. */
  advance(span = 0): void {
    const target = this.now + span;
    for (let steps = 0; ; steps++) {
      if (steps > 20_000) throw new Error('livelock');
      const next = [...this.alarms.entries()].filter(([, { due }]) => due <= target).sort(([, a], [, b]) => a.due - b.due || a.seq - b.seq)[0];
      if (next === undefined) break;
      this.alarms.delete(next[0]);
      const { reconciler, key, due } = next[1];
      this.now = Math.max(this.now, due) as Time;
      const result = reconciler.reconcile(key, this.context(reconciler));
      if (result?.requeueAfter !== undefined) this.wake(reconciler, key, result.requeueAfter);
    }
    this.now = target as Time;
  }

  /** A pod's status as a kubelet would set it. */
  setPodStatus(key: ObjectKey, status: object): void {
    const pod = this.must('pods', key) as Loose;
    this.update('pods', { ...pod, status: { ...(pod.status as object), ...status } } as Loose, 'status');
  }

  /** `Normal SuccessfulCreate web: Created pod: web-x` in the order they were first seen. */
  eventTexts(name?: string): string[] {
    return this.events()
      .filter(({ involvedObject }) => name === undefined || involvedObject.name === name)
      .map((event) => `${event.type} ${event.reason} ${event.involvedObject.name}: ${event.message}${event.count === 1 ? '' : ` x${event.count}`}`);
  }

  events(): Event[] {
    const stamp = (event: Event) => event.metadata.name?.split('.').at(-1) ?? '';
    return (this.list('events', {}) as Event[]).sort((a, b) => (stamp(a) < stamp(b) ? -1 : 1));
  }

  context(reconciler: Pick<Reconciler, 'name'>): Context {
    return {
      api: this.api,
      now: this.now,
      random: (stream) => this.random(stream),
      event: (...told) => this.recorder.record({ reconciler: reconciler.name, now: this.now }, ...told),
      requeue: (key, after) => this.wake(reconciler as Reconciler, key, after),
    };
  }

  private wake(reconciler: Reconciler, key: ObjectKey, after: Duration): void {
    const id = `${reconciler.name} ${keyString(key)}`;
    const due = this.now + after;
    const old = this.alarms.get(id);
    if (old === undefined || old.due > due) this.alarms.set(id, { due, seq: this.seq++, reconciler, key });
  }

  private random(stream: string): number {
    const drawn = (this.draws.get(stream) ?? 0) + 1;
    this.draws.set(stream, drawn);
    return Math.abs(Math.sin(drawn * 12.9898 + stream.length * 78.233) * 43758.5453) % 1;
  }

  private table(resource: string): Map<string, KubeObject> {
    const table = this.objects.get(resource) ?? new Map<string, KubeObject>();
    this.objects.set(resource, table);
    return table;
  }

  private must(resource: string, key: ObjectKey): KubeObject {
    const object = this.table(resource).get(keyString(key));
    if (object === undefined) throw notFound(resource, key.name);
    return object;
  }

  private list(resource: string, { namespace, nameStem, labelSelector, index }: ListOptions): KubeObject[] {
    const selector = labelSelector === undefined ? [] : (parseSelector(labelSelector) as Selector);
    const indexers: AnyResourceView['indexers'] = {
      owner: (object) => [controllerOf(object)?.uid ?? ''],
      dependents: ({ metadata }) => metadata.ownerReferences?.map(({ uid }: { uid: string }) => uid) ?? [],
      ...this.views.get(resource)?.indexers,
    };
    const indexer = index === undefined ? undefined : indexers[index.name];
    return [...this.table(resource).entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object)
      .filter((object) => namespace === undefined || (object.metadata.namespace ?? '') === namespace)
      .filter((object) => nameStem === undefined || object.metadata.name?.startsWith(`${nameStem}.`) === true)
      .filter((object) => matchesSelector(selector, object.metadata.labels))
      .filter((object) => index === undefined || indexer?.(object).includes(index.value) === true);
  }

  private create(resource: string, given: Loose): KubeObject {
    const kind = this.resources.get(resource);
    const suffix = Array.from({ length: 5 }, () => 'bcdfghjklmnpqrstvwxz2456789'[Math.floor(this.random('name') * 27)]).join('');
    const metadata: ObjectMeta = {
      ...given.metadata,
      name: given.metadata.name ?? `${given.metadata.generateName}${suffix}`,
      uid: `uid-${++this.seq}`,
      creationTimestamp: formatTime(this.now),
      generation: 1,
    };
    let object = { ...given, metadata } as Loose;
    if (kind !== undefined) {
      object = kind.strategy.defaults(object) as Loose;
      object = (kind.strategy.prepareForCreate?.(object, this.prepare()) ?? object) as Loose;
    }
    if (resource === 'pods') object = { status: { phase: 'Pending' }, ...object };
    if (this.table(resource).has(keyString(keyOf(object)))) throw alreadyExists(resource, metadata.name ?? '');
    return this.store(resource, object, undefined);
  }

  private prepare() {
    return { api: this.api, now: this.now, random: (stream: string) => this.random(stream), dryRun: false, user: ADMINISTRATOR };
  }

  private update(resource: string, given: Loose, part: 'spec' | 'status'): KubeObject {
    const old = this.must(resource, keyOf(given)) as Loose;
    if (given.metadata.resourceVersion !== undefined && given.metadata.resourceVersion !== old.metadata.resourceVersion)
      throw conflict(resource, keyOf(given).name);
    const kind = this.resources.get(resource);
    const hasStatus = kind?.strategy.hasStatus ?? ['pods', 'nodes', 'namespaces'].includes(resource);
    let object: Loose =
      part === 'status'
        ? { ...old, status: given.status, metadata: { ...old.metadata, ...(given.metadata.annotations && { annotations: given.metadata.annotations }) } }
        : given;
    if (part === 'spec' && hasStatus) object = { ...object, status: old.status };
    if (kind !== undefined && part === 'spec') {
      object = kind.strategy.defaults(object) as Loose;
      object = (kind.strategy.prepareForUpdate?.(object, old, this.prepare()) ?? object) as Loose;
    }
    object = { ...object, metadata: { ...object.metadata, resourceVersion: old.metadata.resourceVersion as string } };
    const clean = JSON.parse(JSON.stringify(object)) as Loose;
    if (isDeepStrictEqual(clean, JSON.parse(JSON.stringify(old)))) return old;
    const body = ({ metadata: _, status: __, ...rest }: Loose) => rest;
    const changed = part === 'spec' && !isDeepStrictEqual(body(clean), JSON.parse(JSON.stringify(body(old))));
    const generation = (old.metadata.generation ?? 1) + (changed ? 1 : 0);
    const next = { ...clean, metadata: { ...clean.metadata, generation } } as Loose;
    const isBoundPod = resource === 'pods' && (next.spec as { nodeName?: string } | undefined)?.nodeName !== undefined;
    const held = (next.spec as { finalizers?: readonly string[] } | undefined)?.finalizers?.length;
    if (next.metadata.deletionTimestamp !== undefined && !next.metadata.finalizers?.length && !held && !isBoundPod) {
      this.remove(resource, next);
      return next;
    }
    return this.store(resource, next, old);
  }

  private delete(resource: string, key: ObjectKey, options: DeleteOptions): KubeObject {
    const old = this.must(resource, key) as Loose;
    const isBound = resource === 'pods' && (old.spec as { nodeName?: string } | undefined)?.nodeName !== undefined && options.gracePeriodSeconds !== 0;
    const finalizers = [...(old.metadata.finalizers ?? [])];
    if (options.propagationPolicy === 'Foreground') finalizers.push('foregroundDeletion');
    if (options.propagationPolicy === 'Orphan') finalizers.push('orphan');
    const isHeld = resource === 'namespaces' && old.metadata.deletionTimestamp === undefined;
    if (!isBound && !isHeld && finalizers.length === 0) {
      this.remove(resource, old);
      return old;
    }
    if (old.metadata.deletionTimestamp !== undefined) return old;
    const metadata = { ...old.metadata, deletionTimestamp: formatTime(this.now), ...(finalizers.length === 0 ? {} : { finalizers }) };
    return this.store(resource, { ...old, metadata } as Loose, old);
  }

  private store(resource: string, object: Loose, old: KubeObject | undefined): KubeObject {
    const stored = freeze(JSON.parse(JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(++this.revision) } }))) as KubeObject;
    this.table(resource).set(keyString(keyOf(stored)), stored);
    this.tell({ type: old === undefined ? 'ADDED' : 'MODIFIED', resource, object: stored, ...(old === undefined ? {} : { old }) });
    return stored;
  }

  private remove(resource: string, object: KubeObject): void {
    this.table(resource).delete(keyString(keyOf(object)));
    this.tell({ type: 'DELETED', resource, object, old: object });
  }

  private tell(event: WatchEvent): void {
    for (const { resource, call } of this.watchers) if (resource === '*' || resource === event.resource) call(event);
  }
}

/** RFC 7386. */
export function merge(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
