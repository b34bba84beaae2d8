/** Server-side apply: structured-merge-diff merge/update.go Apply, with kubectl's last-applied annotation minded (lastappliedmanager.go). */
import { badRequest, failure, type StatusError } from '../../api/errors.js';
import { goQuote } from '../../api/field.js';
import { isMap } from '../../api/json-data.js';
import type { KubeObject } from '../../api/object.js';
import { type AnyResource, apiVersionOf, type Schemas } from '../../api/resource.js';
import { decodeAs } from '../decode.js';
import { rootShape } from '../patch/shape.js';
import type { WriteCall } from '../registry/registry.js';
import { type Owner, readOwners, stripSystem, withoutReset, writeOwners } from './entries.js';
import type { Application } from './field-manager.js';
import { FieldSet } from './field-set.js';
import { compare, fieldsOf, isEmpty, mergeTyped, removeFields } from './typed.js';
import { typedErrors } from './typed-errors.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** What owned an object's fields before anybody applied. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

interface Conflict {
  readonly owner: Owner;
  readonly set: FieldSet;
}

export function applyConfiguration<T extends KubeObject>(
  schemas: Schemas,
  resource: AnyResource,
  { base, configuration, isNew }: Application<T>,
  call: WriteCall,
  now: string,
): T {
  const { managedFields } = configuration.metadata ?? {};
  if (managedFields !== undefined && managedFields !== null) throw failure(400, 'BadRequest', 'metadata.managedFields must be nil');
  const shape = rootShape(schemas, resource.schema);
  const problems = typedErrors(schemas, shape, configuration);
  if (problems !== '')
    throw failure(500, '', `failed to create typed patch object (${nameOf(configuration)}; ${groupVersionKind(configuration)}): ${problems}`);
  const applier = applierOf(resource, call, now);
  const owners = isNew ? [] : ownersOf(schemas, resource, base);
  const before = owners.find((owner) => isApplier(owner, applier));
  const set = restricted(stripSystem(fieldsOf(schemas, shape, configuration)), resource, call);
  const others = owners.filter((owner) => !isApplier(owner, applier));
  const merged = mergeTyped(schemas, shape, base, configuration);
  const kept = before === undefined ? merged : removeFields(schemas, shape, merged, abandoned(before.set, set, others));
  const { value, error } = decodeAs(schemas, resource, kept, { sorted: true });
  if (error !== undefined) throw badRequest(error);
  const decoded = value as unknown as T;
  const difference = compare(schemas, shape, base, kept);
  const taken = restricted(stripSystem(difference.added.union(difference.modified)), resource, call);
  const conflicts = others.map((owner) => ({ owner, set: owner.set.intersection(taken) })).filter((conflict) => !conflict.set.isEmpty);
  const serious = call.options.force === true || isNew ? [] : unlessLastApplied(schemas, resource, base, conflicts, applier);
  if (serious.length > 0) throw conflictError(serious);
  const rest = others.map((owner) => ({ ...owner, set: owner.set.difference(taken).difference(difference.removed) })).filter((owner) => !owner.set.isEmpty);
  const time = before?.set.equals(set) && isEmpty(difference) ? before.time : applier.time;
  const mine: Owner = { ...applier, set, ...(time === undefined ? {} : { time }) };
  const next = withLastApplied(decoded, configuration, applier);
  const managed = writeOwners(set.isEmpty ? rest : [...rest, mine]);
  const { managedFields: _, ...metadata } = next.metadata;
  return { ...next, metadata: managed.length === 0 ? metadata : { ...metadata, managedFields: managed } };
}

const nameOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

/** schema.GroupVersionKind.String(). */
export const groupVersionKind = ({ apiVersion = '', kind = '' }: Partial<KubeObject>): string =>
  `${apiVersion.includes('/') || apiVersion === '' ? apiVersion || '/' : `/${apiVersion}`}, Kind=${kind}`;

function applierOf(resource: AnyResource, { options }: WriteCall, now: string): Owner {
  return {
    manager: options.fieldManager ?? 'unknown',
    operation: 'Apply',
    apiVersion: apiVersionOf(resource.names),
    time: now,
    set: new FieldSet(),
    ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
  };
}

const isApplier = (owner: Owner, applier: Owner): boolean =>
  owner.operation === 'Apply' && owner.manager === applier.manager && owner.subresource === applier.subresource;

function ownersOf(schemas: Schemas, resource: AnyResource, base: KubeObject): readonly Owner[] {
  const owners = readOwners(schemas, resource.schema, base);
  if (owners.length > 0) return owners;
  const set = stripSystem(fieldsOf(schemas, rootShape(schemas, resource.schema), base));
  return [{ manager: BEFORE_FIRST_APPLY, operation: 'Update', apiVersion: apiVersionOf(resource.names), set }];
}

/** Fields that the endpoint does not write are nobody's: status through the object, all else through status. */
function restricted(set: FieldSet, resource: AnyResource, { options }: WriteCall): FieldSet {
  const result = new FieldSet();
  for (const [key, child] of set.children) {
    const isStatus = key === 'f:status';
    if (options.subresource === 'status' ? isStatus : !(isStatus && resource.strategy.hasStatus)) result.children.set(key, child);
  }
  return withoutReset(result, resource, options.subresource);
}

/** Applied before, not any more, and nobody else's either. */
function abandoned(before: FieldSet, now: FieldSet, others: readonly Owner[]): FieldSet {
  const kept = others.reduce((all, owner) => all.union(owner.set), now);
  return unowned(before, kept);
}

/** Members of `set` that neither are in `kept` nor have anything of it below them. */
function unowned(set: FieldSet, kept: FieldSet | undefined): FieldSet {
  const result = new FieldSet(set.isMember && (kept === undefined || kept.isEmpty));
  for (const [key, child] of set.children) {
    const rest = unowned(child, kept?.children.get(key));
    if (!rest.isEmpty) result.children.set(key, rest);
  }
  return result;
}

/** `kubectl apply --server-side` may change what `kubectl apply` set before and nobody changed since. */
function unlessLastApplied(schemas: Schemas, resource: AnyResource, base: KubeObject, conflicts: readonly Conflict[], applier: Owner): readonly Conflict[] {
  const text = base.metadata.annotations?.[LAST_APPLIED];
  if (conflicts.length === 0 || applier.manager !== 'kubectl' || text === undefined) return conflicts;
  const last = parse(text);
  if (last === undefined) return conflicts;
  const shape = rootShape(schemas, resource.schema);
  const { added, modified, removed } = compare(schemas, shape, last, base);
  const allowed = fieldsOf(schemas, shape, last).difference(modified).difference(added).difference(removed);
  return conflicts.map(({ owner, set }) => ({ owner, set: set.difference(allowed) })).filter(({ set }) => !set.isEmpty);
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the annotation of client-side apply in step, when it is there (lastappliedupdater.go). */
function withLastApplied<T extends KubeObject>(object: T, configuration: T, applier: Owner): T {
  const { annotations } = object.metadata;
  if (applier.manager !== 'kubectl' || annotations?.[LAST_APPLIED] === undefined) return object;
  const { managedFields: _, annotations: given, ...metadata } = configuration.metadata;
  const { [LAST_APPLIED]: __, ...others } = given ?? {};
  const applied = { ...configuration, metadata: { ...metadata, ...(given === undefined ? {} : { annotations: others }) } };
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${JSON.stringify(sortKeys(applied))}\n` } } };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

function conflictError(conflicts: readonly Conflict[]): StatusError {
  const all = conflicts.flatMap(({ owner, set }) => set.paths().map((path) => ({ manager: printOwner(owner), path })));
  const causes = all.map(({ manager, path }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field: path }));
  const [only] = all;
  if (all.length === 1 && only !== undefined) return applyConflict(`Apply failed with 1 conflict: conflict with ${only.manager}: ${only.path}`, causes);
  const managers = [...new Set(all.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [`conflicts with ${manager}:`, ...all.filter((one) => one.manager === manager).map(({ path }) => `- ${path}`)]);
  return applyConflict(`Apply failed with ${all.length} conflicts: ${lines.join('\n')}`, causes);
}

const applyConflict = (message: string, causes: readonly { reason: string; message: string; field: string }[]): StatusError =>
  failure(409, 'Conflict', message, { causes });

/** Appliers by name alone, updaters with the version they wrote in. */
function printOwner({ manager, subresource, operation, apiVersion }: Owner): string {
  const name = `${goQuote(manager)}${subresource === undefined ? '' : ` with subresource ${goQuote(subresource)}`}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
