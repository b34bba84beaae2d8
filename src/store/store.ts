/**
 * etcd, pretended: a revisioned map from keys to frozen objects with watch, indexes and a bounded history. It knows nothing
 * of kinds, defaults or validity; that is the API server's part. k8s.io/apiserver/pkg/storage Interface.
 */
import type { KubeObject, ObjectKey } from '../api/object.js';
import type { ResourceId, WatchEvent } from '../api/verbs.js';

/** `(object) => the values it is filed under`, by index name (client-go cache.Indexers). */
export type Indexers = Readonly<Record<string, (object: KubeObject) => readonly string[]>>;

/** What the store minds of a resource's objects. */
export interface Traits {
  readonly indexers?: Indexers;
  /** They are kept as text, and in no index. */
  readonly isSeldomRead?: boolean;
}

export interface StoreListOptions {
  /** Only this namespace; absent: all. */
  readonly namespace?: string;
  /** Only objects of that namespace whose names are this, a dot and something without one; costs what it returns. */
  readonly nameStem?: string;
  /** Only objects filed under `value` in the named index. Every resource has `owner` (uid of the controller owner reference, '' without one) and `dependents` (uids of all owners). */
  readonly index?: { readonly name: string; readonly value: string };
}

export interface Store {
  /** The revision of the last change: the resourceVersion of a list read now. One counter for all resources. */
  readonly revision: number;

  get<T extends KubeObject>(resource: ResourceId, key: ObjectKey): T | undefined;

  /** In key order, as etcd has it: bytes of `namespace/name`. */
  list<T extends KubeObject>(resource: ResourceId, options?: StoreListOptions): readonly T[];

  /** How many there are, without reading them. */
  count(resource: ResourceId, namespace?: string): number;

  /**
   * Stores `object` under `metadata.namespace`/`metadata.name`, with the next revision as its metadata.resourceVersion, and
   * returns it as stored: deeply frozen, unless it is kept as text. `object` is the store's from then on: it may be what is stored. `expected` is the revision it must have
   * now: 0, there must be none (throws alreadyExists); absent: whatever it is. Anything else throws conflict.
   */
  put<T extends KubeObject>(resource: ResourceId, object: T, expected?: number): T;

  /**
   * Removes it and returns it as it was last, with the revision of the deletion as resourceVersion (as watchers see it).
   * `last` is stored in its place as the last version (deletionTimestamp set, finalizers gone), if given. Throws notFound, conflict.
   */
  delete<T extends KubeObject>(resource: ResourceId, key: ObjectKey, options?: { readonly expected?: number; readonly last?: T }): T;

  /** Calls back synchronously after every change of the resource ('*': of any), in revision order. Returns how to stop it. */
  watch(resource: ResourceId | '*', onEvent: (event: WatchEvent) => void): () => void;

  /**
   * The changes after `revision`, oldest first, with the objects as they were then and the time it was; undefined when that is too long ago to be
   * told (the API's 410 Expired). Works across saving and loading.
   */
  changesSince(resource: ResourceId | '*', revision: number): readonly WatchEvent[] | undefined;

  /** The changes after this revision can still be told (etcd's compaction revision). */
  readonly compactRevision: number;
}
