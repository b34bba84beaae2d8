/** PATCH: what a patch makes of the stored object, decoded again and stored (k8s.io/apiserver/pkg/endpoints/handlers/patch.go). */
import { badRequest, conflict, failure, invalidObject, notFound } from '../api/errors.js';
import { goQuote, invalid } from '../api/field.js';
import { goValue, isMap } from '../api/json-data.js';
import { applyJsonPatch, JsonPatchError, jsonKind } from '../api/json-patch.js';
import type { Json, KubeObject, ObjectKey } from '../api/object.js';
import { once } from '../api/once.js';
import { type AnyResource, apiVersionOf, type Schemas } from '../api/resource.js';
import type { Structs } from '../api/structs.js';
import type { Patch } from '../api/verbs.js';
import { goJson } from '../text/go-json-writer.js';
import { decodeAs } from './decode.js';
import { groupVersionKind } from './managed-fields/apply.js';
import { expandManagedFields } from './managed-fields/entries.js';
import { mergePatch } from './patch/merge-patch.js';
import { patchedInOrder } from './patch/patched-text.js';
import { strategicMergePatch } from './patch/strategic-merge.js';
import { createObject } from './registry/create.js';
import type { Entry, Registry, WriteCall } from './registry/registry.js';
import { updateObject, updateStatusOf } from './registry/update.js';

export interface Patched<T extends KubeObject> {
  readonly object: T;
  readonly created: boolean;
}

/** What is known of the API's types; read when first needed. */
export interface PatchTypes {
  readonly schemas: () => Schemas;
  /** The order of their fields. */
  readonly structs: () => Structs;
}

export function applyPatch<T extends KubeObject>(
  registry: Registry,
  entry: Entry,
  types: PatchTypes,
  key: ObjectKey,
  patch: Patch,
  call: WriteCall,
): Patched<T> {
  const found = registry.store.get<T>(entry.id, key);
  const { custom } = entry.resource;
  const old = found === undefined || custom?.converts !== true ? found : (custom.current(found) as T);
  if (patch.type === 'apply') return applyConfiguration(registry, entry, types.schemas, { key, old, patch }, call);
  if (old === undefined) throw notFound(entry.id, key.name);
  const whole = () => expandManagedFields(types.schemas, entry.resource, old);
  const patched = { ...patchValue(entry.resource, types, old, patch, call, whole), apiVersion: old.apiVersion, kind: old.kind } as T;
  if (!call.trusted) {
    checkIdentity(patched, key);
    if (!patched.metadata?.name) throw badRequest(`the name of the object (${key.name} based on URL) was undeterminable: name must be provided`);
  }
  const update = call.options.subresource === 'status' ? updateStatusOf : updateObject;
  return { object: update(registry, entry, old, patched, { ...call, patch: true }), created: false };
}

function applyConfiguration<T extends KubeObject>(
  registry: Registry,
  entry: Entry,
  schemas: () => Schemas,
  { key, old, patch }: { readonly key: ObjectKey; readonly old: T | undefined; readonly patch: Patch },
  call: WriteCall,
): Patched<T> {
  if (!isMap(patch.body))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(patch.body)} into Go value of type map[string]interface {}`,
    );
  const { names } = entry.resource;
  const [apiVersion, kind] = [textOf(patch.body['apiVersion']), textOf(patch.body['kind'])];
  if (kind !== names.kind || apiVersion !== apiVersionOf(names)) throw badRequest(`invalid object type: ${groupVersionKind({ apiVersion, kind })}`);
  const { strict, error, value } = decodeAs(schemas(), entry.resource, patch.body, { sorted: true });
  const base =
    old ??
    ({
      apiVersion,
      kind,
      metadata: { name: key.name, ...(key.namespace === '' ? {} : { namespace: key.namespace }) },
    } as unknown as T);
  const configuration = { ...patch.body, metadata: isMap(patch.body['metadata']) ? patch.body['metadata'] : {} } as unknown as T;
  const next = registry.fieldManager.applied(entry.resource, { base, configuration, isNew: old === undefined }, call);
  if (error !== undefined) throw badRequest(error);
  reportRepeated(patch.repeated, call);
  reportStrict(strict, call, (text) => badRequest(text));
  checkIdentity(value as unknown as KubeObject, key);
  const applied = { ...call, patch: true, applied: true };
  if (old === undefined) {
    if (call.options.subresource !== undefined) throw notFound(entry.id, key.name);
    const { resourceVersion: _, ...metadata } = next.metadata;
    if (metadata.uid) throw conflict(entry.id, key.name, `uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`);
    return { object: createObject(registry, entry, { ...next, metadata }, applied), created: true };
  }
  const update = call.options.subresource === 'status' ? updateStatusOf : updateObject;
  return { object: update(registry, entry, old, next, applied), created: false };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Upstream refuses longer ones (handlers/patch.go maxJSONPatchOperations). */
const MAX_OPERATIONS = 10_000;

/** What does not apply is a 422 without a kind or a name: kubectl prints `The request is invalid: …`. */
function jsonPatched(old: KubeObject, body: Json): Json {
  if (Array.isArray(body) && body.length > MAX_OPERATIONS)
    throw failure(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${body.length}`,
    );
  checkOperations(body);
  try {
    return applyJsonPatch(old as unknown as Json, body);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw error.isUnreadable ? badRequest(error.message) : failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** The API server reads the operations itself before it applies them. */
function checkOperations(body: Json): void {
  const refuse = (found: unknown, type: string) => badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(found)} into Go value of type ${type}`);
  if (body !== null && !Array.isArray(body)) throw refuse(body, '[]handlers.jsonPatchOp');
  for (const one of body ?? []) if (one !== null && (typeof one !== 'object' || Array.isArray(one))) throw refuse(one, 'handlers.jsonPatchOp');
}

/** The patched object, decoded again unless it comes from a component. `whole`: the old one, with the owners of its fields as clients know them. */
export function patchValue(
  resource: Pick<AnyResource, 'schema' | 'custom'>,
  types: PatchTypes,
  old: KubeObject,
  patch: Patch,
  call: WriteCall,
  whole: () => KubeObject,
): KubeObject {
  const isStrategic = patch.type === 'strategic';
  const patched =
    patch.type === 'json'
      ? jsonPatched(old, patch.body as Json)
      : patch.type === 'merge'
        ? mergePatch(old, patch.body)
        : strategicMergePatch(old, patch.body, types.schemas(), resource.schema);
  if (call.trusted) return patched as KubeObject;
  const inOrder = once(() => patchedInOrder(types.structs(), whole(), patch));
  const refused = (why: string) => invalidPatch(isStrategic ? goValue(patch.body) : goJson(inOrder(), { keepOrder: true }), why);
  if (!isStrategic) (resource.custom === undefined ? checkKind : checkCustomKind)(old, patched, refused);
  const decoded = decodeAs(types.schemas(), resource, patched, { sorted: true, converter: isStrategic });
  const isWell = decoded.error === undefined && decoded.strict.length === 0;
  // Which error is the first is a matter of the text's order.
  const { error, strict } = isWell || isStrategic ? decoded : decodeAs(types.schemas(), resource, inOrder());
  if (error !== undefined) throw refused(error);
  reportStrict(strict, call, refused);
  return decoded.value as unknown as KubeObject;
}

/** A patch cannot make another kind of an object. */
function checkKind(old: KubeObject, patched: unknown, refuse: (why: string) => Error): void {
  if (!isMap(patched)) return;
  const text = (name: 'apiVersion' | 'kind'): string => {
    const value = patched[name] ?? old[name];
    if (typeof value === 'string') return value;
    throw refuse(`couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonKind(value)} into Go struct field .${name} of type string`);
  };
  const [apiVersion, kind] = [text('apiVersion'), text('kind')];
  if (apiVersion !== old.apiVersion || kind !== old.kind)
    throw refuse(`no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`);
}

/** A custom resource is read as anything, and then found to be no longer itself (apiextensions customresource/validator.go ValidateTypeMeta). */
function checkCustomKind(old: KubeObject, patched: unknown): void {
  if (!isMap(patched) || typeof patched['kind'] !== 'string' || typeof patched['apiVersion'] !== 'string') return;
  const { kind, apiVersion } = patched;
  const errors = [
    ...(kind === old.kind ? [] : [invalid('kind', kind, `must be ${old.kind}`)]),
    ...(apiVersion === old.apiVersion ? [] : [invalid('apiVersion', apiVersion, `must be ${old.apiVersion}`)]),
  ];
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  if (errors.length > 0) throw invalidObject(group, kind, old.metadata.name ?? '', errors);
}

/** fieldValidation: Strict refuses, Warn (the default) warns, Ignore says nothing. */
export function reportStrict(strict: readonly string[], { options }: Pick<WriteCall, 'options'>, refuse: (text: string) => Error): void {
  if (strict.length === 0 || options.fieldValidation === 'Ignore') return;
  if (options.fieldValidation === 'Strict') throw refuse(`strict decoding error: ${strict.join(', ')}`);
  for (const text of strict.flatMap(linesOfYaml)) options.warn?.(text);
}

function reportRepeated(repeated: string | undefined, { options }: Pick<WriteCall, 'options'>): void {
  if (repeated === undefined || options.fieldValidation === 'Ignore') return;
  if (options.fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${repeated}`);
  for (const text of linesOfYaml(repeated)) options.warn?.(text);
}

const YAML_ERRORS = 'yaml: unmarshal errors:\n';

/** Each of a YAML reader's errors is a warning of its own (handlers/rest.go parseYAMLWarnings). */
const linesOfYaml = (text: string): readonly string[] =>
  text.startsWith(YAML_ERRORS)
    ? text
        .slice(YAML_ERRORS.length)
        .split('\n')
        .map((line) => line.trim())
    : [text];

/** 422 without kind and name: kubectl prints `The request is invalid: patch: …`. */
function invalidPatch(value: string, why: string): Error {
  const detail = `Invalid value: ${goQuote(value)}: ${why}`;
  return failure(422, 'Invalid', ` "" is invalid: patch: ${detail}`, { causes: [{ reason: 'FieldValueInvalid', message: detail, field: 'patch' }] });
}

export function checkIdentity(object: KubeObject, key: ObjectKey): void {
  const { name, namespace } = object.metadata ?? {};
  if (namespace !== undefined && namespace !== '' && key.namespace !== '' && namespace !== key.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (name !== undefined && name !== '' && name !== key.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${key.name})`);
}
