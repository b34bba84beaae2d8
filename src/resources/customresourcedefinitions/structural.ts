/** What makes a schema structural: apiextensions-apiserver pkg/apiserver/schema/validation.go, as far as types go. */
import { child, type FieldError, invalid, mapKey, notSupported, required } from '../../api/field.js';
import type { JsonObject } from '../../api/object.js';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

type Level = 'root' | 'field' | 'item';

const EMPTY: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  field: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

export function validateStructure(schema: JsonObject, path: string, errors: FieldError[], level: Level = 'root'): void {
  const type = typeof schema['type'] === 'string' ? schema['type'] : '';
  const isFree = schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-int-or-string'] === true;
  if (type === '') {
    if (level === 'root' || !isFree) errors.push(required(child(path, 'type'), EMPTY[level]));
  } else if (!TYPES.includes(type)) errors.push(notSupported(child(path, 'type'), type, TYPES));
  else if (level === 'root' && type !== 'object') errors.push(invalid(child(path, 'type'), type, 'must be object at the root'));
  const items = schema['items'];
  if (type === 'array' && items === undefined) errors.push(required(child(path, 'items'), 'must be specified'));
  if (isSchema(items)) validateStructure(items, child(path, 'items'), errors, 'item');
  const properties = schema['properties'];
  if (isSchema(properties))
    for (const [name, property] of Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (isSchema(property)) validateStructure(property, mapKey(child(path, 'properties'), name), errors, 'field');
  const additional = schema['additionalProperties'];
  if (isSchema(additional)) validateStructure(additional, child(path, 'additionalProperties'), errors, 'field');
}

const isSchema = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
