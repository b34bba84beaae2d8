/** Values of custom resources as rules see them (apiextensions-apiserver pkg/apiserver/schema/cel, k8s.io/apiserver/pkg/cel): by their schema. */
import { parseDuration } from '../../api/time.js';
import { Duration, isCelIdentifier, isReservedInCel, KeyedList, Optional, Timestamp, type Type, type Value } from '../../cel/cel.js';
import { type CustomSchema, isMap, propertyOf, valuesOf } from './custom-schema.js';

export const SELF = 'self';
export const OLD_SELF = 'oldSelf';

export const optionalOf = (value: Value | undefined): Value => new Optional(value);

export function valueBySchema(value: unknown, schema: CustomSchema | undefined, isResource = false): Value {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const items = value.map((item) => valueBySchema(item, schema?.items));
    const kind = schema?.['x-kubernetes-list-type'];
    if (kind === 'map') return KeyedList.listing(items, schema?.['x-kubernetes-list-map-keys']?.map(escaped) ?? []);
    return kind === 'set' ? KeyedList.listing(items) : items;
  }
  if (isMap(value)) {
    const values = valuesOf(schema);
    const isWhole = isResource || schema?.['x-kubernetes-embedded-resource'] === true;
    const entries = Object.entries(value).flatMap(([key, item]): (readonly [string, Value])[] => {
      if (isWhole && key === 'metadata') return [[key, metadataValue(item)]];
      // A field that is null is as one that is not there.
      if (item === null && schema?.properties !== undefined) return [];
      const property = propertyOf(schema, key);
      if (property !== undefined) {
        const read = valueBySchema(item, property);
        return namesOf(key).map((name) => [name, read]);
      }
      return [[schema?.properties === undefined ? key : escaped(key), valueBySchema(item, values)]];
    });
    return new Map(entries);
  }
  if (typeof value === 'number') return schema?.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  return typeof value === 'string' ? formatted(value, schema?.format) : (value as boolean);
}

/** Rules see no more of it. */
function metadataValue(metadata: unknown): Value {
  const { name, generateName } = isMap(metadata) ? metadata : ({} as { readonly name?: unknown; readonly generateName?: unknown });
  return new Map(Object.entries({ name, generateName }).flatMap(([key, text]): [string, Value][] => (typeof text === 'string' ? [[key, text]] : [])));
}

function formatted(text: string, format: string | undefined): Value {
  if (format === 'byte') return Uint8Array.from(Buffer.from(text, 'base64'));
  if (format !== 'duration' && format !== 'date' && format !== 'date-time') return text;
  const ms = format === 'duration' ? parseDuration(text) : Date.parse(text);
  if (ms === undefined || Number.isNaN(ms)) return text;
  return format === 'duration' ? new Duration(ms) : new Timestamp(ms);
}

/** As a property is called in an expression; what cannot be called so is called by nothing. */
export function escaped(name: string): string {
  if (/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !isCelIdentifier(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (part) => ESCAPES[part] as string);
}
/** A reserved word is a name after a dot as it is, too. */
const namesOf = (name: string): readonly string[] => (isReservedInCel(name) ? [escaped(name), name] : [escaped(name)]);
const ESCAPES: Readonly<Record<string, string>> = { __: '__underscores__', '.': '__dot__', '/': '__slash__', '-': '__dash__' };

const TYPES: Readonly<Record<string, string>> = { boolean: 'bool', integer: 'int', number: 'double', string: 'string' };
const FORMATS: Readonly<Record<string, string>> = { byte: 'bytes', date: 'timestamp', 'date-time': 'timestamp', duration: 'duration' };
const TEXT: Type = { kind: 'string' };
const METADATA: Type = {
  kind: 'object',
  fields: new Map([
    ['name', TEXT],
    ['generateName', TEXT],
  ]),
};

/** Whether a rule may speak of it: all that it holds has a type. */
function hasType(schema: CustomSchema): boolean {
  if (schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-embedded-resource'] === true) return true;
  if (schema.type === undefined || schema.type === '') return false;
  if (schema.type === 'array') return schema.items !== undefined && hasType(schema.items);
  const values = schema.type === 'object' ? valuesOf(schema) : undefined;
  return values === undefined || hasType(values);
}

/** What an expression is told of such values (k8s.io/apiserver/pkg/cel/common/schemas.go SchemaDeclType). */
export function typeBySchema(schema: CustomSchema, isResource = false): Type {
  const { type = '', format = '', items, properties } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) return { kind: 'dyn' };
  const isWhole = isResource || schema['x-kubernetes-embedded-resource'] === true;
  if (type === 'array') return items === undefined ? {} : { kind: 'list', item: typeBySchema(items) };
  if (type === 'object' || isWhole) {
    const values = valuesOf(schema);
    if (values !== undefined) return { kind: 'map', key: TEXT, item: typeBySchema(values) };
    const fields = Object.entries(properties ?? {}).flatMap(([name, property]): [string, Type][] =>
      !hasType(property) ? [] : namesOf(name).map((one) => [one, typeBySchema(property)]),
    );
    const own: [string, Type][] = isWhole ? ['apiVersion', 'kind'].map((name) => [name, TEXT]) : [];
    return { kind: 'object', fields: new Map([...fields, ...own, ...(isWhole ? [['metadata', METADATA] as [string, Type]] : [])]) };
  }
  return { kind: (type === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : TYPES[type]) ?? 'dyn' };
}
