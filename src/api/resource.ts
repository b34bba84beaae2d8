/** The form every kind fills in. A kind is a folder in resources/; its front door puts these together. */
import type { FieldError } from './field.js';
import type { JsonObject, KubeObject, ObjectKey } from './object.js';
import type { Reconciler, StateMap } from './reconciler.js';
import type { Time } from './time.js';
import type { UserInfo } from './transport.js';
import type { Api, Reader, ResourceId, WriteOptions } from './verbs.js';

export interface ResourceNames {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly categories: readonly string[];
  /** Absent: create delete deletecollection get list patch update watch. */
  readonly verbs?: readonly string[];
  /** What everyone who asks for it is warned of: APILifecycleDeprecated, or a CRD version's `deprecated`. */
  readonly deprecation?: string;
}

/** `pods`, `deployments.apps`. */
export const resourceId = (names: Pick<ResourceNames, 'group' | 'plural'>): ResourceId =>
  names.group === '' ? names.plural : `${names.plural}.${names.group}`;
/** `v1`, `apps/v1`. */
export const apiVersionOf = (names: Pick<ResourceNames, 'group' | 'version'>): string =>
  names.group === '' ? names.version : `${names.group}/${names.version}`;

export type Cell = string | number | boolean | null;

/** One column of the server's Table (`get`). kubectl upper-cases names and hides priority > 0 without `-o wide`. */
export interface Column<T extends KubeObject = KubeObject> {
  /** As the API has it: `Name`, `Up-to-date`. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean' | 'number';
  /** `name` for the first column. */
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  cell(object: T, now: Time): Cell;
}

/** What reading a kind takes: loaded for every command, so it imports nothing heavy. `view.ts` of the kind's folder. */
export interface ResourceView<T extends KubeObject = KubeObject> {
  readonly names: ResourceNames;
  readonly columns: readonly Column<T>[];
  /** The order of a list's rows, where that is not the list's. */
  readonly compareRows?: (a: T, b: T) => number;
  /** Fields that field selectors know besides metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** Named indexes for {@link ListOptions.index}, besides `owner`. */
  readonly indexers?: Readonly<Record<string, (object: T) => readonly string[]>>;
  /** Written by the ten thousand and seldom read: the store keeps them as text, and in no index. */
  readonly isSeldomRead?: boolean;
  /**
   * What is a function of time alone is not stepped through but worked out when somebody looks: heartbeats, lease renewals,
   * event expiry. Applied by the API server to what clients read (not to what reconcilers read). undefined: it has expired.
   */
  observe?(object: T, now: Time, state: StateMap): T | undefined;
  /** Present when these are another resource's objects served under a second group or version. */
  readonly storedAs?: StoredAs<T>;
  /** Present when a CustomResourceDefinition defines the kind. */
  readonly custom?: CustomFacts;
}

/** What the API server knows of built-in kinds from tables, and of custom ones from their definition. */
export interface CustomFacts {
  readonly isServed: boolean;
  readonly storageVersion: string;
  /** As discovery has them. */
  readonly verbs: readonly string[];
  readonly listKind?: string;
  readonly subresources: readonly SubresourceNames[];
  /** The schema as it was written, for OpenAPI. */
  readonly openApi: JsonObject;
  /** Its versions differ in more than their names: a webhook makes one of the other, which may have to be waited for. */
  readonly converts: boolean;
  /** As it is stored now, of what was stored when another version was. */
  current(object: KubeObject): KubeObject;
  /** Said with every answer, of a version that is deprecated. */
  readonly warning?: string;
  /** Takes out what the schema does not specify, and says where it was: `spec.foo`. `metadataOf`: what is left of the metadata of an object within. */
  prune(object: JsonObject, metadataOf: (metadata: unknown, path: string) => unknown): { readonly object: JsonObject; readonly unknown: readonly string[] };
}

/** A subresource as discovery shows it. */
export interface SubresourceNames {
  readonly name: string;
  readonly kind: string;
  /** '' and '': the parent's. */
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly string[];
}

/**
 * A second face of a stored resource: events.k8s.io/v1 of core/v1 Events, autoscaling/v1 of autoscaling/v2. The API server
 * reads, filters, tabulates and writes the stored form (`T`: columns, selectable fields, strategy) and converts what goes
 * over the wire.
 */
export interface StoredAs<T extends KubeObject = KubeObject> {
  /** The resource under whose keys the objects rest. */
  readonly resource: ResourceId;
  fromStored(object: T): KubeObject;
  /** Of a decoded object in this group and version. */
  toStored(object: KubeObject): T;
}

/** The words of k8s.io/apiserver/pkg/registry/rest. Pure functions of their arguments. */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** Fills in defaults (pkg/apis/<group>/<version>/defaults.go). Called on every decoded object, create and update. */
  defaults(object: T): T;
  /** Clears what a client may not set (status), sets what creation means (generation is the verbs' own affair). */
  prepareForCreate?(object: T, context: PrepareContext): T;
  prepareForUpdate?(object: T, old: T, context: PrepareContext): T;
  /**
   * After validation and admission, right before storing: allocation that can fail and whose error comes alone (cluster IPs,
   * node ports). `old` is absent on creation. Throws a StatusError. Not called for status updates.
   */
  allocate?(object: T, old: T | undefined, context: PrepareContext): T;
  /** Update through /status: what of `object` counts (default: status alone; metadata and spec are the old ones). */
  prepareForStatusUpdate?(object: T, old: T, context: PrepareContext): T;
  /** Never throws. */
  validate(object: T): readonly FieldError[];
  /** All errors of an update, in upstream's order: it calls what `validate` calls itself. Absent: `validate`. */
  validateUpdate?(object: T, old: T): readonly FieldError[];
  validateStatusUpdate?(object: T, old: T): readonly FieldError[];
  /** Texts for `Warning:` headers that come with validation errors as well: said while preparing to create. */
  earlyWarnings?(object: T): readonly string[];
  /** Texts for `Warning:` headers. */
  warnings?(object: T, old?: T): readonly string[];
  /** The same of updates through /status. */
  statusWarnings?(object: T): readonly string[];
  /** True: metadata.generation is kept (1 at creation, +1 when anything outside metadata and status changes). */
  readonly hasGeneration: boolean;
  /** What of the metadata counts as a new generation too: of Deployments annotations, of EndpointSlices labels. */
  readonly generationCounts?: 'annotations' | 'labels';
  readonly hasStatus: boolean;
  /** What is set back whoever writes it, so that nobody comes to own it (GetResetFields): paths by subresource, '' for the object itself. */
  readonly resetFields?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** PUT creates a missing object (Service, Endpoints, LimitRange, Event, Lease, RuntimeClass, RBAC kinds). */
  readonly allowCreateOnUpdate?: boolean;
  /** False: PUT without resourceVersion is invalid (PodDisruptionBudget, Lease, RuntimeClass, custom resources …). Default true. */
  readonly allowUnconditionalUpdate?: boolean;
  /** Pods: the grace period in seconds for this deletion; undefined: deleted at once (CheckGracefulDelete). */
  gracefulDelete?(object: T, requestedSeconds: number | undefined): number;
  /** Deletion has begun (deletionTimestamp is set): what else changes. Namespaces: phase Terminating. */
  prepareForDelete?(object: T): T;
  /** Holds back removal besides metadata.finalizers (namespaces: spec.finalizers). A kind that has this is always marked first. */
  hasPendingFinalizers?(object: T): boolean;
  /** DELETE answers with the deleted object instead of a Success status (apiserver.md §1). */
  readonly returnsDeletedObject?: boolean;
  /** Finalizer policy of a plain delete; default `background`. */
  readonly defaultGarbageCollection?: 'orphan' | 'background';
}

/** What preparing may draw on: allocation of cluster IPs and node ports, tokens, the clock. */
export interface PrepareContext {
  readonly api: Api;
  readonly now: Time;
  random(stream: string): number;
  readonly dryRun: boolean;
  /** Who asks. */
  readonly user: UserInfo;
}

/** Text laid out as kubectl describe lays it out; the implementation is text/'s. */
export interface IndentedWriter {
  /** Writes `text` (may hold tabs and newlines) behind `level` × two spaces. */
  write(level: number, text: string): void;
  /** `write` and a newline. */
  line(level: number, text: string): void;
  /** Ends the current alignment block (tabwriter Flush). */
  flush(): void;
}

export interface DescribeOptions {
  readonly showEvents: boolean;
  readonly now: Time;
  readonly chunkSize?: number;
}

/** What `kubectl describe` prints of one object (kubectl pkg/describe). Runs on kubectl's side. */
export type Describer<T extends KubeObject = KubeObject> = (object: T, reader: Reader, out: IndentedWriter, options: DescribeOptions) => Promise<void>;

/** One subresource beyond `status`: scale, binding, eviction … Log, exec, attach and portforward are the server's own. */
export interface Subresource<T extends KubeObject = KubeObject> {
  /** Of the tables of its own bodies. */
  readonly columns?: readonly Column[];
  /** Group, version and kind of its body: Scale is autoscaling/v1, Eviction policy/v1. */
  readonly names: Pick<ResourceNames, 'group' | 'version' | 'kind'>;
  readonly verbs: readonly string[];
  get?(object: T, context: SubresourceContext): KubeObject;
  /** `object` is the parent as stored, `body` what was sent (for PATCH: the patched result of `get`). Throws StatusErrors; validates for itself. */
  update?(object: T, body: KubeObject, context: SubresourceContext): SubresourceResult<T>;
  create?(object: T, body: KubeObject, context: SubresourceContext): SubresourceResult<T>;
}

/** What a write to a subresource comes to. */
export interface SubresourceResult<T extends KubeObject = KubeObject> {
  /** The parent as it is to be: the server stores it (generation and managedFields kept; nothing on a dry run). Absent: it stays. */
  readonly object?: T;
  /** What the client gets. Absent: `get` of the new parent; without a `get`, the new parent if the body is of its kind, else a Success Status. */
  readonly answer?: KubeObject;
}

export interface SubresourceContext extends PrepareContext {
  readonly key: ObjectKey;
  readonly options: WriteOptions;
}

/** What set, logs, rollout, expose and scale need to know of a workload kind. */
export interface Traits<T extends KubeObject = KubeObject> {
  /** Where the PodTemplateSpec (or, for pods, the pod itself) is: `['spec', 'template']`, `[]` for pods. */
  readonly podTemplate?: readonly string[];
  /** The label selector text of its pods; undefined when it has none. */
  podSelector?(object: T): string | undefined;
  readonly rollout?: { readonly history: 'replicasets' | 'controllerrevisions'; readonly restart: boolean; readonly pause: boolean };
}

/** All there is to a kind. */
export interface Resource<T extends KubeObject = KubeObject> extends ResourceView<T> {
  /** The name of its definition in the generated schema: `V1Pod`, `V1Deployment`. */
  readonly schema: string;
  readonly strategy: Strategy<T>;
  readonly describe?: Describer<T>;
  readonly controllers?: readonly Reconciler[];
  readonly subresources?: Readonly<Record<string, Subresource<T>>>;
  readonly traits?: Traits<T>;
}

/** A heterogeneous list holds resources of many object types. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds is heterogeneous; each entry is only ever used with its own objects
export type AnyResource = Resource<any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyResourceView = ResourceView<any>;

/** One definition of the generated schema (build output `dist/schema.json`): OpenAPI v1.33 without descriptions. */
export interface SchemaDefinition {
  readonly fields: Readonly<Record<string, SchemaField>>;
  /** It may have other fields, of any kind (x-kubernetes-preserve-unknown-fields). */
  readonly open?: boolean;
}
export interface SchemaField {
  /** `string`, `number`, `boolean`, `object` (anything), `IntOrString`, `Quantity`, `Date`, `MicroTime`, `byte`, or a definition's name. */
  readonly type: string;
  /** `int32`, `int64`, `double`, `date-time`, `byte`. */
  readonly format?: string;
  /** A list or map of `type`. */
  readonly container?: 'list' | 'map' | 'maplist';
  readonly required?: boolean;
  /** Strategic merge: key of a list merged by key; '' for a set of primitives merged. Absent on lists: replaced whole. */
  readonly mergeKey?: string;
  readonly retainKeys?: boolean;
  /** Strategic merge: a struct or map replaced whole (patchStrategy replace). */
  readonly mergeReplace?: boolean;
  /** Server-side apply: how a list or map is owned. */
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  /** An optional scalar behind a pointer in Go: a zero value counts as set. */
  readonly pointer?: boolean;
  /** A struct or time that is no pointer in Go: written even when empty (`{}`, null). */
  readonly always?: boolean;
  /** What is an object here is of this definition; what is not is taken as it is. */
  readonly union?: string;
  /** Go's name of a named type, as JSON type errors print it: `v1.RestartPolicy`, `[]v1.Capability`. */
  readonly goType?: string;
  readonly enum?: readonly string[];
}
/** All definitions by name: `V1Pod`, `V1PodSpec` … */
export type Schemas = Readonly<Record<string, SchemaDefinition>>;
