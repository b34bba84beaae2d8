/** PUT and what PATCH ends in: k8s.io/apiserver/pkg/registry/generic/registry store.go Update and rest/update.go BeforeUpdate. */
import { isEqual, isEqualExcept, isSemanticEqual } from '../../api/equality.js';
import { conflict, invalidObject } from '../../api/errors.js';
import type { FieldError } from '../../api/field.js';
import { goSyntax, invalid } from '../../api/field.js';
import { type KubeObject, keyOf, type Mutable, type ObjectMeta } from '../../api/object.js';
import type { AnyResource } from '../../api/resource.js';
import type { ResourceId } from '../../api/verbs.js';
import { type Entry, prepareContext, type Registry, type StoredObject, type WriteCall } from './registry.js';

/** Stores `sent` over `old`, or gives back `old` when nothing changes. */
export function updateObject<T extends KubeObject>(registry: Registry, { id, resource }: Entry, old: T, sent: T, call: WriteCall): T {
  const { options, trusted } = call;
  const { strategy } = resource;
  checkVersion(id, resource, old, sent, call);
  let object: T = trusted ? sent : strategy.defaults(sent);
  object = keepSystemFields(old, object, strategy.hasStatus);
  object = registry.fieldManager.updated(resource, old, object, call);
  const attributes = { operation: 'UPDATE', id, resource, key: keyOf(old), subresource: '', options } as const;
  const isHooked = trusted && registry.outside.isOn();
  // Who puts an object has not sent what is the system's: webhooks see it so.
  const isPut = !trusted && call.patch !== true && registry.outside.isOn();
  if (!trusted || isHooked) object = registry.admission.admit(isPut ? asSent(object, sent) : object, old, attributes, isHooked ? 'hooks' : undefined);
  if (isPut) object = keepSystemFields(old, object, strategy.hasStatus);
  object = strategy.prepareForUpdate?.(object, old, prepareContext(registry, options)) ?? object;
  const isNew = !isEqualExcept(asFields(object), asFields(old), strategy.hasStatus ? OUTSIDE_SPEC : OUTSIDE_CONTENT);
  const counted = strategy.generationCounts;
  const isNoted = counted !== undefined && !isSemanticEqual(object.metadata[counted], old.metadata[counted]);
  if (strategy.hasGeneration && (isNew || isNoted)) object = { ...object, metadata: { ...object.metadata, generation: (old.metadata.generation ?? 0) + 1 } };
  if (!trusted) {
    checkErrors(resource, object, strategy.validateUpdate?.(object, old) ?? strategy.validate(object));
    if (options.warn !== undefined) for (const text of strategy.warnings?.(object, old) ?? []) options.warn(text);
    registry.admission.validate(object, old, attributes);
  } else if (isHooked) registry.admission.validate(object, old, attributes, 'hooks');
  if (strategy.allocate !== undefined) object = strategy.allocate(object, old, prepareContext(registry, options));
  return store(registry, id, resource, old, object, options.dryRun === true);
}

/** PUT or PATCH of the status subresource. */
export function updateStatusOf<T extends KubeObject>(registry: Registry, { id, resource }: Entry, old: T, sent: T, call: WriteCall): T {
  const { options, trusted } = call;
  const { strategy } = resource;
  checkVersion(id, resource, old, sent, call);
  const full = trusted ? sent : strategy.defaults(sent);
  // Clients may change metadata on the way; what components send besides a status does not count.
  const given = keepSystemFields(old, full, false);
  const statusOnly = (): T => ({ ...old, metadata: trusted ? old.metadata : given.metadata, status: (full as StoredObject).status });
  let object = strategy.prepareForStatusUpdate?.(given, old, prepareContext(registry, options)) ?? statusOnly();
  if (trusted && isEqual((object as StoredObject).status, (old as StoredObject).status) && isUnchanged(object, old)) return old;
  object = registry.fieldManager.updated(resource, old, object, { ...call, options: Object.assign({}, options, { subresource: 'status' }) });
  // What components note in a status is not put to webhooks: a kubelet that had to wait for one would begin its step again.
  const attributes =
    trusted || options.isAdmitted === true ? undefined : ({ operation: 'UPDATE', id, resource, key: keyOf(old), subresource: 'status', options } as const);
  if (attributes !== undefined) object = registry.admission.admit(object, old, attributes);
  if (!trusted) {
    checkErrors(resource, object, strategy.validateStatusUpdate?.(object, old) ?? []);
    if (options.warn !== undefined) for (const text of strategy.statusWarnings?.(object) ?? []) options.warn(text);
  }
  if (attributes !== undefined) registry.admission.validate(object, old, attributes);
  return store(registry, id, resource, old, object, options.dryRun === true);
}

/** What a subresource made of its parent: the kind has judged it, the server keeps generation and owners of fields. */
export function updateThrough<T extends KubeObject>(registry: Registry, { id, resource }: Entry, old: T, object: T, call: WriteCall): T {
  const dryRun = call.options.dryRun === true;
  // Binding writes past strategy and field manager (registry/core/pod/storage BindingREST): spec.nodeName is nobody's and a
  // pod that has been scheduled is still at its first generation.
  if (call.options.subresource === 'binding') return store(registry, id, resource, old, object, dryRun);
  const isChanged = resource.strategy.hasGeneration && !isEqualExcept(asFields(object), asFields(old), OUTSIDE_SPEC);
  const next = isChanged ? { ...object, metadata: { ...object.metadata, generation: (old.metadata.generation ?? 0) + 1 } } : object;
  return store(registry, id, resource, old, registry.fieldManager.updated(resource, old, next, call), dryRun);
}

/** Stores a changed object: nothing when nothing changed, a deletion when the last finalizer has gone. */
function store<T extends KubeObject>(registry: Registry, id: ResourceId, resource: AnyResource, old: T, object: T, dryRun: boolean): T {
  if (isUnchanged(object, old)) return old;
  if (dryRun) return { ...object, metadata: { ...object.metadata, ...resourceVersionOf(old) } };
  const expected = Number(old.metadata.resourceVersion);
  if (isToBeRemoved(resource, old, object)) return registry.store.delete<T>(id, keyOf(old), { expected, last: object });
  return registry.store.put(id, object, expected);
}

const resourceVersionOf = (object: KubeObject): { resourceVersion?: string } =>
  object.metadata.resourceVersion === undefined ? {} : { resourceVersion: object.metadata.resourceVersion };

/** registry.Store ShouldDeleteDuringUpdate: the finalizers are gone and no grace period runs. */
function isToBeRemoved(resource: AnyResource, old: KubeObject, object: KubeObject): boolean {
  if ((object.metadata.finalizers ?? []).length > 0 || old.metadata.deletionTimestamp === undefined) return false;
  if (resource.strategy.hasPendingFinalizers !== undefined) return !resource.strategy.hasPendingFinalizers(object);
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** metadata.managedFields counts, but not its times alone (managedfields ignoreManagedFieldsTimestampsTransformer). */
function isUnchanged(object: KubeObject, old: KubeObject): boolean {
  if (object === old) return true;
  if (!isEqualExcept(asFields(object), asFields(old), METADATA)) return false;
  if (object.metadata === old.metadata) return true;
  if (!isEqualExcept(asFields(object.metadata), asFields(old.metadata), KEPT_BY_SERVER)) return false;
  const entries = object.metadata.managedFields ?? [];
  const before = old.metadata.managedFields ?? [];
  return entries.length === before.length && entries.every((entry, i) => isEqualExcept(asFields(entry), asFields(before[i] ?? {}), TIME));
}

const asFields = (value: object): Readonly<Record<string, unknown>> => value as Readonly<Record<string, unknown>>;
const OUTSIDE_SPEC: ReadonlySet<string> = new Set(['metadata', 'status', 'apiVersion', 'kind']);
/** Without a status subresource, status is content like any other. */
const OUTSIDE_CONTENT: ReadonlySet<string> = new Set(['metadata', 'apiVersion', 'kind']);
const METADATA: ReadonlySet<string> = new Set(['metadata']);
const KEPT_BY_SERVER: ReadonlySet<string> = new Set(['resourceVersion', 'managedFields']);
const TIME: ReadonlySet<string> = new Set(['time']);

function checkVersion(id: ResourceId, resource: AnyResource, old: KubeObject, sent: KubeObject, call: WriteCall): void {
  const { resourceVersion, uid } = sent.metadata;
  const name = old.metadata.name ?? '';
  if (!call.patch && uid !== undefined && uid !== '' && uid !== old.metadata.uid) throw conflict(id, name, uidMismatch(id, old, uid));
  // "0" is what no object has: it stands for none (etcd3 store.go, registry/store.go doUnconditionalUpdate)
  if (!resourceVersion || resourceVersion === '0') {
    if (resource.strategy.allowUnconditionalUpdate === false && !call.trusted && !call.patch)
      throw invalidObject(resource.names.group, resource.names.plural, name, [
        invalid('metadata.resourceVersion', goSyntax('0x0'), 'must be specified for an update'),
      ]);
  } else if (resourceVersion !== old.metadata.resourceVersion) throw conflict(id, name);
}

/** etcd3's words for a failed precondition (k8s.io/apiserver/pkg/storage errors.go). */
function uidMismatch(id: ResourceId, old: KubeObject, uid: string): string {
  const { namespace = '', name = '' } = old.metadata;
  const key = `/registry/${id}/${namespace === '' ? '' : `${namespace}/`}${name}`;
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
}

/** What no update may change is taken from what is stored (rest.BeforeUpdate). */
export function keepSystemFields<T extends KubeObject>(old: T, sent: T, hasStatus: boolean): T {
  if (sent.metadata === old.metadata && !hasStatus) return sent;
  const was = old.metadata;
  const metadata: Mutable<ObjectMeta> = { ...sent.metadata };
  if (was.name !== undefined) metadata.name = was.name;
  if (was.namespace !== undefined) metadata.namespace = was.namespace;
  if (!metadata.uid && was.uid !== undefined) metadata.uid = was.uid;
  if (was.creationTimestamp !== undefined) metadata.creationTimestamp = was.creationTimestamp;
  if (was.resourceVersion !== undefined) metadata.resourceVersion = was.resourceVersion;
  keep(metadata, was, 'generation');
  // They can only be kept; setting them is for validation to refuse.
  if (was.deletionTimestamp !== undefined) metadata.deletionTimestamp = was.deletionTimestamp;
  if (metadata.deletionGracePeriodSeconds === undefined) keep(metadata, was, 'deletionGracePeriodSeconds');
  if (metadata.generateName === undefined) keep(metadata, was, 'generateName');
  const next: T = { ...sent, metadata };
  if (!hasStatus) return next;
  const status = (old as StoredObject).status;
  if (status !== undefined) return { ...next, status };
  const { status: _, ...rest } = next as StoredObject;
  return rest as unknown as T;
}

function asSent<T extends KubeObject>(object: T, { metadata: sent }: T): T {
  const metadata: Mutable<ObjectMeta> = { ...object.metadata };
  for (const name of SYSTEM) if (sent[name] === undefined || sent[name] === null) delete metadata[name];
  return { ...object, metadata };
}
const SYSTEM = ['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generateName'] as const;

function keep<K extends keyof ObjectMeta>(metadata: Mutable<ObjectMeta>, old: ObjectMeta, key: K): void {
  if (old[key] === undefined) delete metadata[key];
  else metadata[key] = old[key];
}

function checkErrors(resource: AnyResource, object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject(resource.names.group, resource.names.kind, object.metadata.name ?? '', errors);
}
