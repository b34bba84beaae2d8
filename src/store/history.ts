/**
 * The last few hundred changes, so that a watch that goes on in another process (or after a reload) sees the versions in
 * between, as etcd keeps old revisions until compaction. Saved as differences backwards from what is stored now: a record
 * costs a few hundred bytes and is read only by who watches.
 */
import type { KubeObject, Mutable } from '../api/object.js';
import { seconds, type Time } from '../api/time.js';
import type { ResourceId, WatchEvent } from '../api/verbs.js';
import { applyDelta, type Delta, delta } from './delta.js';
import type { Document } from './document.js';
import { deepFreeze } from './freeze.js';
import type { Section } from './section.js';
import type { Text } from './text.js';

/** How many changes are kept at least, and at most while they are recent: a burst must not outrun who polls. */
const KEPT = 300;
const MOST = 2000;
const RECENT = seconds(10);
/** In memory they cost little: objects share what is alike. */
const IN_MEMORY = 3000;

/** One change as saved. `before`: from this version to the one before it; `object`: the last version of what was deleted. */
interface Change {
  readonly at: Time;
  readonly type: WatchEvent['type'];
  readonly resource: string;
  readonly key: string;
  readonly before?: Delta;
  readonly object?: KubeObject;
}

interface Recent {
  readonly revision: number;
  readonly at: Time;
  readonly key: string;
  readonly event: WatchEvent;
}

/** A change whose object is kept as text, and made again for who asks for it. */
export class Retold implements WatchEvent {
  readonly type: WatchEvent['type'];
  readonly resource: ResourceId;
  readonly old?: KubeObject;

  constructor(
    { type, resource, old }: WatchEvent,
    private readonly text: Text,
  ) {
    this.type = type;
    this.resource = resource;
    if (old !== undefined) this.old = old;
  }

  get object(): KubeObject {
    return deepFreeze(JSON.parse(this.text.json) as KubeObject);
  }
}

export class History {
  /** Changes made since loading, oldest first, or the last of them. */
  private recent: Recent[] = [];
  private unsaved = 0;
  private readonly section: Section;

  constructor(
    private readonly document: Document,
    private readonly now: () => Time,
  ) {
    this.section = document.section('/history/');
  }

  add(revision: number, key: string, event: WatchEvent): void {
    this.recent.push({ revision, at: this.now(), key, event });
    this.unsaved++;
    if (this.recent.length > 2 * IN_MEMORY) this.recent = this.recent.slice(-IN_MEMORY);
  }

  /** Oldest first; undefined: they are no longer all known. */
  since(revision: number, current: number): readonly WatchEvent[] | undefined {
    if (revision >= current) return [];
    // Revisions follow each other without gaps, so a revision tells its place.
    const firstRecent = this.recent[0]?.revision ?? current + 1;
    if (revision + 1 >= firstRecent) return this.recent.slice(revision + 1 - firstRecent).map(told);
    const events = this.recent.map(told).reverse();
    // Backwards in time: `versions` is what each key held just before the changes already walked over.
    const versions = new Map<string, KubeObject | undefined>();
    for (const { key, event } of [...this.recent].reverse()) versions.set(registryPrefix(event.resource) + key, event.old);
    const saved = this.section.keys().filter((key) => Number(key) > revision && Number(key) < firstRecent);
    for (const key of [...saved].reverse()) {
      const event = this.restore(this.section.get(key) as Change, versions);
      if (event === undefined) return undefined;
      events.push(event);
    }
    return events.length === current - revision ? events.reverse() : undefined;
  }

  /** The revision of the first change that is told; the next one's if none is. */
  oldest(current: number): number {
    const [saved] = this.section.keys();
    return saved === undefined ? (this.recent[0]?.revision ?? current + 1) : Number(saved);
  }

  private restore(record: Change, versions: Map<string, KubeObject | undefined>): WatchEvent | undefined {
    const { at, type, resource, key, before } = record;
    const path = registryPrefix(resource) + key;
    const now = () => this.document.section(registryPrefix(resource)).get(key) as KubeObject | undefined;
    const object = record.object ?? (versions.has(path) ? versions.get(path) : now());
    if (object === undefined) return undefined;
    deepFreeze(object);
    if (type === 'ADDED') {
      versions.set(path, undefined);
      return { type, resource, object, at };
    }
    const old = deepFreeze(applyDelta(object, before) as KubeObject);
    versions.set(path, old);
    return { type, resource, object, old, at };
  }

  /** Writes the new changes into the document and drops those beyond the bounds. */
  save(): void {
    if (this.unsaved === 0) return;
    const oldest = (this.now() - RECENT) as Time;
    for (const { revision, at, key, event } of this.recent.slice(-Math.min(this.unsaved, MOST))) {
      const { type, resource, old } = event;
      const before = old === undefined ? undefined : delta(event.object, old);
      const record: Mutable<Change> = { at, type, resource, key };
      if (before !== undefined) record.before = before;
      if (type === 'DELETED') record.object = event.object;
      this.section.set(keyFor(revision), record);
    }
    const keys = this.section.keys();
    // Nobody has had a chance to poll for what this save brings, however long ago it happened by the cluster's clock.
    const fresh = Math.max(KEPT, this.unsaved);
    for (let left = keys.length; left > KEPT; left--) {
      const key = keys[keys.length - left] as string;
      if (left <= MOST && (left <= fresh || (this.section.get(key) as Change).at >= oldest)) break;
      this.section.delete(key);
    }
    this.unsaved = 0;
  }

  /** Revisions jump: nothing before is told any more. */
  forget(): void {
    this.recent = [];
    this.unsaved = 0;
  }
}

const told = ({ event: { type, resource, object, old }, at }: Recent): WatchEvent =>
  old === undefined ? { type, resource, object, at } : { type, resource, object, old, at };

/** Padded, so that byte order is the order of time. */
const keyFor = (revision: number): string => String(revision).padStart(12, '0');

/** Where a resource's objects are, as in etcd. */
export const registryPrefix = (resource: ResourceId): string => `/registry/${resource}/`;
