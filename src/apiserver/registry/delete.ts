/** DELETE: k8s.io/apiserver/pkg/registry/generic/registry store.go Delete and rest/delete.go BeforeDelete. */

import { isEqual } from '../../api/equality.js';
import { failure, notFound } from '../../api/errors.js';
import { type KubeObject, keyOf, type ObjectKey, type ObjectMeta } from '../../api/object.js';
import type { AnyResource } from '../../api/resource.js';
import { formatTime, parseTime, type Time } from '../../api/time.js';
import type { DeleteOptions } from '../../api/verbs.js';
import type { Entry, Registry } from './registry.js';

export interface Deletion {
  /** As it was deleted, or as it is now terminating. */
  readonly object: KubeObject;
  readonly removed: boolean;
}

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

export function deleteObject(registry: Registry, { id, resource }: Entry, key: ObjectKey, options: DeleteOptions): Deletion {
  const old = registry.store.get(id, key);
  if (old === undefined) throw notFound(id, key.name);
  checkPreconditions(resource, old, options);
  const told = options.isOfCollection === true ? { ...key, name: '' } : key;
  if (options.isAdmitted !== true) registry.admission.validate(undefined, old, { operation: 'DELETE', id, resource, key: told, subresource: '', options });

  const grace = gracePeriod(resource, old, options, registry.now());
  if (grace === 'pending') return { object: old, removed: false };
  const finalizers = finalizersAfter(resource, old, options);
  const { hasPendingFinalizers } = resource.strategy;
  const held = finalizers.length > 0 || (hasPendingFinalizers !== undefined && (old.metadata.deletionTimestamp === undefined || hasPendingFinalizers(old)));
  const removed = grace === 0 && !held;
  if (removed && !isGraceful(resource, old)) return remove(registry, id, old, options);
  const object = markDeleting(registry, resource, old, finalizers, grace);
  // A period that has become 0 is told before the object goes: watches see both.
  if (removed) return remove(registry, id, options.dryRun === true ? object : registry.store.put(id, object, Number(old.metadata.resourceVersion)), options);
  if (options.dryRun === true || isEqual(object, old)) return { object, removed: false };
  return { object: registry.store.put(id, object, Number(old.metadata.resourceVersion)), removed: false };
}

function remove(registry: Registry, id: string, old: KubeObject, options: DeleteOptions): Deletion {
  if (options.dryRun === true) return { object: old, removed: true };
  return { object: registry.store.delete(id, keyOf(old), { expected: Number(old.metadata.resourceVersion) }), removed: true };
}

function checkPreconditions(resource: AnyResource, old: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const name = old.metadata.name ?? '';
  // Upstream names the Kind here, not the resource (storage/interfaces.go Preconditions.Check through BeforeDelete).
  const mismatch = (what: string, wanted: string, found: string | undefined) =>
    failure(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${resource.names.kind}${resource.names.group === '' ? '' : `.${resource.names.group}`} "${name}": the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${what === 'UID' ? 'deleted and then recreated' : 'modified'}`,
      { name, ...(resource.names.group === '' ? {} : { group: resource.names.group }), kind: resource.names.kind },
    );
  if (uid !== undefined && uid !== old.metadata.uid) throw mismatch('UID', uid, old.metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion)
    throw mismatch('ResourceVersion', resourceVersion, old.metadata.resourceVersion);
}

/** rest.BeforeDelete's `graceful`: of what has a grace period, unless it is being deleted without one. */
function isGraceful(resource: AnyResource, { metadata }: KubeObject): boolean {
  return resource.strategy.gracefulDelete !== undefined && (metadata.deletionTimestamp === undefined || metadata.deletionGracePeriodSeconds !== undefined);
}

/** Seconds from now; 0: at once; `pending`: a deletion is under way and this one changes nothing. */
function gracePeriod(resource: AnyResource, old: KubeObject, options: DeleteOptions, now: Time): number | 'pending' {
  const { strategy } = resource;
  if (strategy.gracefulDelete === undefined) return 0;
  const { deletionTimestamp, deletionGracePeriodSeconds } = old.metadata;
  if (deletionTimestamp === undefined) return strategy.gracefulDelete(old, options.gracePeriodSeconds);
  if (!deletionGracePeriodSeconds) return 0;
  // Only a shorter period than the one that runs may be asked for.
  const wanted = options.gracePeriodSeconds;
  if (wanted === undefined || wanted >= deletionGracePeriodSeconds) return 'pending';
  // One that would be over leaves a second, so that whoever ends the object still hears of it.
  return wanted !== 0 && shortened(old.metadata, wanted) < now ? 1 : wanted;
}

/** A later, shorter request counts from when the first deletion began. */
const shortened = ({ deletionTimestamp, deletionGracePeriodSeconds = 0 }: ObjectMeta, grace: number): number =>
  (parseTime(deletionTimestamp ?? '') ?? 0) + (grace - deletionGracePeriodSeconds) * 1000;

/** deletionFinalizersForGarbageCollection. */
function finalizersAfter(resource: AnyResource, old: KubeObject, options: DeleteOptions): readonly string[] {
  const before = old.metadata.finalizers ?? [];
  const policy = options.propagationPolicy;
  const orphan =
    policy !== undefined
      ? policy === 'Orphan'
      : before.includes(ORPHAN) || (resource.strategy.defaultGarbageCollection === 'orphan' && !before.includes(FOREGROUND));
  const foreground = policy !== undefined ? policy === 'Foreground' : before.includes(FOREGROUND);
  if (orphan === before.includes(ORPHAN) && foreground === before.includes(FOREGROUND)) return before;
  const rest = before.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  return [...rest, ...(orphan ? [ORPHAN] : []), ...(foreground ? [FOREGROUND] : [])];
}

function markDeleting(registry: Registry, resource: AnyResource, old: KubeObject, finalizers: readonly string[], grace: number): KubeObject {
  const { strategy } = resource;
  const was = old.metadata;
  const first = was.deletionTimestamp === undefined;
  const metadata: ObjectMeta = {
    ...without(was, finalizers),
    deletionTimestamp: deletionTime(was, registry.now(), grace, strategy.gracefulDelete !== undefined),
    // Namespaces and definitions keep their own account of deletion (registry/core/namespace/storage, apiextensions registry etcd.go).
    ...(strategy.hasPendingFinalizers === undefined ? { deletionGracePeriodSeconds: grace, ...nextGeneration(was, first) } : {}),
  };
  const next = { ...old, metadata };
  return first ? (strategy.prepareForDelete?.(next) ?? next) : next;
}

const nextGeneration = ({ generation = 0 }: ObjectMeta, first: boolean) => (first && generation > 0 ? { generation: generation + 1 } : {});

function without(metadata: ObjectMeta, finalizers: readonly string[]): ObjectMeta {
  if (finalizers.length > 0) return { ...metadata, finalizers };
  const { finalizers: _, ...rest } = metadata;
  return rest;
}

/** Never moved into the past. */
function deletionTime(was: ObjectMeta, now: Time, grace: number, graceful: boolean): string {
  if (was.deletionTimestamp === undefined) return formatTime((now + grace * 1000) as Time);
  if (!graceful || grace === was.deletionGracePeriodSeconds) return was.deletionTimestamp;
  return formatTime(Math.max(now, shortened(was, grace)) as Time);
}
