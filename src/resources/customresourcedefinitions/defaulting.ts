/** Fills in the defaults of a structural schema: apiextensions-apiserver pkg/apiserver/schema/defaulting. */
import type { JsonObject } from '../../api/object.js';
import { type CustomSchema, isMap, propertyOf, valuesOf } from './custom-schema.js';

/** The very same value when nothing was missing. A null where null may not be counts as missing. */
export const withDefaults = (object: JsonObject, schema: CustomSchema): JsonObject => fill(object, schema) as JsonObject;

function fill(value: unknown, schema: CustomSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => fill(item, schema.items));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isMap(value)) return value;
  const entries = new Map<string, unknown>(Object.entries(value));
  let isChanged = false;
  const put = (key: string, next: unknown) => {
    if (entries.get(key) === next && entries.has(key)) return;
    entries.set(key, next);
    isChanged = true;
  };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const isMissing = !entries.has(key) || (entries.get(key) === null && property.nullable !== true);
    if (property.default !== undefined && isMissing) put(key, property.default);
    // A null where none may be is as if it had not been said (PruneNonNullableNullsWithoutDefaults).
    else if (isMissing && entries.delete(key)) isChanged = true;
  }
  for (const [key, item] of entries) put(key, fill(item, propertyOf(schema, key) ?? valuesOf(schema)));
  return isChanged ? Object.fromEntries(entries) : value;
}
