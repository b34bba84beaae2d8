/** What makes a schema structural: apiextensions-apiserver pkg/apiserver/schema validation.go and complete.go. */
import { child, type FieldError, forbidden, invalid, mapKey, required } from '../../api/field.js';
import type { JsonObject } from '../../api/object.js';
import { parseGoRegExp } from '../../text/go-regexp.js';
import { bySaying, fieldsOf, isSchema, listedAt, listOf, propertiesAt, textOf } from './schema-walk.js';

type Level = 'root' | 'field' | 'item';

const EMPTY: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  field: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

export function validateStructural(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateInvariants(schema, 'root', path, errors);
  validateCompleteness(schema, schema, path, path, errors);
  return bySaying(errors);
}

const has = (schema: JsonObject, field: string): boolean => schema[field] === true;
const isFree = (schema: JsonObject): boolean => has(schema, 'x-kubernetes-preserve-unknown-fields');
const isEmbedded = (schema: JsonObject): boolean => has(schema, 'x-kubernetes-embedded-resource');
const isIntOrString = (schema: JsonObject): boolean => has(schema, 'x-kubernetes-int-or-string');

function validateInvariants(schema: JsonObject, level: Level, path: string, errors: FieldError[]): void {
  const type = textOf(schema, 'type');
  const { items, additionalProperties } = schema;
  const at = (field: string): string => child(path, field);
  if (type === 'array' && !isSchema(items)) errors.push(required(at('items'), 'must be specified'));
  if (isSchema(items)) validateInvariants(items, 'item', at('items'), errors);
  for (const [property, inside] of propertiesAt(schema, path)) validateInvariants(property, 'field', inside, errors);
  if (additionalProperties !== undefined && level === 'root') errors.push(forbidden(at('additionalProperties'), 'must not be used at the root'));
  if (isSchema(additionalProperties)) validateInvariants(additionalProperties, 'field', at('additionalProperties'), errors);
  if (isIntOrString(schema) && isFree(schema))
    errors.push(invalid(at('x-kubernetes-preserve-unknown-fields'), true, 'must be false if x-kubernetes-int-or-string is true'));
  if (isIntOrString(schema) && isEmbedded(schema))
    errors.push(invalid(at('x-kubernetes-embedded-resource'), true, 'must be false if x-kubernetes-int-or-string is true'));
  validateValues(schema, isEither(listOf(schema, 'anyOf')), isEither(listOf(firstOf(schema), 'anyOf')), path, errors);
  if (isEmbedded(schema) && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(at('type'), detail) : invalid(at('type'), type, detail));
  } else if (type === '' && !isIntOrString(schema) && !isFree(schema)) errors.push(required(at('type'), EMPTY[level]));
  if (isEmbedded(schema) && additionalProperties !== undefined)
    errors.push(forbidden(at('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set'));
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalid(at('type'), type, 'must be object at the root'));
  validateMetaFields(schema, level, path, errors);
  if (isEmbedded(schema) && !isFree(schema) && fieldsOf(schema).length === 0)
    errors.push(required(at('properties'), 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'));
}

/** Of a whole object the fields that all objects have are known; only metadata's names can have rules. */
function validateMetaFields(schema: JsonObject, level: Level, path: string, errors: FieldError[]): void {
  const isWhole = level === 'root' || isEmbedded(schema);
  const fields = new Map(fieldsOf(schema));
  const at = (name: string): string => mapKey(child(path, 'properties'), name);
  for (const name of ['kind', 'apiVersion']) {
    const field = fields.get(name);
    if (field !== undefined && isWhole && textOf(field, 'type') !== 'string')
      errors.push(invalid(child(at(name), 'type'), textOf(field, 'type'), 'must be string'));
  }
  const metadata = fields.get('metadata');
  if (metadata === undefined) return;
  if (isWhole && textOf(metadata, 'type') !== 'object') errors.push(invalid(child(at('metadata'), 'type'), textOf(metadata, 'type'), 'must be object'));
  if (level !== 'root') return;
  const names = fieldsOf(metadata).map(([name]) => name);
  const others = Object.keys(metadata).filter((field) => !['type', 'default', 'properties'].includes(field));
  if (others.length > 0 || names.some((name) => name !== 'name' && name !== 'generateName'))
    errors.push(forbidden(at('metadata'), 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
}

/** `anyOf: [{type: integer}, {type: string}]`, which an int-or-string may say of itself. */
function isEither(anyOf: readonly unknown[]): boolean {
  const types = anyOf.map((one) => (isSchema(one) && Object.keys(one).length === 1 ? textOf(one, 'type') : ''));
  return types.length === 2 && types[0] === 'integer' && types[1] === 'string';
}

function firstOf(schema: JsonObject): JsonObject {
  const [first] = listOf(schema, 'allOf');
  return isSchema(first) ? first : {};
}

function validateValues(schema: JsonObject, skipsAnyOf: boolean, skipsFirst: boolean, path: string, errors: FieldError[]): void {
  if (!skipsAnyOf) for (const [one, at] of listedAt(schema, 'anyOf', path)) validateNested(one, false, at, errors);
  listedAt(schema, 'allOf', path).forEach(([one, at], i) => {
    validateNested(one, skipsFirst && i === 0, at, errors);
  });
  for (const [one, at] of listedAt(schema, 'oneOf', path)) validateNested(one, false, at, errors);
  if (isSchema(schema['not'])) validateNested(schema['not'], false, child(path, 'not'), errors);
  const pattern = textOf(schema, 'pattern');
  const parsed = parseGoRegExp(pattern);
  if ('problem' in parsed) errors.push(invalid(child(path, 'pattern'), pattern, `must be a valid regular expression, but isn't: ${parsed.problem}`));
}

const NOT_NESTED: readonly (readonly [field: string, detail: string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** Below allOf, anyOf, oneOf and not there are conditions on values, and nothing that defines a field. */
function validateNested(schema: JsonObject, skipsAnyOf: boolean, path: string, errors: FieldError[]): void {
  validateValues(schema, skipsAnyOf, false, path, errors);
  if (isSchema(schema['items'])) validateNested(schema['items'], false, child(path, 'items'), errors);
  for (const [property, at] of propertiesAt(schema, path)) validateNested(property, false, at, errors);
  for (const [field, detail] of NOT_NESTED) {
    const value = schema[field];
    if (value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0))
      errors.push(forbidden(child(path, field), detail));
  }
  if (fieldsOf(schema).some(([name]) => name === 'metadata'))
    errors.push(forbidden(mapKey(child(path, 'properties'), 'metadata'), 'must not be specified in a nested context'));
}

/** Every value that a condition speaks of is one that the structure knows. */
function validateCompleteness(values: JsonObject, structure: JsonObject, at: string, where: string, errors: FieldError[]): void {
  const nested = (schema: JsonObject, path: string): void => validateNestedCompleteness(schema, structure, at, path, errors);
  if (isSchema(values['not'])) nested(values['not'], child(where, 'not'));
  for (const field of ['allOf', 'anyOf', 'oneOf']) for (const [one, path] of listedAt(values, field, where)) nested(one, path);
}

function validateNestedCompleteness(values: JsonObject, structure: JsonObject, at: string, where: string, errors: FieldError[]): void {
  validateCompleteness(values, structure, at, where, errors);
  const check = (inner: JsonObject, known: unknown, path: string, from: string): void => {
    if (isSchema(known)) validateNestedCompleteness(inner, known, path, from, errors);
    else errors.push(required(path, `because it is defined in ${from}`));
  };
  if (isSchema(values['items'])) check(values['items'], structure['items'], child(at, 'items'), child(where, 'items'));
  const known = new Map(fieldsOf(structure));
  for (const [name, property] of fieldsOf(values))
    check(property, known.get(name), mapKey(child(at, 'properties'), name), mapKey(child(where, 'properties'), name));
}
