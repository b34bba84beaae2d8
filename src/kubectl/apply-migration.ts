/**
 * From client-side to server-side apply: what `kubectl apply` owned becomes what `kubectl apply --server-side` owns, so that a
 * field which leaves the file leaves the object (pkg/cmd/apply/apply.go migrateToSSAIfNecessary, client-go util/csaupgrade).
 */
import { StatusError } from '../api/errors.js';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '../api/object.js';
import type { Query, Target } from '../client/rest-client.js';
import type { Factory } from './command.js';
import { messageOf } from './errors.js';
import { LAST_APPLIED } from './last-applied.js';

/** Who keeps the annotation of client-side apply alive from now on. */
const ANNOTATION_MANAGER = 'kubectl-last-applied';
/** The default name for server-side apply: the server keeps the annotation up to date for it alone. */
const DEFAULT_MANAGER = 'kubectl';
/** patcher.go: maxPatchRetry. */
const MAX_PATCH_RETRY = 5;

export interface Migration {
  readonly target: Target;
  readonly fieldManager: string;
  /** Of every request, but for the manager. */
  readonly query: Query;
  /** Applies the configuration once more. */
  readonly reapply: () => Promise<KubeObject>;
}

/** Moves the ownership if there is something to move; failures are warnings. Returns the object as it is then. */
export async function migrate(factory: Factory, applied: KubeObject, migration: Migration): Promise<KubeObject> {
  let object = applied;
  let failed = `failed to migrate ${LAST_APPLIED} for Server-Side Apply`;
  try {
    object = await keepAnnotation(factory, object, migration);
    failed = 'server rejected managed fields migration to Server-Side Apply';
    const migrated = await moveOwnership(factory, object, migration);
    if (migrated === undefined) return object;
    object = migrated;
    failed = 'failed to re-apply configuration after performing Server-Side Apply migration';
    return await migration.reapply();
  } catch (error) {
    factory.streams.err(`Warning: ${failed}. This is non-fatal and will be retried next time you apply. Error: ${messageOf(error)}\n`);
    return object;
  }
}

/** The annotation gets an owner of its own: the migration would orphan it. */
async function keepAnnotation(factory: Factory, object: KubeObject, { target, fieldManager, query }: Migration): Promise<KubeObject> {
  const annotation = object.metadata.annotations?.[LAST_APPLIED];
  if (fieldManager !== DEFAULT_MANAGER || annotation === undefined || annotationOwners(object, 'Apply').length > 0) return object;
  const { name, namespace } = object.metadata;
  const body = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { annotations: { [LAST_APPLIED]: annotation }, name, ...(namespace === undefined ? {} : { namespace }) },
  };
  return factory.client.patch<KubeObject>(target, 'apply', body, { ...query, fieldManager: ANNOTATION_MANAGER });
}

/** Undefined: nothing to do. */
async function moveOwnership(factory: Factory, applied: KubeObject, { target, fieldManager, query }: Migration): Promise<KubeObject | undefined> {
  const managers = [...new Set(annotationOwners(applied, 'Update').map(({ manager }) => manager))].sort();
  let object = applied;
  for (let attempt = 1; ; attempt++) {
    const before = object.metadata.managedFields ?? [];
    const after = managers.reduce<readonly ManagedFieldsEntry[]>((entries, manager) => upgraded(entries, manager, fieldManager), before);
    if (after === before) return undefined;
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: after },
      { op: 'replace', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion ?? '' },
    ];
    try {
      return await factory.client.patch<KubeObject>(target, 'json', patch, { ...query, fieldManager });
    } catch (error) {
      if (!(error instanceof StatusError && error.reason === 'Conflict') || attempt === MAX_PATCH_RETRY) throw error;
    }
    object = await factory.client.get<KubeObject>(target);
  }
}

/** csaupgrade.FindFieldsOwners, of the annotation of client-side apply. */
function annotationOwners({ metadata }: KubeObject, operation: ManagedFieldsEntry['operation']): readonly ManagedFieldsEntry[] {
  const fieldAt = (fields: JsonObject | undefined, element: string) => fields?.[element] as JsonObject | undefined;
  return (metadata.managedFields ?? []).filter(
    (entry) => entry.operation === operation && fieldAt(fieldAt(fieldAt(entry.fieldsV1, 'f:metadata'), 'f:annotations'), `f:${LAST_APPLIED}`) !== undefined,
  );
}

/** The same entries where `from` did not update; without `from`, whose fields `to` applies, where it did (csaupgrade upgradedManagedFields). */
function upgraded(entries: readonly ManagedFieldsEntry[], from: string, to: string): readonly ManagedFieldsEntry[] {
  const isUpdate = ({ manager, operation, subresource }: ManagedFieldsEntry) => manager === from && operation === 'Update' && (subresource ?? '') === '';
  const isApply = ({ manager, operation, subresource }: ManagedFieldsEntry) => manager === to && operation === 'Apply' && (subresource ?? '') === '';
  const applier = entries.find(isApply) ?? entries.find(isUpdate);
  if (applier === undefined || !entries.some(isUpdate)) return entries;
  const taken = entries.find((entry) => isUpdate(entry) && entry.apiVersion === applier.apiVersion);
  const fieldsV1 = taken === undefined ? applier.fieldsV1 : union(applier.fieldsV1, taken.fieldsV1);
  return entries
    .map((entry): ManagedFieldsEntry => (entry === applier ? { ...entry, manager: to, operation: 'Apply', fieldsV1 } : entry))
    .filter((entry) => !isUpdate(entry));
}

/** Of two sets of fields as they are written: an empty map is a member, and so is one with a `.`. */
function union(one: JsonObject, other: JsonObject): JsonObject {
  const isMember = (fields: JsonObject) => Object.keys(fields).length === 0 || '.' in fields;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => key !== '.').sort();
  const both = keys.map((key): [string, JsonObject] => {
    const [a, b] = [one[key] as JsonObject | undefined, other[key] as JsonObject | undefined];
    return [key, a === undefined || b === undefined ? ((a ?? b) as JsonObject) : union(a, b)];
  });
  return Object.fromEntries([...(keys.length > 0 && (isMember(one) || isMember(other)) ? ([['.', {}]] as [string, JsonObject][]) : []), ...both]);
}
