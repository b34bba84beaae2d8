/** The {@link Store} on a {@link Document}: `/registry/<resource>/<namespace>/<name>` holds an object, as in etcd. */
import { alreadyExists, conflict, notFound } from '../api/errors.js';
import { innerMap } from '../api/maps.js';
import { controllerOf, copyOf, type KubeObject, keyOf, type Mutable, type ObjectKey } from '../api/object.js';
import type { Time } from '../api/time.js';
import type { ResourceId, WatchEvent } from '../api/verbs.js';
import type { Document } from './document.js';
import { deepFreeze } from './freeze.js';
import { History, Retold, registryPrefix } from './history.js';
import type { Cell, Section } from './section.js';
import { SortedMap } from './sorted-keys.js';
import type { Indexers, Store, StoreListOptions, Traits } from './store.js';
import { TextPool } from './text.js';

type OnEvent = (event: WatchEvent) => void;
/** value → key → object */
type Index = Map<string, SortedMap<Cell>>;

const NONE: readonly never[] = [];
const ORPHANS: readonly string[] = [''];
/** Indexes every resource has, by owners. */
const COMMON: Indexers = {
  owner: (object) => {
    const owner = controllerOf(object);
    return owner === undefined ? ORPHANS : [owner.uid];
  },
  dependents: ({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? NONE,
};

export class ObjectStore implements Store {
  private readonly history: History;
  private readonly sections = new Map<ResourceId, Section>();
  private readonly watchers = new Map<ResourceId | '*', OnEvent[]>();
  /** resource → index name → index; made when first asked for. */
  private readonly indexes = new Map<ResourceId, Map<string, Index>>();
  private readonly texts = new TextPool();
  /** What was last asked for of a resource, while nothing of it changes: some is asked for again with every change of others. */
  private readonly lists = new Map<ResourceId, { readonly below: string; readonly objects: readonly KubeObject[] }>();
  private isGuarded = false;
  /** Whom was asked for last: most are asked for several times in a row. */
  private last = { namespace: '', name: '', path: '' };

  constructor(
    private readonly document: Document,
    private current: number,
    private readonly traitsOf: (resource: ResourceId) => Traits | undefined,
    /** When changes happen, for the history. */
    now: () => Time = () => 0 as Time,
  ) {
    this.history = new History(document, now);
  }

  get revision(): number {
    return this.current;
  }

  get<T extends KubeObject>(resource: ResourceId, key: ObjectKey): T | undefined {
    return this.at<T>(resource, this.pathOf(key));
  }

  list<T extends KubeObject>(resource: ResourceId, options: StoreListOptions = {}): readonly T[] {
    const below = options.namespace ? `${options.namespace}/` : '';
    const { index, nameStem } = options;
    if (nameStem !== undefined) return this.read(resource, this.section(resource).keysOf(`${below}${nameStem}.`));
    if (index === undefined) return this.all(resource, below);
    if (this.traitsOf(resource)?.isSeldomRead === true) {
      const values = this.indexer(resource, index.name);
      return this.read<T>(resource, this.section(resource).keys(below)).filter((object) => values(object).includes(index.value));
    }
    const found = this.index(resource, index.name).get(index.value);
    return found === undefined ? NONE : found.withPrefix(below).map(({ value }) => value as T);
  }

  private all<T extends KubeObject>(resource: ResourceId, below: string): readonly T[] {
    const known = this.lists.get(resource);
    if (known?.below === below) return known.objects as readonly T[];
    const objects = this.read<T>(resource, this.section(resource).keys(below));
    this.lists.set(resource, { below, objects });
    return objects;
  }

  private read<T extends KubeObject>(resource: ResourceId, paths: readonly string[]): readonly T[] {
    return paths.map((path) => this.at<T>(resource, path) as T);
  }

  count(resource: ResourceId, namespace = ''): number {
    return this.section(resource).keys(namespace === '' ? '' : `${namespace}/`).length;
  }

  put<T extends KubeObject>(resource: ResourceId, object: T, expected?: number): T {
    const key = keyOf(object);
    const path = this.pathOf(key);
    const old = this.at<T>(resource, path);
    if (expected === 0 && old !== undefined) throw alreadyExists(resource, key.name);
    if (expected !== undefined && expected !== 0 && revisionOf(old) !== expected) throw conflict(resource, key.name);
    const stored = withVersion(object, String(++this.current));
    const event: WatchEvent = old === undefined ? { type: 'ADDED', resource, object: stored } : { type: 'MODIFIED', resource, object: stored, old };
    if (this.traitsOf(resource)?.isSeldomRead === true) {
      const text = this.texts.add(JSON.stringify(stored));
      this.section(resource).set(path, text);
      this.history.add(this.current, path, new Retold(event, text));
    } else {
      this.reindex(resource, this.section(resource).set(path, deepFreeze(stored)), stored, old);
      this.history.add(this.current, path, event);
    }
    this.notify(event);
    return stored;
  }

  delete<T extends KubeObject>(resource: ResourceId, key: ObjectKey, options: { readonly expected?: number; readonly last?: T } = {}): T {
    const path = this.pathOf(key);
    const old = this.at<T>(resource, path);
    if (old === undefined) throw notFound(resource, key.name);
    if (options.expected !== undefined && revisionOf(old) !== options.expected) throw conflict(resource, key.name);
    const last = options.last ?? old;
    const object = deepFreeze({ ...last, metadata: { ...last.metadata, resourceVersion: String(++this.current) } });
    this.unindex(resource, path, old);
    this.section(resource).delete(path);
    const event: WatchEvent = { type: 'DELETED', resource, object, old };
    this.history.add(this.current, path, event);
    this.notify(event);
    return object;
  }

  watch(resource: ResourceId | '*', onEvent: OnEvent): () => void {
    this.watchers.set(resource, [...(this.watchers.get(resource) ?? []), onEvent]);
    return () => {
      this.watchers.set(
        resource,
        (this.watchers.get(resource) ?? []).filter((other) => other !== onEvent),
      );
    };
  }

  changesSince(resource: ResourceId | '*', revision: number): readonly WatchEvent[] | undefined {
    const events = this.history.since(revision, this.current);
    return resource === '*' ? events : events?.filter((event) => event.resource === resource);
  }

  get compactRevision(): number {
    return this.history.oldest(this.current) - 1;
  }

  /** Puts an object of another cluster's dump here as it is, resourceVersion and all. Watchers see it, the history does not. */
  adopt(resource: ResourceId, object: KubeObject): void {
    const path = this.pathOf(keyOf(object));
    const old = this.at<KubeObject>(resource, path);
    const revision = Number(object.metadata.resourceVersion);
    const isNumber = Number.isSafeInteger(revision) && revision > 0;
    this.current = Math.max(this.current + (isNumber ? 0 : 1), isNumber ? revision : 0);
    const stored = deepFreeze(isNumber ? object : { ...object, metadata: { ...object.metadata, resourceVersion: String(this.current) } });
    this.reindex(resource, this.section(resource).set(path, stored), stored, old);
    this.history.forget();
    this.notify(old === undefined ? { type: 'ADDED', resource, object: stored } : { type: 'MODIFIED', resource, object: stored, old });
  }

  forgetHistory(): void {
    this.history.forget();
  }

  /** Puts what is not in the document yet (the history) there, before it is saved. */
  save(): void {
    this.history.save();
  }

  /** Freezes what is read from now on: for who acts. A command that only looks has nothing to spoil, and saves the time. */
  guard(): void {
    this.isGuarded = true;
    this.lists.clear();
  }

  private at<T>(resource: ResourceId, path: string): T | undefined {
    const object = this.section(resource).get(path) as T | undefined;
    return this.isGuarded ? deepFreeze(object) : object;
  }

  /** Below the resource's prefix. */
  private pathOf({ namespace, name }: ObjectKey): string {
    if (namespace === '') return name;
    // Text that is put together anew has to be hashed anew.
    if (name !== this.last.name || namespace !== this.last.namespace) this.last = { namespace, name, path: `${namespace}/${name}` };
    return this.last.path;
  }

  private section(resource: ResourceId): Section {
    let section = this.sections.get(resource);
    if (section === undefined) {
      section = this.document.section(registryPrefix(resource));
      this.sections.set(resource, section);
    }
    return section;
  }

  private notify(event: WatchEvent): void {
    this.lists.delete(event.resource);
    for (const onEvent of this.watchers.get(event.resource) ?? NONE) onEvent(event);
    for (const onEvent of this.watchers.get('*') ?? NONE) onEvent(event);
  }

  private index(resource: ResourceId, name: string): Index {
    const ofResource = innerMap(this.indexes, resource);
    let index = ofResource.get(name);
    if (index === undefined) {
      const values = this.indexer(resource, name);
      index = new Map();
      for (const path of this.section(resource).keys()) {
        const object = this.at(resource, path) as KubeObject;
        const cell = this.section(resource).cell(path) as Cell;
        for (const value of values(object)) file(index, value, cell);
      }
      ofResource.set(name, index);
    }
    return index;
  }

  private indexer(resource: ResourceId, name: string): Indexers[string] {
    const indexer = this.traitsOf(resource)?.indexers?.[name] ?? COMMON[name];
    if (indexer === undefined) throw new Error(`${resource} has no index ${name}`);
    return indexer;
  }

  /** An index has the cell: nothing is to be done for an object that stays where it is filed. */
  private reindex(resource: ResourceId, cell: Cell, object: KubeObject, old: KubeObject | undefined): void {
    const ofResource = this.indexes.get(resource);
    if (ofResource === undefined) return;
    const isAsOwned = old !== undefined && old.metadata.ownerReferences === object.metadata.ownerReferences;
    for (const [name, index] of ofResource) {
      if (isAsOwned && name in COMMON) continue;
      const indexer = this.indexer(resource, name);
      const before = old === undefined ? NONE : indexer(old);
      const now = indexer(object);
      for (const value of before) if (!now.includes(value)) unfile(index, value, cell.key);
      for (const value of now) if (!before.includes(value)) file(index, value, cell);
    }
  }

  private unindex(resource: ResourceId, path: string, object: KubeObject): void {
    for (const [name, index] of this.indexes.get(resource) ?? NONE) for (const value of this.indexer(resource, name)(object)) unfile(index, value, path);
  }
}

/** What is still the writer's own is changed and not copied: an object has become the store's. Metadata with no place for the version would grow. */
function withVersion<T extends KubeObject>(object: T, resourceVersion: string): T {
  const { metadata } = object as { readonly metadata: Mutable<KubeObject['metadata']> };
  const hasPlace = metadata.resourceVersion !== undefined && !Object.isFrozen(metadata);
  const next = hasPlace ? metadata : copyOf(metadata);
  next.resourceVersion = resourceVersion;
  if (Object.isFrozen(object)) return { ...object, metadata: next };
  (object as Mutable<KubeObject>).metadata = next;
  return object;
}
function file(index: Index, value: string, cell: Cell): void {
  let found = index.get(value);
  if (found === undefined) {
    found = new SortedMap();
    index.set(value, found);
  }
  found.set(cell.key, cell);
}

function unfile(index: Index, value: string, path: string): void {
  const found = index.get(value);
  found?.delete(path);
  if (found?.size === 0) index.delete(value);
}

const revisionOf = (object: KubeObject | undefined): number => Number(object?.metadata.resourceVersion ?? 0);
