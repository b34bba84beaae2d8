/**
 * What a CRD's schema must not say, and what makes it structural: apiextensions-apiserver pkg/apis/apiextensions/validation
 * ValidateCustomResourceDefinitionOpenAPISchema and pkg/apiserver/schema/validation.go. CEL rules are not compiled.
 */
import { child, type FieldError, forbidden, index, invalid, mapKey, notSupported, required } from '../../api/field.js';
import type { JsonObject } from '../../api/object.js';
import { goStrings } from '../meta/validation.js';
import type { CustomSchema } from './custom-schema.js';
import { validateBySchema } from './schema-validation.js';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const LIST_TYPES = ['atomic', 'set', 'map'];
const MAP_TYPES = ['granular', 'atomic'];

type Level = 'root' | 'field' | 'item';

const EMPTY: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  field: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

export function validateStructure(schema: JsonObject, path: string, errors: FieldError[]): void {
  validateMetadata(schema, path, errors);
  const found: FieldError[] = [];
  validateContent(schema, path, found);
  if (found.length === 0) validateTypes(schema, path, found, 'root');
  // Of a schema that is not well formed nothing more is asked.
  if (found.length === 0) validateDefaults(schema, path, found);
  errors.push(...found);
}

/** Only name and generateName of metadata can have rules. */
function validateMetadata(schema: JsonObject, path: string, errors: FieldError[]): void {
  const metadata = fieldsOf(schema).find(([name]) => name === 'metadata')?.[1];
  if (metadata === undefined) return;
  const isMore = fieldsOf(metadata).some(([name]) => name !== 'name' && name !== 'generateName');
  const at = mapKey(child(path, 'properties'), 'metadata');
  if (isMore) errors.push(forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
}

function validateContent(schema: JsonObject, path: string, errors: FieldError[]): void {
  if (schema['uniqueItems'] === true)
    errors.push(forbidden(child(path, 'uniqueItems'), 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'));
  const additional = schema['additionalProperties'];
  if (additional !== undefined && additional !== null && fieldsOf(schema).length > 0 && additional !== false)
    errors.push(forbidden(child(path, 'additionalProperties'), 'additionalProperties and properties are mutual exclusive'));
  if (typeof schema['$ref'] === 'string') errors.push(forbidden(child(path, '$ref'), '$ref is not supported'));
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalid(child(path, 'x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'));
  validateListType(schema, path, errors);
  validateMapType(schema, path, errors);
  for (const [inner, at] of innerSchemas(schema, path)) validateContent(inner, at, errors);
}

function validateListType(schema: JsonObject, path: string, errors: FieldError[]): void {
  const kind = schema['x-kubernetes-list-type'];
  const keys = Array.isArray(schema['x-kubernetes-list-map-keys']) ? schema['x-kubernetes-list-map-keys'].map(String) : [];
  const at = child(path, 'x-kubernetes-list-map-keys');
  if (typeof kind === 'string' && schema['type'] !== 'array')
    errors.push(invalid(child(path, 'type'), typeof schema['type'] === 'string' ? schema['type'] : '', 'must be array if x-kubernetes-list-type is specified'));
  if (typeof kind === 'string' && !LIST_TYPES.includes(kind)) errors.push(notSupported(child(path, 'x-kubernetes-list-type'), kind, LIST_TYPES));
  if (keys.length > 0 && kind === undefined)
    errors.push(required(child(path, 'x-kubernetes-list-type'), 'must be map if x-kubernetes-list-map-keys is non-empty'));
  else if (keys.length > 0 && kind !== 'map')
    errors.push(invalid(child(path, 'x-kubernetes-list-type'), String(kind), 'must be map if x-kubernetes-list-map-keys is non-empty'));
  const items = isSchema(schema['items']) ? schema['items'] : undefined;
  if (kind === 'map') {
    if (keys.length === 0) errors.push(required(at, 'must not be empty if x-kubernetes-list-type is map'));
    if (items !== undefined) validateMapItems(items, keys, path, errors);
  }
  if (kind === 'set' && items !== undefined && !isAtomic(items)) {
    const what = items['type'] === 'array' ? 'list' : 'map';
    errors.push(
      invalid(
        child(path, `items.x-kubernetes-${what}-type`),
        (items[`x-kubernetes-${what}-type`] as string | undefined) ?? null,
        'must be atomic as item of a list with x-kubernetes-list-type=set',
      ),
    );
  }
}

function validateMapItems(items: JsonObject, keys: readonly string[], path: string, errors: FieldError[]): void {
  const at = child(path, 'x-kubernetes-list-map-keys');
  if (items['type'] !== 'object') {
    errors.push(
      invalid(
        child(path, 'items.type'),
        typeof items['type'] === 'string' ? items['type'] : '',
        "must be object if parent array's x-kubernetes-list-type is map",
      ),
    );
    return;
  }
  const fields = new Map(fieldsOf(items));
  if (keys.some((key) => !fields.has(key))) errors.push(invalid(at, goStrings(keys), 'entries must all be names of item properties'));
  const needed = new Set(Array.isArray(items['required']) ? items['required'].map(String) : []);
  for (const key of keys) {
    const field = fields.get(key);
    if (field === undefined || needed.has(key) || field['default'] !== undefined) continue;
    errors.push(
      required(
        child(mapKey(child(path, 'items.properties'), key), 'default'),
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ),
    );
  }
}

const isAtomic = (items: JsonObject): boolean => {
  if (items['type'] === 'object') return items['x-kubernetes-map-type'] === 'atomic';
  return items['type'] !== 'array' || items['x-kubernetes-list-type'] === undefined || items['x-kubernetes-list-type'] === 'atomic';
};

function validateMapType(schema: JsonObject, path: string, errors: FieldError[]): void {
  const kind = schema['x-kubernetes-map-type'];
  if (typeof kind !== 'string') return;
  if (schema['type'] !== 'object')
    errors.push(invalid(child(path, 'type'), typeof schema['type'] === 'string' ? schema['type'] : '', 'must be object if x-kubernetes-map-type is specified'));
  if (!MAP_TYPES.includes(kind)) errors.push(notSupported(child(path, 'x-kubernetes-map-type'), kind, MAP_TYPES));
}

function validateTypes(schema: JsonObject, path: string, errors: FieldError[], level: Level): void {
  for (const [inner, at] of alternatives(schema, path)) validateNested(inner, at, errors);
  const type = typeof schema['type'] === 'string' ? schema['type'] : '';
  const isFree = schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-int-or-string'] === true;
  if (type === '') {
    if (level === 'root' || !isFree) errors.push(required(child(path, 'type'), EMPTY[level]));
  } else if (!TYPES.includes(type)) errors.push(notSupported(child(path, 'type'), type, TYPES));
  else if (level === 'root' && type !== 'object') errors.push(invalid(child(path, 'type'), type, 'must be object at the root'));
  if (schema['x-kubernetes-embedded-resource'] === true && fieldsOf(schema).length === 0 && schema['x-kubernetes-preserve-unknown-fields'] !== true)
    errors.push(
      required(child(path, 'properties'), 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'),
    );
  const items = schema['items'];
  if (type === 'array' && items === undefined) errors.push(required(child(path, 'items'), 'must be specified'));
  if (isSchema(items)) validateTypes(items, child(path, 'items'), errors, 'item');
  for (const [name, property] of fieldsOf(schema)) validateTypes(property, mapKey(child(path, 'properties'), name), errors, 'field');
  const additional = schema['additionalProperties'];
  if (isSchema(additional)) validateTypes(additional, child(path, 'additionalProperties'), errors, 'field');
}

const NOT_NESTED = ['type', 'default', 'description', 'title', 'nullable', 'additionalProperties'] as const;

/** Below allOf, anyOf, oneOf and not there are conditions on values, and nothing that defines a field. */
function validateNested(schema: JsonObject, path: string, errors: FieldError[]): void {
  for (const field of NOT_NESTED) {
    const value = schema[field];
    if (value === undefined || value === false || value === '') continue;
    errors.push(forbidden(child(path, field), 'must be empty to be structural'));
  }
  for (const [inner, at] of [...alternatives(schema, path), ...definedSchemas(schema, path)]) validateNested(inner, at, errors);
}

function validateDefaults(schema: JsonObject, path: string, errors: FieldError[]): void {
  const value = schema['default'];
  const at = child(path, 'default');
  if (value !== undefined && !(value === null && schema['nullable'] === true))
    for (const error of validateBySchema(value, schema as CustomSchema))
      errors.push({ ...error, field: error.field === '<nil>' || error.field === '' ? at : child(at, error.field) });
  for (const [inner, inside] of definedSchemas(schema, path)) validateDefaults(inner, inside, errors);
}

type Placed = readonly [schema: JsonObject, path: string];

function definedSchemas(schema: JsonObject, path: string): readonly Placed[] {
  const { items, additionalProperties: additional } = schema;
  return [
    ...(isSchema(items) ? [[items, child(path, 'items')] as const] : []),
    ...fieldsOf(schema).map(([name, property]) => [property, mapKey(child(path, 'properties'), name)] as const),
    ...(isSchema(additional) ? [[additional, child(path, 'additionalProperties')] as const] : []),
  ];
}

function alternatives(schema: JsonObject, path: string): readonly Placed[] {
  const { not } = schema;
  // For an int-or-string, saying so again is allowed (schema/validation.go isIntOrStringAnyOfPattern).
  const isRepeated = schema['x-kubernetes-int-or-string'] === true;
  return [
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((field) => {
      const list = schema[field];
      if (!Array.isArray(list) || (isRepeated && field !== 'oneOf')) return [];
      return list.flatMap((one, i) => (isSchema(one) ? [[one, index(child(path, field), i)] as const] : []));
    }),
    ...(isSchema(not) ? [[not, child(path, 'not')] as const] : []),
  ];
}

const innerSchemas = (schema: JsonObject, path: string): readonly Placed[] => [...definedSchemas(schema, path), ...alternatives(schema, path)];

function fieldsOf(schema: JsonObject): readonly (readonly [name: string, schema: JsonObject])[] {
  const { properties } = schema;
  if (!isSchema(properties)) return [];
  return Object.entries(properties)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, property]) => (isSchema(property) ? [[name, property] as const] : []));
}

const isSchema = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
