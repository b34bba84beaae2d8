/**
 * What is wrong with an object by its structural schema, in the words of kube-openapi's validator and in the order of its walk
 * (pkg/validation/validate), as apiextensions-apiserver turns them into field errors (pkg/apiserver/validation/validation.go).
 */
import { isEqual } from '../../api/equality.js';
import { duplicate, type FieldError, goQuote, goSyntax, index, invalid, mapKey, notSupported, required, tooLong, tooMany } from '../../api/field.js';
import { goSyntaxOf } from '../../text/go-format.js';
import { parseGoRegExp } from '../../text/go-regexp.js';
import { type CustomSchema, isMap, propertyOf, valuesOf } from './custom-schema.js';
import { stringFormat } from './string-formats.js';

/** `old`: what it was before an update. What is as it was may go on being wrong (CRDValidationRatcheting, pkg/apiserver/validation/ratcheting.go). */
export function validateBySchema(value: unknown, schema: CustomSchema, path = '', old?: unknown): FieldError[] {
  const ofLists = old !== undefined && listErrors(old, schema, path).length > 0 ? [] : listErrors(value, schema, path);
  return [...checkKept(value, schema, path, old === undefined ? undefined : { value: old, schema }).errors, ...ofLists];
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

/** What a schema says of a value: what is wrong, each once, and how much of it was looked at and liked. */
class Result {
  readonly errors: FieldError[] = [];
  matches = 0;

  add(...errors: readonly FieldError[]): void {
    for (const error of errors)
      if (!this.errors.some((other) => other.field === error.field && other.detail === error.detail && other.type === error.type)) this.errors.push(error);
  }

  merge(other: Result): void {
    this.add(...other.errors);
    this.matches += other.matches;
  }

  fail(path: string, value: Parameters<typeof invalid>[1], text: string): void {
    this.add(invalid(shown(path), value, `${path} in body ${text}`));
  }

  failType(path: string, value: string, type: string): void {
    this.add({ ...invalid(shown(path), value, `${path} in body must be of type ${type}: ${goQuote(value)}`), type: 'FieldValueTypeInvalid' });
  }
}

/** What a value is taken to have been, by the schema that tells what belongs to what. */
interface Old {
  readonly value: unknown;
  readonly schema: CustomSchema;
}

/** Nothing is wrong with what is as it was. */
function checkKept(value: unknown, schema: CustomSchema, path: string, old: Old | undefined): Result {
  const result = check(value, schema, path, old);
  return result.errors.length > 0 && old !== undefined && isKept(value, old) ? new Result() : result;
}

function check(value: unknown, schema: CustomSchema, path: string, old?: Old): Result {
  const result = new Result();
  const format = stringFormat(schema.format);
  if (typesOf(schema).length > 0 || format !== undefined) {
    if (hasType(value, schema, format === undefined ? undefined : schema.format, path, result)) result.matches += 1;
    result.matches += 1;
  }
  if (value !== null && value !== undefined) {
    checkCombinations(value as Json, schema, path, old, result);
    if (typeof value === 'string') {
      checkString(value, schema, path, result);
      if (format !== undefined && !format(value)) result.failType(path, value, schema.format as string);
    }
    if (typeof value === 'number') checkNumber(value, schema, path, result);
    if (Array.isArray(value)) checkArray(value, schema, path, old, result);
    // Each that looked at it counts, and the whole.
    result.matches += applied(value, format !== undefined) + 1;
  }
  if (schema.enum !== undefined && schema.enum.length > 0 && !schema.enum.some((one) => isSame(one, value)))
    result.add(notSupported(path, plain(value), schema.enum.map(enumText)));
  if (isMap(value)) checkObject(value, schema, path, old, result);
  return result;
}

/** How many look at such a value besides the one for its type: for combinations and for enums always. */
function applied(value: unknown, isFormatted: boolean): number {
  if (typeof value === 'boolean') return 2;
  return typeof value === 'string' && isFormatted ? 4 : 3;
}

/** A number is one of whole numbers when what is whole of it is. */
const isSame = (one: unknown, value: unknown): boolean =>
  value !== null && (isEqual(one, value) || (typeof one === 'number' && typeof value === 'number' && Number.isInteger(one) && Math.trunc(value) === one));

const typesOf = (schema: CustomSchema): readonly string[] =>
  schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type === undefined ? [] : [schema.type];

/** `format` is one that is checked: strings and lists that are to have it may be of any type that no number has. */
function hasType(value: unknown, schema: CustomSchema, format: string | undefined, path: string, result: Result): boolean {
  const types = typesOf(schema);
  const found = typeOf(value);
  const before = result.errors.length;
  const isNumeric = types.includes('number') || types.includes('integer');
  const fits = types.includes(found) || (found === 'integer' && types.includes('number'));
  if (found === 'null') {
    if (types.length > 0 && schema.nullable !== true) result.failType(path, found, types.join(','));
  } else if (fits) return true;
  else if (format === undefined) result.failType(path, found, types.join(','));
  else if (found !== 'string' && found !== 'array') result.failType(path, found === 'integer' ? 'int64' : found === 'number' ? 'float64' : '', format);
  else if (isNumeric) result.failType(path, found, types.join(','));
  return result.errors.length === before;
}

function checkCombinations(value: Json, { anyOf = [], oneOf = [], allOf = [], not }: CustomSchema, path: string, old: Old | undefined, result: Result): void {
  const say = (text: string) => result.add(invalid('<nil>', '', `${goQuote(path)} ${text}`));
  const results = (schemas: readonly CustomSchema[]): readonly Result[] => schemas.map((one) => check(value, one, path, old));
  const isValid = ({ errors }: Result): boolean => errors.length === 0;
  if (anyOf.length > 0) {
    const all = results(anyOf);
    const valid = all.find(isValid);
    if (valid === undefined) say('must validate at least one schema (anyOf)');
    result.merge(valid ?? nearest(all));
  }
  if (oneOf.length > 0) {
    const all = results(oneOf);
    const [valid, ...others] = all.filter(isValid);
    if (valid === undefined) say('must validate one and only one schema (oneOf). Found none valid');
    else if (others.length > 0) say(`must validate one and only one schema (oneOf). Found ${1 + others.length} valid alternatives`);
    if (others.length === 0) result.merge(valid ?? nearest(all));
  }
  if (allOf.length > 0) {
    const all = results(allOf);
    for (const one of all) result.merge(one);
    if (!all.every(isValid)) say(`must validate all the schemas (allOf)${all.some(isValid) ? '' : '. None validated'}`);
  }
  if (not !== undefined && isValid(check(value, not, path, old))) say('must not validate the schema (not)');
  result.matches += 1;
}

/** What went best of what went wrong. */
const nearest = (results: readonly Result[]): Result => results.reduce((best, one) => (one.matches > best.matches ? one : best));

/** The first that is wrong is the only one. */
function checkString(value: string, { maxLength, minLength, pattern }: CustomSchema, path: string, result: Result): void {
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) result.add(tooLong(shown(path), maxLength));
  else if (minLength !== undefined && length < minLength) result.fail(path, value, `should be at least ${minLength} chars long`);
  else if (pattern !== undefined && !matches(pattern, value)) result.fail(path, value, `should match '${pattern}'`);
}

/** A whole number's bounds are whole, whatever the schema says. */
function checkNumber(value: number, schema: CustomSchema, path: string, result: Result): void {
  const boundOf = (bound: number | undefined) => (bound !== undefined && Number.isInteger(value) ? Math.trunc(bound) : bound);
  const [factor, maximum, minimum] = [boundOf(schema.multipleOf), boundOf(schema.maximum), boundOf(schema.minimum)];
  if (factor !== undefined && factor <= 0) result.add(invalid(shown(path), factor, `factor MultipleOf declared for ${path} must be positive: ${factor}`));
  else if (factor !== undefined && !isMultiple(value, factor)) result.fail(path, value, `should be a multiple of ${factor}`);
  if (minimum !== undefined && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum))
    result.fail(path, value, `should be greater than ${schema.exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`);
  if (maximum !== undefined && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum))
    result.fail(path, value, `should be less than ${schema.exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`);
  result.matches += 1;
}

const isMultiple = (value: number, factor: number): boolean =>
  Number.isInteger(value) ? value % factor === 0 : isAlmostWhole(factor < 1 ? (1 / factor) * value : value / factor);

/** go-openapi/swag IsFloat64AJSONInteger: a little above it is as good. */
function isAlmostWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(value);
  return value === whole || (whole > 0 && (value - whole) / (value + whole) < 1e-9);
}

function checkArray(value: readonly unknown[], { items, minItems, maxItems }: CustomSchema, path: string, old: Old | undefined, result: Result): void {
  if (items !== undefined) for (const [i, item] of value.entries()) result.merge(checkKept(item, items, index(path, i), oldItem(item, old)));
  if (minItems !== undefined && value.length < minItems) result.fail(path, value.length, `should have at least ${minItems} items`);
  if (maxItems !== undefined && value.length > maxItems) result.add(tooMany(shown(path), value.length, maxItems));
  result.matches += 1;
}

function checkObject(value: Readonly<Record<string, unknown>>, schema: CustomSchema, path: string, old: Old | undefined, result: Result): void {
  const keys = Object.keys(value);
  const { minProperties, maxProperties } = schema;
  if (minProperties !== undefined && keys.length < minProperties) result.fail(path, keys.length, `should have at least ${minProperties} properties`);
  if (maxProperties !== undefined && keys.length > maxProperties) result.add(tooMany(shown(path), keys.length, maxProperties));
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const key of keys.sort()) {
    const property = propertyOf(schema, key) ?? valuesOf(schema);
    // An object of another version is shown in this one: that it is, nobody has changed.
    const before = path === '' && (key === 'apiVersion' || key === 'kind') ? undefined : oldMember(key, old);
    if (property !== undefined) result.merge(checkKept(value[key], property, at(key), before));
  }
  for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) result.add(required(at(key)));
}

function oldMember(key: string, old: Old | undefined): Old | undefined {
  if (!isMap(old?.value) || !Object.hasOwn(old.value, key)) return undefined;
  const schema = propertyOf(old.schema, key) ?? valuesOf(old.schema);
  return schema === undefined ? undefined : { value: old.value[key], schema };
}

/** Of lists that are maps alone it can be told which item was which. */
function oldItem(item: unknown, old: Old | undefined): Old | undefined {
  if (!Array.isArray(old?.value) || !isMap(item) || old.schema['x-kubernetes-list-type'] !== 'map' || old.schema.items === undefined) return undefined;
  const keys = old.schema['x-kubernetes-list-map-keys'] ?? [];
  const value: unknown = old.value.find((one) => isMap(one) && keys.every((key) => isEqual(one[key], item[key])));
  return value === undefined ? undefined : { value, schema: old.schema.items };
}

/** CachedDeepEqual: what no schema tells of counts as changed. */
function isKept(value: unknown, old: Old): boolean {
  const isWithin = (inner: unknown, before: Old | undefined): boolean => before !== undefined && isKept(inner, before);
  if (Array.isArray(value) && Array.isArray(old.value)) {
    if (old.schema['x-kubernetes-list-type'] !== 'map') return isEqual(value, old.value);
    return value.length === old.value.length && value.every((item) => isWithin(item, oldItem(item, old)));
  }
  if (!isMap(value) || !isMap(old.value)) return isEqual(value, old.value);
  const keys = Object.keys(value);
  return keys.length === Object.keys(old.value).length && keys.every((key) => isWithin(value[key], oldMember(key, old)));
}

/** A bad value as a field error shows it. */
const plain = (value: unknown): Parameters<typeof invalid>[1] =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : goSyntax(goSyntaxOf(value));
const enumText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function matches(pattern: string, value: string): boolean {
  const parsed = parseGoRegExp(pattern);
  return 'problem' in parsed || parsed.test(value);
}

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
