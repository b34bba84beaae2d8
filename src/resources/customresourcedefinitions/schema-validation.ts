/**
 * What is wrong with an object by its structural schema, in the words of kube-openapi's validator and in the order of its walk
 * (pkg/validation/validate), as apiextensions-apiserver turns them into field errors (pkg/apiserver/validation/validation.go).
 */
import { isEqual } from '../../api/equality.js';
import { duplicate, type FieldError, goSyntax, index, invalid, mapKey, notSupported, required, tooLong, tooMany } from '../../api/field.js';
import { parseTime } from '../../api/time.js';
import { goSyntaxOf } from '../../text/go-format.js';
import { parseGoRegExp } from '../../text/go-regexp.js';
import { type CustomSchema, isMap, propertyOf, valuesOf } from './custom-schema.js';

export function validateBySchema(value: unknown, schema: CustomSchema, path = ''): FieldError[] {
  const errors: FieldError[] = [];
  new Walk(errors).check(value, schema, path);
  return [...errors, ...listErrors(value, schema, path)];
}

const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** Whether the object is too wrong to look at its rules (registry/customresource/strategy.go hasBlockingErr). */
export const areBlocking = (errors: readonly FieldError[]): boolean => errors.some(({ type }) => BLOCKING.has(type));

type Json = string | number | boolean | null | readonly unknown[] | object;

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** At the root upstream has no path to show. */
const shown = (path: string): string => (path === '' ? '<nil>' : path);

class Walk {
  constructor(private readonly errors: FieldError[]) {}

  check(value: unknown, schema: CustomSchema, path: string): void {
    const before = this.errors.length;
    this.type(value, schema, path);
    if (value !== null && value !== undefined) {
      this.combinations(value as Json, schema, path);
      if (typeof value === 'string') this.string(value, schema, path, this.errors.length === before);
      if (typeof value === 'number') this.number(value, schema, path);
      if (Array.isArray(value)) this.array(value, schema, path);
    }
    if (schema.enum !== undefined && !schema.enum.some((one) => isEqual(one, value)) && !(value === null && schema.nullable === true))
      this.errors.push(notSupported(path, plain(value), schema.enum.map(enumText)));
    if (isMap(value)) this.object(value, schema, path);
  }

  private fail(path: string, value: Parameters<typeof invalid>[1], text: string): void {
    this.errors.push(invalid(shown(path), value, `${path} in body ${text}`));
  }

  private type(value: unknown, schema: CustomSchema, path: string): void {
    const found = typeOf(value);
    if (found === 'null' && schema.nullable === true) return;
    const wanted = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type === undefined ? [] : [schema.type];
    if (wanted.length === 0 || wanted.includes(found) || (found === 'integer' && wanted.includes('number'))) return;
    this.errors.push({ ...invalid(shown(path), found, `${path} in body must be of type ${wanted.join(',')}: "${found}"`), type: 'FieldValueTypeInvalid' });
  }

  private combinations(value: Json, schema: CustomSchema, path: string): void {
    const passes = (one: CustomSchema): boolean => {
      const errors: FieldError[] = [];
      new Walk(errors).check(value, one, path);
      return errors.length === 0;
    };
    const say = (text: string) => this.errors.push(invalid('<nil>', '', `${JSON.stringify(path)} ${text}`));
    if (schema.anyOf !== undefined && !schema.anyOf.some(passes)) say('must validate at least one schema (anyOf)');
    if (schema.oneOf !== undefined) {
      const valid = schema.oneOf.filter(passes).length;
      if (valid === 0) say('must validate one and only one schema (oneOf). Found none valid');
      else if (valid > 1) say(`must validate one and only one schema (oneOf). Found ${valid} valid alternatives`);
    }
    for (const one of schema.allOf ?? []) this.check(value, one, path);
    if (schema.allOf?.some((one) => !passes(one))) say('must validate all the schemas (allOf)');
    if (schema.not !== undefined && passes(schema.not)) say('must not validate the schema (not)');
  }

  private string(value: string, schema: CustomSchema, path: string, isOfType: boolean): void {
    const length = [...value].length;
    // The first of these is the only one.
    if (schema.maxLength !== undefined && length > schema.maxLength) this.errors.push(tooLong(shown(path), schema.maxLength));
    else if (schema.minLength !== undefined && length < schema.minLength) this.fail(path, value, `should be at least ${schema.minLength} chars long`);
    else if (schema.pattern !== undefined && !matches(schema.pattern, value)) this.fail(path, value, `should match '${schema.pattern}'`);
    const format = schema.format === undefined || !Object.hasOwn(FORMATS, schema.format) ? undefined : FORMATS[schema.format];
    if (isOfType && format !== undefined && !format(value)) this.fail(path, value, `must be of type ${schema.format}: ${JSON.stringify(value)}`);
  }

  private number(value: number, schema: CustomSchema, path: string): void {
    const { minimum, maximum, multipleOf } = schema;
    if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) this.fail(path, value, `should be a multiple of ${multipleOf}`);
    if (maximum !== undefined) {
      if (schema.exclusiveMaximum === true && value >= maximum) this.fail(path, value, `should be less than ${maximum}`);
      else if (value > maximum) this.fail(path, value, `should be less than or equal to ${maximum}`);
    }
    if (minimum !== undefined) {
      if (schema.exclusiveMinimum === true && value <= minimum) this.fail(path, value, `should be greater than ${minimum}`);
      else if (value < minimum) this.fail(path, value, `should be greater than or equal to ${minimum}`);
    }
    const range = schema.format === undefined ? undefined : RANGES[schema.format];
    if (range !== undefined && Math.abs(value) > range) this.fail(path, value, `must be of type ${schema.format}: "${value}"`);
  }

  private array(value: readonly unknown[], schema: CustomSchema, path: string): void {
    const { items } = schema;
    if (items !== undefined) for (const [i, item] of value.entries()) this.check(item, items, index(path, i));
    if (schema.minItems !== undefined && value.length < schema.minItems) this.fail(path, value.length, `should have at least ${schema.minItems} items`);
    if (schema.maxItems !== undefined && value.length > schema.maxItems) this.errors.push(tooMany(shown(path), value.length, schema.maxItems));
  }

  private object(value: Readonly<Record<string, unknown>>, schema: CustomSchema, path: string): void {
    const keys = Object.keys(value);
    const { minProperties, maxProperties } = schema;
    if (minProperties !== undefined && keys.length < minProperties) this.fail(path, keys.length, `should have at least ${minProperties} properties`);
    if (maxProperties !== undefined && keys.length > maxProperties) this.errors.push(tooMany(shown(path), keys.length, maxProperties));
    const at = (key: string) => (path === '' ? key : `${path}.${key}`);
    for (const key of keys.sort()) {
      const property = propertyOf(schema, key) ?? valuesOf(schema);
      if (property !== undefined) this.check(value[key], property, at(key));
    }
    for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) this.errors.push(required(at(key)));
  }
}

/** A bad value as a field error shows it. */
const plain = (value: unknown): Parameters<typeof invalid>[1] =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : goSyntax(goSyntaxOf(value));
const enumText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function matches(pattern: string, value: string): boolean {
  const parsed = parseGoRegExp(pattern);
  return 'problem' in parsed || parsed.test(value);
}

const RANGES: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** The formats that go-openapi's registry checks; others say nothing. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && parseTime(`${text}T00:00:00Z`) !== undefined,
  'date-time': (text) => parseTime(text) !== undefined,
  datetime: (text) => parseTime(text) !== undefined,
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
  hostname: (text) => text.length <= 253 && /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*$/.test(text),
  ipv4: (text) => /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) < 256),
  ipv6: (text) => text.includes(':') && /^[0-9a-fA-F:.]+$/.test(text),
  cidr: (text) => /^[0-9a-fA-F:.]+\/\d{1,3}$/.test(text),
  mac: (text) => /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text),
  uuid: (text) => /^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$/.test(text),
  uri: (text) => URL.canParse(text),
  byte: (text) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  duration: (text) => /^([-+]?(\d+(\.\d*)?|\.\d+)\s*(ns|us|µs|ms|s|m|h|d|w|[a-z]+)\s*)+$|^0$/.test(text),
};

/** Sets hold nothing twice, and maps no key (pkg/apiserver/schema/listtype). */
function listErrors(value: unknown, schema: CustomSchema | undefined, path: string): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    const keys = schema['x-kubernetes-list-map-keys'] ?? [];
    const type = schema['x-kubernetes-list-type'];
    const own = type === 'set' ? repeated(value, path, (item) => item) : type === 'map' ? repeated(value, path, (item) => keysOf(item, keys, schema)) : [];
    return [...own, ...value.flatMap((item, i) => listErrors(item, schema.items, index(path, i)))];
  }
  if (!isMap(value)) return [];
  return Object.keys(value)
    .sort()
    .flatMap((key) => {
      const item = value[key];
      const property = propertyOf(schema, key);
      if (property !== undefined) return listErrors(item, property, path === '' ? key : `${path}.${key}`);
      return listErrors(item, valuesOf(schema), mapKey(path, key));
    });
}

/** An item's keys, with their defaults. */
const keysOf = (item: unknown, keys: readonly string[], schema: CustomSchema): unknown =>
  isMap(item) ? Object.fromEntries(keys.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key] ?? propertyOf(schema.items, key)?.default]]))) : item;

function repeated(items: readonly unknown[], path: string, by: (item: unknown) => unknown): FieldError[] {
  const seen: unknown[] = [];
  return items.flatMap((item, i) => {
    const what = by(item);
    const isKnown = seen.some((other) => isEqual(other, what));
    seen.push(what);
    return isKnown ? [duplicate(index(path, i), isMap(what) ? goSyntax(goMap(what)) : plain(what))] : [];
  });
}

const goMap = (map: Readonly<Record<string, unknown>>): string =>
  `map[string]interface {}{${Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(map[key])}`)
    .join(', ')}}`;
