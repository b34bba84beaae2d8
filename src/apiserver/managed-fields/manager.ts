/** Keeps metadata.managedFields: k8s.io/apimachinery/pkg/util/managedfields and structured-merge-diff merge/update.go. */

import { isEqual } from '../../api/equality.js';
import { copyOf, type KubeObject, type ManagedFieldsEntry } from '../../api/object.js';
import { type AnyResource, apiVersionOf, type Schemas } from '../../api/resource.js';
import { rootShape } from '../patch/shape.js';
import type { WriteCall } from '../registry/registry.js';
import { applyConfiguration } from './apply.js';
import { asEntries, type Owner, ownedAfterCreation, readOwners, type StoredEntry, storedEntries, stripSystem, withoutReset, writeOwners } from './entries.js';
import type { FieldManager } from './field-manager.js';
import { FieldSet } from './field-set.js';
import { isFieldSet } from './readable.js';
import { type Comparison, compare, isEmpty } from './typed.js';

/** What owners are worked out and noted with. */
interface Tools {
  readonly schemas: () => Schemas;
  readonly now: () => string;
  readonly shared: SharedEntries;
}

export function fieldManager(schemas: () => Schemas, now: () => string): FieldManager {
  const shared = new SharedEntries(now);
  const tools: Tools = { schemas, now, shared };
  const notedBy = (resource: AnyResource, call: WriteCall) => (call.options.fieldManager === undefined ? undefined : shared.only(resource, call));
  return {
    noted: notedBy,
    created: (resource, object, call) => {
      if (call.applied) return object;
      if (call.trusted) return withNoted(object, notedBy(resource, call));
      const set = withoutReset(ownedAfterCreation(schemas(), resource.schema, withoutStatus(resource, object)), resource);
      const entries = set.isEmpty ? [] : writeOwners([ownerFor(resource, call, now(), set)]);
      return withEntries(object, entries);
    },
    updated: (resource, old, object, call) => {
      if (call.applied) return object;
      return (call.trusted ? trustedUpdate : clientUpdate)(tools, resource, old, object, call);
    },
    applied: (resource, application, call) => applyConfiguration(schemas(), resource, application, call, now()),
  };
}

const withEntries = <T extends KubeObject>(object: T, entries: readonly (ManagedFieldsEntry | StoredEntry)[]): T => {
  if (entries.length > 0) {
    const metadata = copyOf(object.metadata);
    metadata.managedFields = entries as readonly ManagedFieldsEntry[];
    return { ...object, metadata };
  }
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

function ownerFor(resource: AnyResource, { options }: WriteCall, now: string, set: FieldSet): Owner {
  return {
    manager: options.fieldManager ?? 'unknown',
    operation: 'Update',
    apiVersion: apiVersionOf(resource.names),
    set,
    time: now,
    ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
  };
}

const withNoted = <T extends KubeObject>(object: T, entries: readonly StoredEntry[] | undefined): T =>
  entries === undefined ? object : withEntries(object, entries);

/** A component's entry has no fields: all objects it writes at one time share it. Ten thousand pods of five Events would each have their own. */
class SharedEntries {
  private at = '';
  private readonly lists = new Map<string, readonly [StoredEntry]>();
  /** Most write several times in a row. */
  private last:
    | { readonly names: unknown; readonly manager: string; readonly subresource: string | undefined; readonly list: readonly [StoredEntry] }
    | undefined;

  private pair: readonly [StoredEntry, StoredEntry] | undefined;

  constructor(private readonly now: () => string) {}

  /** The entry of who writes, alone in a list. */
  only(resource: AnyResource, { options: { fieldManager: manager = '', subresource } }: WriteCall): readonly [StoredEntry] {
    const time = this.now();
    if (time !== this.at) {
      this.at = time;
      this.lists.clear();
      this.last = undefined;
    }
    const { last } = this;
    if (last !== undefined && last.names === resource.names && last.manager === manager && last.subresource === subresource) return last.list;
    const list = this.listOf(resource, manager, subresource);
    this.last = { names: resource.names, manager, subresource, list };
    return list;
  }

  private listOf(resource: AnyResource, manager: string, subresource: string | undefined): readonly [StoredEntry] {
    const apiVersion = apiVersionOf(resource.names);
    const key = `${manager} ${apiVersion} ${subresource ?? ''}`;
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const entry: StoredEntry = { manager, operation: 'Update', apiVersion, time: this.at, ...(subresource === undefined ? {} : { subresource }) };
    const list = [entry] as const;
    this.lists.set(key, list);
    return list;
  }

  /** The entry is put with the others, or gets a new time. */
  with(entries: readonly StoredEntry[], resource: AnyResource, call: WriteCall): readonly StoredEntry[] {
    const { fieldManager: manager = '', subresource } = call.options;
    const others = entries.filter((other) => other.manager !== manager || other.operation !== 'Update' || other.subresource !== subresource);
    const mine = this.only(resource, call);
    const [first] = others;
    if (others.length !== 1 || first === undefined) return others.concat(mine);
    // Pods made at one time and started at another have the same two.
    const { pair } = this;
    if (pair?.[0] === first && pair[1] === mine[0]) return pair;
    this.pair = [first, mine[0]];
    return this.pair;
  }
}

function trustedUpdate<T extends KubeObject>(tools: Tools, resource: AnyResource, old: T, object: T, call: WriteCall): T {
  const { fieldManager: manager, subresource } = call.options;
  if (manager === undefined) return object;
  const entries = storedEntries(old);
  if (entries.length === 0 && resource.strategy.resetFields !== undefined) return object;
  const mine = entries.find((entry) => entry.manager === manager && entry.operation === 'Update' && entry.subresource === subresource);
  // Who made the object, or writes its status, owns all that is nobody else's: only the time changes.
  if (subresource === 'status' || (mine !== undefined && mine.fieldsV1 === undefined)) return withEntries(object, tools.shared.with(entries, resource, call));
  if (isEqual(contentOf(object), contentOf(old))) return object;
  return clientUpdate(tools, resource, old, { ...object, metadata: { ...object.metadata, managedFields: asEntries(entries) } }, call);
}

const contentOf = (object: KubeObject): unknown => {
  const { managedFields: _, resourceVersion: __, ...metadata } = object.metadata;
  return { ...object, metadata };
};

/** The owners a write starts from: the client's own list if it sent a meaningful one (decodeLiveOrNew). */
function ownersBefore(schemas: Schemas, resource: AnyResource, old: KubeObject, object: KubeObject, call: WriteCall): readonly Owner[] {
  const live = readOwners(schemas, resource.schema, old);
  const sent = storedEntries(object);
  if (call.options.subresource !== undefined) return live;
  if (object.metadata.managedFields?.length === 0) return [];
  if (sent.length === 0 || isEqual(sent, storedEntries(old))) return live;
  const [only] = sent;
  if (sent.length === 1 && only !== undefined && !only.manager && !only.operation) return [];
  // Entries that still are as we wrote them out for reading stand for what is stored; what cannot be read is as if it had not been sent.
  if (!sent.every(isReadable)) return live;
  return readOwners(schemas, resource.schema, object).filter(({ apiVersion }) => groupOf(apiVersion) === resource.names.group);
}

/** DecodeManagedFields takes all of a list or nothing. */
const isReadable = ({ operation, apiVersion, fieldsType, fieldsV1 }: StoredEntry): boolean =>
  (operation === 'Update' || operation === 'Apply') && !!apiVersion && fieldsType === 'FieldsV1' && fieldsV1 !== undefined && isFieldSet(fieldsV1);

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');

/** Status is not written through the object itself. */
function withoutStatus<T extends KubeObject>(resource: AnyResource, object: T): T {
  if (!resource.strategy.hasStatus) return object;
  const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
  return rest as unknown as T;
}

function clientUpdate<T extends KubeObject>(tools: Tools, resource: AnyResource, old: T, object: T, call: WriteCall): T {
  const schemas = tools.schemas();
  const difference = compare(schemas, rootShape(schemas, resource.schema), old, object);
  // Nothing changed: what is noted stays as it is noted, or writing it out in full would be a change.
  if (isEmpty(difference) && isEqual(storedEntries(object), storedEntries(old))) return withEntries(object, storedEntries(old));
  const owners = ownersBefore(schemas, resource, old, object, call);
  // Who has no owners noted gets none before somebody applies (skipnonapplied.go).
  if (owners.length === 0) return withEntries(object, []);
  return withEntries(object, writeOwners(takeOver(owners, ownerFor(resource, call, tools.now(), new FieldSet()), difference, resource)));
}

const isSame = (a: Owner, b: Owner): boolean => a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;

/** Updater.Update: what was changed is the writer's alone, what has gone is nobody's. */
function takeOver(owners: readonly Owner[], writer: Owner, { added, modified, removed }: Comparison, resource: AnyResource): readonly Owner[] {
  const changed = withoutReset(stripSystem(added.union(modified)), resource, writer.subresource);
  const before = owners.find((owner) => isSame(owner, writer));
  const others = owners.filter((owner) => !isSame(owner, writer)).map((owner) => ({ ...owner, set: owner.set.difference(changed).difference(removed) }));
  const set = (before?.set ?? new FieldSet()).difference(removed).union(changed);
  const time = changed.isEmpty ? (before?.time ?? writer.time) : writer.time;
  const mine: Owner = { ...writer, set, ...(time === undefined ? {} : { time }) };
  return [...others, mine].filter((owner) => !owner.set.isEmpty);
}
