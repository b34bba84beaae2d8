/** metadata.managedFields as a table of owners, in its order and with its limits (fieldmanager/internal managedfields.go). */

import type { Data } from '../../api/json-data.js';
import { mirroredUid } from '../../api/mirror-pods.js';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '../../api/object.js';
import type { AnyResource, AnyResourceView, Schemas } from '../../api/resource.js';
import { rootShape } from '../patch/shape.js';
import { FieldSet } from './field-set.js';
import { compare } from './typed.js';

/** One owner. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly set: FieldSet;
}

/**
 * As it is stored. What a component owns is not written down: it is all of the object (or of its status) that nobody else
 * owns, and is worked out when somebody asks. That keeps a pod's record small and a kubelet's write cheap.
 */
export type StoredEntry = Omit<ManagedFieldsEntry, 'fieldsV1' | 'fieldsType'> & { readonly fieldsType?: 'FieldsV1'; readonly fieldsV1?: JsonObject };

export const storedEntries = (object: KubeObject): readonly StoredEntry[] => (object.metadata.managedFields ?? []) as readonly StoredEntry[];
export const asEntries = (entries: readonly StoredEntry[]): readonly ManagedFieldsEntry[] => entries as readonly ManagedFieldsEntry[];

export function readOwners(schemas: Schemas, schema: string, object: KubeObject): readonly Owner[] {
  const entries = storedEntries(object);
  const known = entries.map((entry) => (entry.fieldsV1 === undefined ? undefined : FieldSet.fromJson(entry.fieldsV1)));
  let taken = known.reduce<FieldSet>((all, set) => all.union(set), new FieldSet());
  return entries.map((entry, i) => {
    const { manager, operation, apiVersion, subresource, time } = entry;
    const set = known[i] ?? derived(schemas, schema, object, entry).difference(taken);
    taken = taken.union(set);
    return { manager, operation, apiVersion, set, ...(subresource === undefined ? {} : { subresource }), ...(time === undefined ? {} : { time }) };
  });
}

/** All that a component's entry stands for, less what others wrote. */
function derived(schemas: Schemas, schema: string, object: KubeObject, entry: StoredEntry): FieldSet {
  const all = ownedAfterCreation(schemas, schema, object);
  const status = all.children.get('f:status');
  all.children.delete('f:status');
  if (entry.subresource === undefined) return withoutServers(all, object);
  const set = new FieldSet();
  if (entry.subresource !== 'status') return set;
  if (status !== undefined) set.children.set('f:status', isScheduler(entry, object) ? ofScheduler(status) : withoutCreated(status, object));
  const annotations = all.children.get('f:metadata')?.children.get('f:annotations');
  if (object.kind === 'Deployment' && annotations?.children.has(REVISION) === true) {
    const revision = new FieldSet(annotations.isMember);
    revision.child(REVISION).isMember = true;
    set.child('f:metadata').children.set('f:annotations', revision);
  }
  return set;
}

const isScheduler = ({ manager }: StoredEntry, { kind }: KubeObject): boolean => kind === 'Pod' && manager === 'kube-scheduler';

/** Why a pod found no node: what says so stays the scheduler's when the binding, which is nobody's, says otherwise. */
function ofScheduler(status: FieldSet): FieldSet {
  const set = new FieldSet();
  const conditions = set.child('f:conditions');
  conditions.isMember = true;
  const scheduled = conditions.child(SCHEDULED);
  scheduled.isMember = true;
  for (const field of ['lastProbeTime', 'lastTransitionTime', 'message', 'reason', 'status', 'type']) scheduled.child(`f:${field}`).isMember = true;
  if (status.children.has(NOMINATED)) set.child(NOMINATED).isMember = true;
  return set;
}

const SCHEDULED = 'k:{"type":"PodScheduled"}';
const NOMINATED = 'f:nominatedNodeName';

/** The one field beside its status that a Deployment's controller writes with it. */
const REVISION = 'f:deployment.kubernetes.io/revision';

/** What creation and binding put into a pod's status belongs to nobody, nor do times that the server keeps. */
function withoutCreated(status: FieldSet, object: KubeObject): FieldSet {
  const { kind, metadata } = object;
  const { availableReplicas } = (object as KubeObject & { readonly status?: { readonly availableReplicas?: number } }).status ?? {};
  status.children.delete('f:qosClass');
  if (kind === 'PersistentVolume') status.children.delete('f:lastPhaseTransitionTime');
  // No omitempty: it is 0 from the beginning.
  if (kind === 'StatefulSet' && availableReplicas === 0) status.children.delete('f:availableReplicas');
  const conditions = kind === 'Pod' ? status.children.get('f:conditions') : undefined;
  conditions?.children.delete(SCHEDULED);
  // Mirror pods are bound from the beginning.
  if (conditions !== undefined && mirroredUid({ metadata }) === undefined) conditions.isMember = false;
  return status;
}

/** Owners are noted before admission, and before the strategy prepares the object. */
function withoutServers(all: FieldSet, object: KubeObject): FieldSet {
  if (object.kind === 'Job') return withoutGenerated(all);
  if (object.kind !== 'PersistentVolumeClaim') return withoutAdmission(all, object);
  const metadata = all.children.get('f:metadata');
  const finalizers = metadata?.children.get('f:finalizers');
  if (finalizers?.children.size === 1 && finalizers.children.has('v:"kubernetes.io/pvc-protection"')) metadata?.children.delete('f:finalizers');
  return all;
}

const JOB_LABELS = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'] as const;

/** A Job's selector and the labels for it are generated. */
function withoutGenerated(all: FieldSet): FieldSet {
  const spec = all.children.get('f:spec');
  if (spec?.children.has('f:manualSelector') === true) spec.children.delete('f:selector');
  const template = spec?.children.get('f:template');
  for (const owner of [all, template]) {
    const metadata = owner?.children.get('f:metadata');
    const labels = metadata?.children.get('f:labels');
    for (const name of JOB_LABELS) labels?.children.delete(`f:${name}`);
    if (labels?.children.size === 0) metadata?.children.delete('f:labels');
    if (metadata?.isEmpty === true) owner?.children.delete('f:metadata');
  }
  return all;
}

const TOKEN_VOLUME = 'kube-api-access-';
const TOKEN_MOUNT = 'k:{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}';

/** A pod without what admission and binding added to it. */
function withoutAdmission(all: FieldSet, object: KubeObject): FieldSet {
  const spec = all.children.get('f:spec');
  if (object.kind !== 'Pod' || spec === undefined) return all;
  for (const field of ['serviceAccount', 'serviceAccountName', 'priority', 'preemptionPolicy', 'nodeName']) spec.children.delete(`f:${field}`);
  const { tolerations } = (object as unknown as { readonly spec: { readonly tolerations?: readonly { readonly key?: string }[] } }).spec;
  if (tolerations?.every(({ key }) => key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable'))
    spec.children.delete('f:tolerations');
  const volumes = spec.children.get('f:volumes');
  for (const key of volumes?.children.keys() ?? []) if (key.startsWith(`k:{"name":"${TOKEN_VOLUME}`)) volumes?.children.delete(key);
  if (volumes?.children.size === 0) spec.children.delete('f:volumes');
  for (const list of ['f:containers', 'f:initContainers']) {
    for (const container of spec.children.get(list)?.children.values() ?? []) {
      const mounts = container.children.get('f:volumeMounts');
      mounts?.children.delete(TOKEN_MOUNT);
      if (mounts?.children.size === 0) container.children.delete('f:volumeMounts');
    }
  }
  return all;
}

/** What who creates `object` owns: all that differs from an empty object of the kind. */
export function ownedAfterCreation(schemas: Schemas, schema: string, object: KubeObject): FieldSet {
  const { added, modified } = compare(schemas, rootShape(schemas, schema), emptyObject(schemas, schema), object);
  return stripSystem(added.union(modified));
}

/** An object of the kind with nothing set, as Go's encoder writes it: structs that are no pointers, and null for required lists. */
function emptyObject(schemas: Schemas, schema: string): Data {
  const out: Record<string, unknown> = {};
  const fields = schemas[schema]?.fields ?? {};
  for (const key in fields) {
    const field = fields[key];
    if (field === undefined) continue;
    const isStruct = field.container === undefined && schemas[field.type] !== undefined;
    if (field.always && isStruct) out[key] = emptyObject(schemas, field.type);
    else if (field.always || field.required) out[key] = field.container === undefined && !field.pointer ? (ZERO[field.type] ?? null) : null;
  }
  return out;
}

const ZERO: Readonly<Record<string, unknown>> = { string: '', boolean: false, number: 0, IntOrString: 0 };

const SYSTEM = ['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'generation', 'managedFields', 'resourceVersion'];

/** Nobody owns what the server keeps (fieldmanager/internal stripmeta.go). */
export function stripSystem(set: FieldSet): FieldSet {
  const result = new FieldSet();
  for (const [key, child] of set.children) if (key !== 'f:apiVersion' && key !== 'f:kind') result.children.set(key, child);
  const metadata = set.children.get('f:metadata');
  if (metadata === undefined) return result;
  const rest = new FieldSet();
  for (const [key, child] of metadata.children) if (!SYSTEM.includes(key.slice(2))) rest.children.set(key, child);
  if (rest.isEmpty) result.children.delete('f:metadata');
  else result.children.set('f:metadata', rest);
  return result;
}

/** Without what is set back at this endpoint. */
export function withoutReset(set: FieldSet, { strategy }: AnyResource, subresource = ''): FieldSet {
  return (strategy.resetFields?.[subresource] ?? []).reduce<FieldSet>(without, set);
}

function without(set: FieldSet, [first, ...rest]: readonly string[]): FieldSet {
  const result = new FieldSet(set.isMember);
  for (const [key, child] of set.children) {
    const left = key !== `f:${first}` ? child : rest.length === 0 ? undefined : without(child, rest);
    if (left !== undefined && !left.isEmpty) result.children.set(key, left);
  }
  return result;
}

/** At most so many entries of updates; the oldest are joined (fieldmanager capmanagers.go). */
const MAX_UPDATERS = 10;
const OLD_UPDATERS = 'ancient-changes';

export function writeOwners(owners: readonly Owner[]): readonly ManagedFieldsEntry[] {
  const updaters = owners.filter(({ operation }) => operation === 'Update').sort(byTime);
  const surplus = updaters.slice(0, Math.max(0, updaters.length - MAX_UPDATERS + 1));
  const kept = surplus.length > 1 ? [...owners.filter((owner) => !surplus.includes(owner)), joined(surplus)] : owners;
  return [...kept]
    .sort(
      (a, b) =>
        compareText(a.operation, b.operation) || byTime(a, b) || compareText(a.manager, b.manager) || compareText(a.subresource ?? '', b.subresource ?? ''),
    )
    .map(({ manager, operation, apiVersion, subresource, time, set }) => ({
      apiVersion,
      fieldsType: 'FieldsV1' as const,
      fieldsV1: set.toJson(),
      manager,
      operation,
      ...(subresource === undefined ? {} : { subresource }),
      ...(time === undefined ? {} : { time }),
    }));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byTime = (a: Owner, b: Owner): number => compareText(a.time ?? '', b.time ?? '');

function joined(owners: readonly Owner[]): Owner {
  const last = owners.at(-1) as Owner;
  const set = owners.reduce((all, owner) => all.union(owner.set), new FieldSet());
  return { manager: OLD_UPDATERS, operation: 'Update', apiVersion: last.apiVersion, set, ...(last.time === undefined ? {} : { time: last.time }) };
}

/** With what components own written out, when somebody looks at it. */
export function expandManagedFields(schemas: () => Schemas, view: AnyResourceView, object: KubeObject): KubeObject {
  const entries = storedEntries(object);
  if (!entries.some((entry) => entry.fieldsV1 === undefined)) return object;
  const { managedFields: _, ...rest } = object.metadata;
  let written: readonly ManagedFieldsEntry[] | undefined;
  const metadata = Object.defineProperty({ ...rest }, 'managedFields', {
    enumerable: true,
    configurable: true,
    get: () => {
      written ??= writeOwners(readOwners(schemas(), schemaOf(view), object).filter(({ set }) => !set.isEmpty));
      return written;
    },
  });
  return { ...object, metadata };
}

/** A kind's definition by its names; `CoreV1Event` and `EventsV1Event` are the two that share one. */
function schemaOf({ names }: AnyResourceView): string {
  const version = `V${names.version.slice(1)}`;
  if (names.kind === 'Event') return `${names.group === '' ? 'Core' : 'Events'}${version}Event`;
  return `${version}${names.kind}`;
}
