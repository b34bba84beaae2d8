/** PATCH: what a patch makes of the stored object, decoded again and stored (k8s.io/apiserver/pkg/endpoints/handlers/patch.go). */
import { badRequest, failure, notFound } from '../api/errors.js';
import { goQuote } from '../api/field.js';
import { applyJsonPatch, JsonPatchError, jsonKind } from '../api/json-patch.js';
import type { Json, KubeObject, ObjectKey } from '../api/object.js';
import type { AnyResource, Schemas } from '../api/resource.js';
import type { Patch } from '../api/verbs.js';
import { decodeAs } from './decode.js';
import { goValue, isMap } from './patch/data.js';
import { mergePatch } from './patch/merge-patch.js';
import { strategicMergePatch } from './patch/strategic-merge.js';
import { createObject } from './registry/create.js';
import type { Entry, Registry, WriteCall } from './registry/registry.js';
import { updateObject, updateStatusOf } from './registry/update.js';

export interface Patched<T extends KubeObject> {
  readonly object: T;
  readonly created: boolean;
}

export function applyPatch<T extends KubeObject>(
  registry: Registry,
  entry: Entry,
  schemas: () => Schemas,
  key: ObjectKey,
  patch: Patch,
  call: WriteCall,
): Patched<T> {
  const old = registry.store.get<T>(entry.id, key);
  if (patch.type === 'apply') return applyConfiguration(registry, entry, schemas, key, old, patch, call);
  if (old === undefined) throw notFound(entry.id, key.name);
  const patched = patchValue(entry.resource, schemas, old, patch, call) as T;
  if (!call.trusted) checkIdentity(patched, key);
  const update = call.options.subresource === 'status' ? updateStatusOf : updateObject;
  return { object: update(registry, entry, old, patched, { ...call, patch: true }), created: false };
}

function applyConfiguration<T extends KubeObject>(
  registry: Registry,
  entry: Entry,
  schemas: () => Schemas,
  key: ObjectKey,
  old: T | undefined,
  patch: Patch,
  call: WriteCall,
): Patched<T> {
  if (!isMap(patch.body))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(patch.body)} into Go value of type map[string]interface {}`,
    );
  const { strict, error, value } = decodeAs(schemas(), entry.resource, patch.body, { sorted: true });
  if (error !== undefined) throw badRequest(error);
  reportStrict(strict, call, (text) => badRequest(text));
  checkIdentity(value as unknown as KubeObject, key);
  const base =
    old ??
    ({
      apiVersion: value['apiVersion'],
      kind: value['kind'],
      metadata: { name: key.name, ...(key.namespace === '' ? {} : { namespace: key.namespace }) },
    } as unknown as T);
  const configuration = { ...patch.body, metadata: isMap(patch.body['metadata']) ? patch.body['metadata'] : {} } as unknown as T;
  const next = registry.fieldManager.applied(entry.resource, base, configuration, old === undefined, call);
  const applied = { ...call, patch: true, applied: true };
  if (old === undefined) {
    if (call.options.subresource !== undefined) throw notFound(entry.id, key.name);
    return { object: createObject(registry, entry, next, applied), created: true };
  }
  const update = call.options.subresource === 'status' ? updateStatusOf : updateObject;
  return { object: update(registry, entry, old, next, applied), created: false };
}

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
  try {
    return applyJsonPatch(old as unknown as Json, body);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw error.isUnreadable ? badRequest(error.message) : failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** The patched object, decoded again unless it comes from a component. */
export function patchValue(
  resource: Pick<AnyResource, 'schema' | 'custom'>,
  schemas: () => Schemas,
  old: KubeObject,
  patch: Patch,
  call: WriteCall,
): KubeObject {
  const isStrategic = patch.type === 'strategic';
  const patched =
    patch.type === 'json'
      ? jsonPatched(old, patch.body as Json)
      : patch.type === 'merge'
        ? mergePatch(old, patch.body)
        : strategicMergePatch(old, patch.body, schemas(), resource.schema);
  if (call.trusted) return patched as KubeObject;
  const { value, strict, error } = decodeAs(schemas(), resource, patched, { sorted: true, converter: isStrategic });
  const shown = () => (isStrategic ? goValue(patch.body) : JSON.stringify(patched));
  if (error !== undefined) throw invalidPatch(shown(), error);
  reportStrict(strict, call, (text) => invalidPatch(shown(), text));
  return value as unknown as KubeObject;
}

/** fieldValidation: Strict refuses, Warn (the default) warns, Ignore says nothing. */
export function reportStrict(strict: readonly string[], { options }: Pick<WriteCall, 'options'>, refuse: (text: string) => Error): void {
  if (strict.length === 0 || options.fieldValidation === 'Ignore') return;
  if (options.fieldValidation === 'Strict') throw refuse(`strict decoding error: ${strict.join(', ')}`);
  for (const text of strict) options.warn?.(text);
}

/** 422 without kind and name: kubectl prints `The request is invalid: patch: …`. */
function invalidPatch(value: string, why: string): Error {
  const detail = `Invalid value: ${goQuote(value)}: ${why}`;
  return failure(422, 'Invalid', ` "" is invalid: patch: ${detail}`, { causes: [{ reason: 'FieldValueInvalid', message: detail, field: 'patch' }] });
}

export function checkIdentity(object: KubeObject, key: ObjectKey): void {
  const { name, namespace } = object.metadata ?? {};
  if (name !== undefined && name !== '' && name !== key.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${key.name})`);
  if (namespace !== undefined && namespace !== '' && key.namespace !== '' && namespace !== key.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
