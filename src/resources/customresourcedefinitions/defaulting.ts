/** Fills in the defaults of a structural schema: apiextensions-apiserver pkg/apiserver/schema/defaulting. */
import type { JsonObject } from '../../api/object.js';
import { type CustomSchema, isMap, propertyOf, valuesOf } from './custom-schema.js';

/** The very same value when nothing was missing. A null where null may not be counts as missing. */
export const withDefaults = (object: JsonObject, schema: CustomSchema): JsonObject => fill(object, schema) as JsonObject;

/** An item or value that is null where none may be. */
const given = (value: unknown, schema: CustomSchema | undefined): unknown =>
  value === null && schema?.default !== undefined && schema.nullable !== true ? schema.default : value;

function fill(value: unknown, schema: CustomSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => fill(given(item, schema.items), schema.items));
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
  for (const [key, item] of entries) {
    const property = propertyOf(schema, key);
    put(key, property === undefined ? fill(given(item, valuesOf(schema)), valuesOf(schema)) : fill(item, property));
  }
  return isChanged ? Object.fromEntries(entries) : value;
}
