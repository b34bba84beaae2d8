/**
 * The verbs of the API on a Store: what kube-apiserver does between a request and etcd. `createVerbs` gives two doors to the
 * same room: `components` for scheduler, controllers and kubelets (objects from code, trusted), and the client's verbs for
 * rest.ts (objects from outside, decoded and judged).
 */
import { conflict, methodNotSupported, notFound, unknownResource } from '../api/errors.js';
import { type KubeObject, keyOf, type ObjectKey } from '../api/object.js';
import type { Outside } from '../api/outside.js';
import { type AnyResource, resourceId, type Schemas, type SubresourceResult } from '../api/resource.js';
import type { Structs } from '../api/structs.js';
import type { Time } from '../api/time.js';
import type { Api, DeleteOptions, ListOptions, Patch, ResourceId, WatchEvent, WriteOptions } from '../api/verbs.js';
import type { Store } from '../store/store.js';
import { certificateApproval } from './admission/certificates.js';
import { AdmissionChain } from './admission/chain.js';
import { admissionPlugins } from './admission/index.js';
import type { AdmissionContext, AdmissionPlugin, Attributes } from './admission/plugin.js';
import { roleEscalation } from './admission/role-escalation.js';
import { applyPatch, type PatchTypes } from './patch.js';
import { createObject } from './registry/create.js';
import { type Deletion, deleteObject } from './registry/delete.js';
import type { Random } from './registry/metadata.js';
import { type Entry, prepareContext, type Registry, type WriteCall } from './registry/registry.js';
import { keepSystemFields, updateObject, updateStatusOf, updateThrough } from './registry/update.js';
import { filterObjects } from './selection.js';

export interface VerbsOptions {
  readonly store: Store;
  readonly resources: readonly AnyResource[];
  /** Those that definitions define, as of now. */
  readonly custom: () => readonly AnyResource[];
  /** Parsed when first needed. */
  readonly schemas: () => Schemas;
  /** The same: the fields of the API's types as Go declares them. */
  readonly structs: () => Structs;
  readonly fieldManager: Registry['fieldManager'];
  readonly now: () => Time;
  /** `now` as metadata has it. */
  readonly timestamp: () => string;
  readonly random: Random;
  /** What webhooks are asked through, and what they are shown. */
  readonly hooks: Omit<AdmissionContext, 'api' | 'now' | 'random'>;
  readonly outside: Outside;
  /** Default: those that are on by default upstream. */
  readonly admission?: readonly AdmissionPlugin[];
}

/** The verbs as requests from outside use them; objects are decoded already. */
export interface ClientVerbs {
  create<T extends KubeObject>(id: ResourceId, object: T, options: WriteOptions): T;
  /** PUT; `created` when the kind lets PUT create what is missing. */
  replace<T extends KubeObject>(id: ResourceId, object: T, options: WriteOptions): { readonly object: T; readonly created: boolean };
  patch<T extends KubeObject>(id: ResourceId, key: ObjectKey, patch: Patch, options: WriteOptions): { readonly object: T; readonly created: boolean };
  delete(id: ResourceId, key: ObjectKey, options: DeleteOptions): Deletion;
  subresource(
    id: ResourceId,
    key: ObjectKey,
    name: string,
    verb: 'get' | 'update' | 'create',
    body: KubeObject | undefined,
    options: WriteOptions,
  ): SubresourceAnswer;
  /** Asks admission about a connection; `object`: what is asked of it, of this kind. */
  connect(id: ResourceId, key: ObjectKey, kind: NonNullable<Attributes['kind']>, object: KubeObject, options: WriteOptions): void;
  entry(id: ResourceId): Entry;
}

export interface Verbs {
  readonly components: Api;
  readonly clients: ClientVerbs;
}

export function createVerbs(given: VerbsOptions): Verbs {
  // A second face may have its stored resource's id (autoscaling/v1); the verbs work on what is stored.
  const byFace = (isFace: boolean) => given.resources.filter(({ storedAs }) => (storedAs !== undefined) === isFace);
  const entries = new Map<ResourceId, Entry>(
    [...byFace(true), ...byFace(false)].map((resource) => [resourceId(resource.names), { id: resourceId(resource.names), resource }]),
  );
  const entry = (id: ResourceId): Entry => {
    const found = entries.get(id);
    if (found !== undefined) return found;
    const custom = given.custom().find(({ names, storedAs }) => storedAs === undefined && resourceId(names) === id);
    if (custom === undefined) throw unknownResource();
    return { id, resource: custom };
  };
  const components = componentApi(given.store, entry, () => registry, given, given.outside);
  const registry: Registry = {
    store: given.store,
    api: components,
    admission: new AdmissionChain(given.admission ?? [...admissionPlugins, certificateApproval(given.store), roleEscalation(given.store)], () =>
      Object.assign({ api: components, now: given.now(), random: given.random }, given.hooks),
    ),
    fieldManager: given.fieldManager,
    outside: given.outside,
    now: given.now,
    random: given.random,
    timestamp: given.timestamp,
    judged: new WeakMap(),
  };
  return { components, clients: clientVerbs(registry, entry, given) };
}

/** As it is stored now: another version may have been when it was. */
const currentOf = <T extends KubeObject | undefined>({ resource: { custom } }: Entry, object: T): T =>
  object === undefined || custom?.converts !== true ? object : (custom.current(object) as T);

const NO_BODY: KubeObject = { apiVersion: '', kind: '', metadata: {} };

const trust = (options: WriteOptions = {}): WriteCall => ({ options, trusted: true });

/** What tells one write of a loop from another: `patch pods/web {…}`. */
const writing = (verb: string, id: ResourceId, { namespace = '', name = '' }: Partial<ObjectKey>, content: unknown): string =>
  `${verb} ${id} ${namespace}/${name} ${JSON.stringify(content)}`;

function componentApi(objects: Store, entry: (id: ResourceId) => Entry, registry: () => Registry, types: PatchTypes, outside: Outside): Api {
  const existing = <T extends KubeObject>(id: ResourceId, key: ObjectKey): T => {
    const old = objects.get<T>(id, key);
    if (old === undefined) throw notFound(id, key.name);
    return old;
  };
  const updateStatus = <T extends KubeObject>(id: ResourceId, object: T, options?: WriteOptions): T =>
    updateStatusOf(registry(), entry(id), existing<T>(id, keyOf(object)), object, trust(options));
  return {
    get: (id, key) => objects.get(id, key),
    list: <T extends KubeObject>(id: ResourceId, options: ListOptions = {}) => {
      const found = objects.list<T>(id, options);
      return options.labelSelector === undefined && options.fieldSelector === undefined ? found : filterObjects(entry(id).resource, found, options);
    },
    create: <T extends KubeObject>(id: ResourceId, object: T, options?: WriteOptions) =>
      options?.subresource === undefined
        ? outside.write(
            () => writing('create', id, object.metadata, object),
            () => createObject(registry(), entry(id), object, trust(options)),
          )
        : (callSubresource(registry(), entry(id), { key: keyOf(object), name: options.subresource, verb: 'create', body: object }, trust(options)).answer as T),
    update: <T extends KubeObject>(id: ResourceId, object: T, options?: WriteOptions) => {
      if (options?.subresource === 'status') return updateStatus(id, object, options);
      if (options?.subresource !== undefined)
        return callSubresource(registry(), entry(id), { key: keyOf(object), name: options.subresource, verb: 'update', body: object }, trust(options))
          .answer as T;
      return outside.write(
        () => writing('update', id, object.metadata, object),
        () => updateObject(registry(), entry(id), existing<T>(id, keyOf(object)), object, trust(options)),
      );
    },
    updateStatus,
    patch: <T extends KubeObject>(id: ResourceId, key: ObjectKey, patch: Patch, options?: WriteOptions) =>
      outside.write(
        () => writing('patch', id, key, patch.body),
        () => applyPatch<T>(registry(), entry(id), types, key, patch, trust(options)).object,
      ),
    delete: (id, key, options = {}) =>
      outside.write(
        () => writing('delete', id, key, options),
        () => deleteObject(registry(), entry(id), key, options).object,
      ),
    watch: (id, onEvent: (event: WatchEvent) => void) => void objects.watch(id, onEvent),
  };
}

function clientVerbs(registry: Registry, entry: (id: ResourceId) => Entry, types: PatchTypes): ClientVerbs {
  const call = (options: WriteOptions): WriteCall => ({ options, trusted: false });
  return {
    entry,
    create: (id, object, options) => createObject(registry, entry(id), object, call(options)),
    replace: <T extends KubeObject>(id: ResourceId, object: T, options: WriteOptions) => {
      const found = entry(id);
      const old = currentOf(found, registry.store.get<T>(id, keyOf(object)));
      if (old !== undefined) {
        const update = options.subresource === 'status' ? updateStatusOf : updateObject;
        return { object: update(registry, found, old, object, call(options)), created: false };
      }
      if (found.resource.strategy.allowCreateOnUpdate !== true || options.subresource !== undefined) throw notFound(id, keyOf(object).name);
      return { object: createObject(registry, found, object, call(options)), created: true };
    },
    patch: (id, key, patch, options) => applyPatch(registry, entry(id), types, key, patch, call(options)),
    delete: (id, key, options) => deleteObject(registry, entry(id), key, options),
    connect: (id, key, kind, object, options) =>
      registry.admission.validate(object, undefined, {
        operation: 'CONNECT',
        id,
        resource: entry(id).resource,
        key,
        subresource: options.subresource ?? '',
        kind,
        options,
      }),
    subresource: (id, key, name, verb, body, options) => callSubresource(registry, entry(id), { key, name, verb, body: body ?? NO_BODY }, call(options)),
  };
}

/** What a subresource request comes to. */
export interface SubresourceAnswer {
  readonly answer: KubeObject;
}

interface SubresourceRequest {
  /** The parent's. */
  readonly key: ObjectKey;
  readonly name: string;
  readonly verb: 'get' | 'update' | 'create';
  readonly body: KubeObject;
}

/** scale, binding, eviction …: the kind makes the new parent, the store takes it. */
function callSubresource(registry: Registry, { id, resource }: Entry, { key, name, verb, body }: SubresourceRequest, call: WriteCall): SubresourceAnswer {
  const subresource = resource.subresources?.[name];
  if (subresource === undefined) throw unknownResource();
  const parent = registry.store.get(id, key);
  if (parent === undefined) throw notFound(id, key.name);
  const context = Object.assign(prepareContext(registry, call.options), { key, options: call.options });
  if (verb === 'get') return { answer: subresource.get?.(parent, context) ?? parent };
  const change = verb === 'create' ? subresource.create : subresource.update;
  if (change === undefined) throw methodNotSupported();
  const { resourceVersion } = body.metadata ?? {};
  if (resourceVersion && resourceVersion !== parent.metadata.resourceVersion) throw conflict(id, key.name);
  /** Bodies of the parent's kind as what the parent becomes, others as they are. */
  const judged = (): SubresourceResult => {
    const isParent = subresource.names.kind === resource.names.kind;
    const old = verb === 'create' ? undefined : isParent ? parent : subresource.get?.(parent, context);
    const operation = verb === 'create' ? 'CREATE' : 'UPDATE';
    const attributes: Attributes = { operation, id, resource, key, subresource: name, options: call.options, ...(isParent ? {} : { kind: subresource.names }) };
    const whole = isParent && verb === 'update' ? keepSystemFields(parent, body, false) : body;
    const sent = registry.admission.admit(whole, old, attributes);
    // What does more than change the parent (an eviction) does it once nobody objects.
    if (!isParent) registry.admission.validate(sent, old, attributes);
    const result = change(parent, sent, context);
    if (isParent) registry.admission.validate(result.object ?? parent, old, attributes);
    return result;
  };
  // Components bind pods by the ten thousand: nothing is made ready to judge what they send.
  const { object, answer } = call.trusted ? change(parent, body, context) : judged();
  const stored = object === undefined ? parent : updateThrough(registry, { id, resource }, parent, object, call);
  if (answer !== undefined) return { answer };
  if (subresource.get !== undefined) return { answer: subresource.get(stored, context) };
  return { answer: subresource.names.kind === resource.names.kind ? stored : successStatus(verb === 'create' ? 201 : 200) };
}

const successStatus = (code: number): KubeObject => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code }) as KubeObject;
