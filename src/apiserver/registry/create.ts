/** POST: k8s.io/apiserver/pkg/registry/generic/registry store.go Create and rest/create.go BeforeCreate. */
import { failure, invalidObject, StatusError } from '../../api/errors.js';
import { copyOf, type KubeObject, keyOf, type Mutable, type ObjectMeta } from '../../api/object.js';
import type { AnyResource, PrepareContext } from '../../api/resource.js';
import type { ResourceId } from '../../api/verbs.js';
import { generateName, NAME_TRIES, newUid } from './metadata.js';
import { type Entry, prepareContext, type Registry, type WriteCall } from './registry.js';

/** Kinds that components write by the thousand and whose content nobody else chooses: no defaults, no rules, no mutation. */
const RECORDS: ReadonlySet<ResourceId> = new Set(['events', 'leases.coordination.k8s.io']);

export function createObject<T extends KubeObject>(registry: Registry, { id, resource }: Entry, sent: T, call: WriteCall): T {
  const { options, trusted } = call;
  if (trusted && RECORDS.has(id)) return createRecord(registry, { id, resource }, sent, call);
  const { strategy } = resource;
  // A ReplicaSet's next pod differs from its last one by what the server makes.
  const known = registry.judged.get(sent) as T | undefined;
  const defaulted: T = known ?? strategy.defaults(sent);
  let object: T = registry.fieldManager.created(resource, defaulted, call);
  const attributes = { operation: 'CREATE', id, resource, key: keyOf(object), subresource: '', options } as const;
  object = registry.admission.admit(object, undefined, attributes);
  object = beforeCreate(registry, id, resource, object, prepareContext(registry, options));
  if (options.warn !== undefined) for (const text of strategy.earlyWarnings?.(object) ?? []) options.warn(text);
  if (known === undefined) {
    checkValid(resource, object);
    if (trusted && sent.metadata.generateName !== undefined) registry.judged.set(sent, defaulted);
  }
  if (options.warn !== undefined) for (const text of strategy.warnings?.(object) ?? []) options.warn(text);
  registry.admission.validate(object, undefined, { ...attributes, key: keyOf(object) });
  if (strategy.allocate !== undefined) object = strategy.allocate(object, undefined, prepareContext(registry, options));
  // A dry run does not come to the storage, which is what minds this.
  if (options.dryRun !== true) {
    if (sent.metadata.resourceVersion) throw failure(500, '', 'resourceVersion should not be set on objects to be created');
    return put(registry, id, object);
  }
  if (registry.store.get(id, keyOf(object)) !== undefined) throw existsAlready(registry, id, object);
  return object;
}

/** Written in one go, with a place for what the store adds: an object that is copied and added to piece by piece is larger, and there are 50,000 of these. */
function createRecord<T extends KubeObject>(registry: Registry, { id, resource }: Entry, sent: T, call: WriteCall): T {
  const { name = '', namespace = '' } = sent.metadata;
  registry.admission.admit(sent, undefined, { operation: 'CREATE', id, resource, key: { name, namespace }, subresource: '', options: call.options }, 'records');
  const managedFields = registry.fieldManager.noted(resource, call) as ObjectMeta['managedFields'];
  const uid = newUid(registry.random);
  const creationTimestamp = registry.timestamp();
  const metadata: Mutable<ObjectMeta> =
    managedFields !== undefined && isNameAlone(sent.metadata)
      ? { name, namespace, managedFields, uid, creationTimestamp, resourceVersion: '' }
      : { ...sent.metadata, uid, creationTimestamp };
  if (managedFields !== undefined) metadata.managedFields = managedFields;
  (sent as Mutable<T>).metadata = metadata;
  return put(registry, id, sent);
}

function isNameAlone(metadata: ObjectMeta): boolean {
  for (const key in metadata) if (key !== 'name' && key !== 'namespace') return false;
  return true;
}

function put<T extends KubeObject>(registry: Registry, id: ResourceId, object: T): T {
  try {
    return registry.store.put(id, object, 0);
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'AlreadyExists') throw existsAlready(registry, id, object);
    throw error;
  }
}

function existsAlready(registry: Registry, id: ResourceId, object: KubeObject): StatusError {
  const name = object.metadata.name ?? '';
  const terminating = registry.store.get(id, keyOf(object))?.metadata.deletionTimestamp !== undefined;
  const generated = object.metadata.generateName !== undefined && name.startsWith(object.metadata.generateName);
  const dot = id.indexOf('.');
  const details = { name, ...(dot < 0 ? {} : { group: id.slice(dot + 1) }), kind: dot < 0 ? id : id.slice(0, dot) };
  const text = `${id} "${name}" already exists${generated ? ', the server was not able to generate a unique name for the object' : ''}`;
  return failure(409, 'AlreadyExists', terminating ? `object is being deleted: ${text}` : text, details);
}

function beforeCreate<T extends KubeObject>(registry: Registry, id: ResourceId, resource: AnyResource, object: T, context: PrepareContext): T {
  const name = nameOf(registry, id, object.metadata);
  const metadata = copyOf(sentMetadata(object.metadata));
  if (name !== undefined) metadata.name = name;
  metadata.uid = newUid(registry.random);
  metadata.creationTimestamp = registry.timestamp();
  if (resource.strategy.hasGeneration) metadata.generation = 1;
  const next = { ...object, metadata };
  return resource.strategy.prepareForCreate?.(next, context) ?? next;
}

/** Without what only the server sets. Most carry none of it, and leaving members out costs more than all else in here. */
function sentMetadata(metadata: ObjectMeta): ObjectMeta {
  if (
    metadata.deletionTimestamp === undefined &&
    metadata.deletionGracePeriodSeconds === undefined &&
    metadata.generation === undefined &&
    (metadata as { readonly selfLink?: string }).selfLink === undefined
  )
    return metadata;
  const {
    deletionTimestamp: _,
    deletionGracePeriodSeconds: __,
    generation: ___,
    selfLink: ____,
    ...sent
  } = metadata as ObjectMeta & { readonly selfLink?: string };
  return sent;
}

function nameOf(registry: Registry, id: ResourceId, metadata: ObjectMeta): string | undefined {
  const { name, generateName: base, namespace = '' } = metadata;
  if (name) return name;
  if (!base) return undefined;
  let generated = '';
  for (let i = 0; i < NAME_TRIES; i++) {
    generated = generateName(base, registry.random);
    if (registry.store.get(id, { namespace, name: generated }) === undefined) break;
  }
  return generated;
}

function checkValid(resource: AnyResource, object: KubeObject): void {
  const errors = resource.strategy.validate(object);
  if (errors.length > 0) throw invalidObject(resource.names.group, resource.names.kind, object.metadata.name ?? '', errors);
}
