/** The one door to cluster state for everything on the server's side: the verbs of the API, synchronous. */
import type { JsonObject, KubeObject, ObjectKey } from './object.js';
import type { Time } from './time.js';
import type { UserInfo } from './transport.js';

/**
 * A resource is named like upstream's GroupResource.String(): the plural, with `.group` outside the core group:
 * `pods`, `events`, `deployments.apps`, `endpointslices.discovery.k8s.io`.
 */
export type ResourceId = string;

export interface ListOptions {
  /** Only this namespace; absent: all. */
  readonly namespace?: string;
  /** Only objects of that namespace whose names are this, a dot and something without one: the Events about an object. Costs what it returns. */
  readonly nameStem?: string;
  /** Label selector text, as in `-l`. */
  readonly labelSelector?: string;
  /** Field selector text, as in `--field-selector`. */
  readonly fieldSelector?: string;
  /**
   * Only objects that the named indexer of the resource (client-go Indexers) files under `value`. Costs what it returns.
   * Every resource has `owner` (uid of the controller owner reference, '' without one) and `dependents` (uids of all owner references);
   * pods also `node` (spec.nodeName, '' while unscheduled).
   */
  readonly index?: { readonly name: string; readonly value: string };
}

/** What every request that changes something says of itself. */
export interface RequestOptions {
  /** Everything runs but the store. */
  readonly dryRun?: boolean;
  /** Receives texts for `Warning:` headers. */
  readonly warn?: (text: string) => void;
  /** On whose behalf. Absent: the cluster's administrator, or a part of it. */
  readonly user?: UserInfo;
  /** Admission has been asked about what leads to it (an eviction). */
  readonly isAdmitted?: boolean;
  /** The options as the client has sent them, for webhooks. */
  readonly asked?: JsonObject;
  /** The version in which the client speaks, where another one is stored. */
  readonly as?: { readonly group: string; readonly version: string };
}

export interface WriteOptions extends RequestOptions {
  /** Who writes, for managedFields: `kubelet`, `kube-controller-manager`, `kubectl-create` … */
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  /** `status`, `scale`, `binding`, …: which part of the object is written. */
  readonly subresource?: string;
  /** Server-side apply: take fields over from other managers. */
  readonly force?: boolean;
}

export interface DeleteOptions extends RequestOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  /** Of many at once: admission is told of no name. */
  readonly isOfCollection?: boolean;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface Patch {
  readonly type: PatchType;
  /** A parsed JSON patch (array of operations), merge patch, strategic merge patch or apply configuration. */
  readonly body: unknown;
  /** Keys that stood twice in the YAML that it was. */
  readonly repeated?: string;
}

export type WatchEvent<T extends KubeObject = KubeObject> = {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceId;
  readonly object: T;
  /** The version before; absent for ADDED. */
  readonly old?: T;
  /** When it happened, where it is told later (Store.changesSince). */
  readonly at?: Time;
};

/**
 * All verbs are synchronous: inside a turn nothing waits. What they return is deeply frozen. Errors are StatusErrors.
 * `update` with a resourceVersion that is not the stored one is a Conflict; without one it is unconditional.
 * A write that changes nothing returns the stored object and moves no resourceVersion.
 */
export interface Api {
  get<T extends KubeObject>(resource: ResourceId, key: ObjectKey): T | undefined;
  /** In key order: by namespace, then name. */
  list<T extends KubeObject>(resource: ResourceId, options?: ListOptions): readonly T[];
  create<T extends KubeObject>(resource: ResourceId, object: T, options?: WriteOptions): T;
  update<T extends KubeObject>(resource: ResourceId, object: T, options?: WriteOptions): T;
  updateStatus<T extends KubeObject>(resource: ResourceId, object: T, options?: WriteOptions): T;
  patch<T extends KubeObject>(resource: ResourceId, key: ObjectKey, patch: Patch, options?: WriteOptions): T;
  /** Returns the object as it was deleted or is now terminating; throws notFound. */
  delete(resource: ResourceId, key: ObjectKey, options?: DeleteOptions): KubeObject;
  /** Calls back synchronously, after every stored change of the resource ('*': of any), in revision order. */
  watch(resource: ResourceId | '*', onEvent: (event: WatchEvent) => void): void;
}

/** get and list for describers and other readers on the client's side, where every answer is awaited. */
export interface Reader {
  get<T extends KubeObject>(resource: ResourceId, key: ObjectKey): Promise<T | undefined>;
  list<T extends KubeObject>(resource: ResourceId, options?: ListOptions): Promise<readonly T[]>;
}
