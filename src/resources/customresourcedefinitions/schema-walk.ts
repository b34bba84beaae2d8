/** Ways through a JSON schema, with the paths that errors have. */
import { child, index, mapKey } from '../../api/field.js';
import type { JsonObject } from '../../api/object.js';

export type Placed = readonly [schema: JsonObject, path: string];

export const isSchema = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (schema: JsonObject, field: string): string => (typeof schema[field] === 'string' ? schema[field] : '');
export const listOf = (schema: JsonObject, field: string): readonly unknown[] => (Array.isArray(schema[field]) ? schema[field] : []);

/** `properties`, by name. */
export function fieldsOf(schema: JsonObject, field = 'properties'): readonly (readonly [name: string, schema: JsonObject])[] {
  const fields = schema[field];
  if (!isSchema(fields)) return [];
  return Object.keys(fields)
    .sort()
    .map((name) => [name, isSchema(fields[name]) ? fields[name] : {}]);
}

/** Of what the value holds. */
export const propertiesAt = (schema: JsonObject, path: string): readonly (readonly [schema: JsonObject, path: string, name: string])[] =>
  fieldsOf(schema).map(([name, property]) => [property, mapKey(child(path, 'properties'), name), name]);

/** allOf, anyOf, oneOf. */
export const listedAt = (schema: JsonObject, field: string, path: string): readonly Placed[] =>
  listOf(schema, field).map((one, i) => [isSchema(one) ? one : {}, index(child(path, field), i)]);

/** Errors in Go's order of their texts, where upstream has to sort what comes out of maps. */
export const bySaying = <E extends { readonly field: string; readonly detail: string }>(errors: readonly E[]): readonly E[] =>
  [...errors].sort((a, b) => (`${a.field}: ${a.detail}` < `${b.field}: ${b.detail}` ? -1 : 1));
