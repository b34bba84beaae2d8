/** Takes what a structural schema does not specify out of an object: apiextensions-apiserver pkg/apiserver/schema/pruning. */
import type { JsonObject } from '../../api/object.js';
import { type CustomSchema, isMap, OWN_FIELDS, propertyOf, valuesOf } from './custom-schema.js';

export interface Pruned {
  readonly object: JsonObject;
  /** Where it was: `spec.foo`, `spec.list[0].bar`; sorted. */
  readonly unknown: readonly string[];
}

/** `metadataOf`: the metadata of an object within the object, which is at that path. */
export function prune(object: JsonObject, schema: CustomSchema, metadataOf: (metadata: unknown, path: string) => unknown = (metadata) => metadata): Pruned {
  const unknown: string[] = [];
  const pruned = pruneValue(object, schema, '', { unknown, metadataOf }, true) as JsonObject;
  return { object: pruned, unknown: unknown.sort() };
}

function pruneValue(
  value: unknown,
  schema: CustomSchema | undefined,
  path: string,
  found: { readonly unknown: string[]; readonly metadataOf: (metadata: unknown, path: string) => unknown },
  isResource = schema?.['x-kubernetes-embedded-resource'] === true,
  isKept = false,
): unknown {
  const preserves = isKept || schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (preserves && schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item, i) => pruneValue(item, schema?.items, `${path}[${i}]`, found, undefined, preserves));
  if (!isMap(value)) return value;
  const hasValues = schema?.additionalProperties !== undefined;
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const property = propertyOf(schema, key);
    if (isResource && OWN_FIELDS.has(key)) entries.push([key, key === 'metadata' && path !== '' ? found.metadataOf(item, at) : item]);
    else if (property !== undefined) entries.push([key, pruneValue(item, property, at, found)]);
    else if (hasValues) entries.push([key, pruneValue(item, valuesOf(schema), at, found)]);
    else if (preserves) entries.push([key, item]);
    else found.unknown.push(at);
  }
  return Object.fromEntries(entries);
}
