/**
 * Deletes what nobody owns any more: pkg/controller/garbagecollector. Upstream keeps a graph of all objects; here the index
 * `dependents` is that graph, and owners are looked up when something happens to them or to what they own.
 */
import { innerMap } from '../api/maps.js';
import { type KubeObject, keyOf, type ObjectKey, type OwnerReference } from '../api/object.js';
import type { Context, Reconciler } from '../api/reconciler.js';
import { apiVersionOf, type ResourceNames, resourceId } from '../api/resource.js';
import type { Api, DeleteOptions, ResourceId, WatchEvent } from '../api/verbs.js';
import { attempt } from './attempt.js';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';
const NAME = 'garbage-collector-controller';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const NONE: readonly never[] = [];
/** Upstream ignores Events as well: nothing is owned by them and they own nothing. */
const IGNORED: ReadonlySet<ResourceId> = new Set(['events', 'events.events.k8s.io']);

/** Keys: `<resource>:<name>` for one object, `owner:<uid>` for all that an owner which is gone has left. */
const objectKey = (resource: ResourceId, object: KubeObject): ObjectKey => ({
  namespace: object.metadata.namespace ?? '',
  name: `${resource}:${object.metadata.name}`,
});

interface Item {
  readonly resource: ResourceId;
  readonly object: KubeObject;
}

export function garbageCollector(resources: readonly ResourceNames[]): Reconciler {
  const graph = new Graph(resources);
  return {
    name: NAME,
    watches: [{ resource: '*', keys: (event, api) => graph.keys(event, api) }],
    reconcile: ({ namespace, name }, context) => {
      const colon = name.indexOf(':');
      const [what, rest] = [name.slice(0, colon), name.slice(colon + 1)];
      if (what === 'owner') {
        for (const item of graph.dependents(rest, context.api)) graph.collect(item, context);
        return undefined;
      }
      const object = context.api.get(what, { namespace, name: rest });
      if (object === undefined) return undefined;
      const item = { resource: what, object };
      if (object.metadata.deletionTimestamp === undefined) graph.collect(item, context);
      else if (has(object, ORPHAN)) graph.orphan(item, context.api);
      else if (has(object, FOREGROUND)) graph.deleteDependents(item, context);
      return undefined;
    },
  };
}

const has = ({ metadata }: KubeObject, finalizer: string): boolean => metadata.finalizers?.includes(finalizer) === true;
/** Waits in the foreground for what it owns. */
const isWaiting = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined && has(object, FOREGROUND);

/** Not state: where owners of each kind are kept, and whose dependents have to be looked through. */
class Graph {
  private readonly ids: readonly ResourceId[];
  /** By kind, then by apiVersion: asked for with every new object. */
  private readonly homes = new Map<string, Map<string, { readonly id: ResourceId; readonly namespaced: boolean }>>();

  constructor(resources: readonly ResourceNames[]) {
    this.ids = resources.map(resourceId).filter((id) => !IGNORED.has(id));
    for (const names of resources) innerMap(this.homes, names.kind).set(apiVersionOf(names), { id: resourceId(names), namespaced: names.namespaced });
  }

  private home({ apiVersion, kind }: OwnerReference) {
    return this.homes.get(kind)?.get(apiVersion);
  }

  keys({ type, resource, object, old }: WatchEvent, api: Api): readonly ObjectKey[] {
    if (IGNORED.has(resource)) return NONE;
    const { ownerReferences, deletionTimestamp, uid = '' } = object.metadata;
    if (type === 'DELETED') {
      const owners = this.owners(object, api).filter((owner) => owner !== undefined && isWaiting(owner.object)) as Item[];
      const keys = owners.map((owner) => objectKey(owner.resource, owner.object));
      return this.hasDependents(uid, api) ? [...keys, { namespace: '', name: `owner:${uid}` }] : keys;
    }
    const released = old === undefined ? NONE : this.released(old, object, api);
    if (deletionTimestamp !== undefined) {
      const isNews = old?.metadata.finalizers !== object.metadata.finalizers || old?.metadata.deletionTimestamp === undefined;
      return isNews && (has(object, ORPHAN) || has(object, FOREGROUND)) ? [objectKey(resource, object), ...released] : released;
    }
    if (ownerReferences === undefined || ownerReferences === old?.metadata.ownerReferences) return released;
    for (const reference of ownerReferences) {
      const owner = this.owner(reference, object, api);
      if (owner === undefined || isWaiting(owner.object)) return [objectKey(resource, object), ...released];
    }
    return released;
  }

  /** Those who waited for the object and need not any longer, as it does not block them now (addUnblockedOwnersToDeleteQueue). */
  private released(old: KubeObject, object: KubeObject, api: Api): readonly ObjectKey[] {
    const { ownerReferences: before = NONE } = old.metadata;
    const { ownerReferences: after = NONE } = object.metadata;
    if (before === after) return NONE;
    const isBlocked = (uid: string) => after.some((reference) => reference.uid === uid && reference.blockOwnerDeletion === true);
    return before.flatMap((reference) => {
      if (reference.blockOwnerDeletion !== true || isBlocked(reference.uid)) return [];
      const owner = this.owner(reference, old, api);
      return owner !== undefined && isWaiting(owner.object) ? [objectKey(owner.resource, owner.object)] : [];
    });
  }

  /** Who is there of the object's owners; undefined for one that is gone, or was never there. */
  private owners(object: KubeObject, api: Api): readonly (Item | undefined)[] {
    return object.metadata.ownerReferences?.map((reference) => this.owner(reference, object, api)) ?? NONE;
  }

  private owner(reference: OwnerReference, { metadata }: KubeObject, api: Api): Item | undefined {
    const home = this.home(reference);
    if (home === undefined) return undefined;
    const { name, uid } = reference;
    const object = api.get(home.id, { namespace: home.namespaced ? (metadata.namespace ?? '') : '', name });
    return object?.metadata.uid === uid ? { resource: home.id, object } : undefined;
  }

  private hasDependents = (uid: string, api: Api): boolean => this.ids.some((id) => api.list(id, { index: { name: 'dependents', value: uid } }).length > 0);

  dependents(uid: string, api: Api): readonly Item[] {
    return this.ids.flatMap((resource) => api.list(resource, { index: { name: 'dependents', value: uid } }).map((object) => ({ resource, object })));
  }

  /** attemptToDeleteItem: without a living owner it is deleted; with one, references to those that are gone go. */
  collect({ resource, object }: Item, context: Context): void {
    const { api } = context;
    const { ownerReferences = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined && !isWaiting(object)) return;
    const owners = this.owners(object, api);
    // A kind that is not known here is nobody's business.
    if (ownerReferences.some((reference, i) => owners[i] === undefined && this.home(reference) === undefined)) return;
    const solid = ownerReferences.filter((_, i) => owners[i] !== undefined && !isWaiting((owners[i] as Item).object));
    const isOwnerWaiting = owners.some((owner) => owner !== undefined && isWaiting(owner.object));
    if (solid.length > 0) {
      if (solid.length < ownerReferences.length) setReferences(resource, object, solid, api);
      return;
    }
    ownerReferences.forEach((reference, i) => {
      if (owners[i] === undefined) this.reportForeignOwner(reference, object, context);
    });
    const waitsFor = isOwnerWaiting ? this.dependents(object.metadata.uid ?? '', api) : NONE;
    // Its owner waits for it, and it for what waits already: that may be a circle, which nobody would ever leave.
    if (waitsFor.some((dependent) => isWaiting(dependent.object))) unblock(resource, object, api);
    const policy: DeleteOptions['propagationPolicy'] =
      waitsFor.length > 0 ? 'Foreground' : has(object, ORPHAN) ? 'Orphan' : has(object, FOREGROUND) ? 'Foreground' : 'Background';
    remove(resource, object, policy, api);
  }

  /** An owner of another namespace counts as absent. */
  private reportForeignOwner(reference: OwnerReference, object: KubeObject, { api, event }: Context): void {
    const home = this.home(reference);
    const { apiVersion, kind, name, uid } = reference;
    const { namespace = '' } = object.metadata;
    if (home?.namespaced !== true || namespace === '') return;
    if (!api.list(home.id).some((other) => other.metadata.uid === uid)) return;
    const who = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
    event(object, 'Warning', 'OwnerRefInvalidNamespace', `ownerRef ${who} does not exist in namespace "${namespace}"`);
  }

  /** Foreground: all dependents are to go; when none that blocks is left, the finalizer goes, and with it the object. */
  deleteDependents({ resource, object }: Item, context: Context): void {
    const uid = object.metadata.uid ?? '';
    const dependents = this.dependents(uid, context.api);
    const isBlocking = (item: Item): boolean =>
      item.object.metadata.ownerReferences?.some((reference) => reference.uid === uid && reference.blockOwnerDeletion === true) === true;
    for (const item of dependents) if (!isWaiting(item.object)) this.collect(item, context);
    if (!dependents.some(isBlocking)) dropFinalizer(resource, object, FOREGROUND, context.api);
  }

  /** The dependents forget their owner, then it goes. */
  orphan({ resource, object }: Item, api: Api): void {
    const uid = object.metadata.uid ?? '';
    for (const item of this.dependents(uid, api))
      setReferences(item.resource, item.object, item.object.metadata.ownerReferences?.filter((reference) => reference.uid !== uid) ?? [], api);
    dropFinalizer(resource, object, ORPHAN, api);
  }
}

function setReferences(resource: ResourceId, object: KubeObject, references: readonly OwnerReference[], api: Api): void {
  const { ownerReferences: _, ...metadata } = object.metadata;
  api.update(resource, { ...object, metadata: references.length === 0 ? metadata : { ...metadata, ownerReferences: references } }, WRITE);
}

/** No owner has to wait for it. */
function unblock(resource: ResourceId, object: KubeObject, api: Api): void {
  const { ownerReferences = [] } = object.metadata;
  if (!ownerReferences.some((reference) => reference.blockOwnerDeletion === true)) return;
  const open = ownerReferences.map((reference) => (reference.blockOwnerDeletion === true ? { ...reference, blockOwnerDeletion: false } : reference));
  setReferences(resource, object, open, api);
}

function dropFinalizer(resource: ResourceId, object: KubeObject, finalizer: string, api: Api): void {
  const { finalizers = [], ...metadata } = object.metadata;
  const left = finalizers.filter((other) => other !== finalizer);
  api.update(resource, { ...object, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } }, WRITE);
}

function remove(resource: ResourceId, object: KubeObject, propagationPolicy: NonNullable<DeleteOptions['propagationPolicy']>, api: Api): void {
  attempt(() => api.delete(resource, keyOf(object), { propagationPolicy, preconditions: { uid: object.metadata.uid ?? '' } }));
}
