/**
 * From JSON to an API object of a known kind, as Go's decoder does it (sigs.k8s.io/json, apimachinery serializer/json): type
 * errors in its words, unknown fields reported and dropped, zero values of omitempty fields dropped, quantities and times in
 * canonical form. Keys are data: `__proto__` and `constructor` mean nothing.
 */
import { noteEmpty } from '../api/given.js';
import { type Data, has, isMap, own, put } from '../api/json-data.js';
import { jsonKind } from '../api/json-patch.js';
import type { JsonObject } from '../api/object.js';
import type { AnyResource, SchemaDefinition, SchemaField, Schemas } from '../api/resource.js';
import { elementType, fieldType, structName, structType } from './decode/go-types.js';
import { isInteger, type Read, readBytes, readIntOrString, readQuantity, readTime } from './decode/scalars.js';

export interface Decoded {
  /** Without unknown fields. Meaningless when there is an `error`. */
  readonly value: Data;
  /** `unknown field "spec.foo"`, in order of appearance. */
  readonly strict: readonly string[];
  /** What makes it unreadable: wins over `strict`. */
  readonly error?: string;
}

export interface DecodeOptions {
  /** Go through keys in sorted order, as Go's encoder would have written them (the value was never text). */
  readonly sorted?: boolean;
  /** Texts of runtime.DefaultUnstructuredConverter instead of the JSON decoder's: strategic merge patches go through it. */
  readonly converter?: boolean;
}

/** The most strict errors one body gets (sigs.k8s.io/json). */
const MAX_STRICT = 100;

export function decodeObject(schemas: Schemas, schema: string, value: unknown, options: DecodeOptions = {}): Decoded {
  const definition = schemas[schema];
  if (definition === undefined) throw new Error(`no schema ${schema}`);
  const decoder = new Decoder(schemas, options);
  try {
    const decoded = decoder.struct(schema, definition, value, '') as Data;
    return { value: decoded, strict: decoder.strict, ...(decoder.saved === undefined ? {} : { error: decoder.saved }) };
  } catch (error) {
    if (error instanceof Abort) return { value: {}, strict: decoder.strict, error: error.message };
    throw error;
  }
}

/** As the kind has it: built-in kinds go by their schema; of custom resources what theirs does not know is taken out, and the types are judged later. */
export function decodeAs(schemas: Schemas, resource: Pick<AnyResource, 'schema' | 'custom'>, value: unknown, options: DecodeOptions = {}): Decoded {
  const { custom } = resource;
  if (custom === undefined) return decodeObject(schemas, resource.schema, value, options);
  const given = isMap(value) ? value : {};
  const metadata = decodeObject(schemas, 'V1ObjectMeta', own(given, 'metadata'), options);
  const embedded: string[] = [];
  const { object, unknown } = custom.prune(given as JsonObject, (value, path) => {
    const decoded = decodeObject(schemas, 'V1ObjectMeta', value, options);
    // Of what cannot be read it is said later.
    if (decoded.error !== undefined) return value;
    embedded.push(...decoded.strict.map((text) => text.replace('"', `"${path}.`)));
    return decoded.value;
  });
  const strict = [
    ...metadata.strict.map((text) => text.replace('"', '"metadata.')),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
    ...embedded.sort(),
  ];
  return { value: { ...object, metadata: metadata.value }, strict, ...(metadata.error === undefined ? {} : { error: metadata.error }) };
}

/** An error that ends decoding at once; type mismatches are only noted, and the first one counts. */
class Abort extends Error {}

/** What a field holds when nothing is to be written. */
const NOTHING = Symbol('nothing');

class Decoder {
  readonly strict: string[] = [];
  saved: string | undefined;
  /** What the first mismatch was. */
  noted: readonly [found: string, type: string, converterText: string] | undefined;
  /** Go's errorContext: the struct and the fields on the way, without indexes. */
  private structName = '';
  private readonly fields: string[] = [];

  constructor(
    private readonly schemas: Schemas,
    private readonly options: DecodeOptions,
  ) {}

  struct(name: string, definition: SchemaDefinition, value: unknown, path: string): unknown {
    if (!isMap(value)) {
      if (value === null || value === undefined) return this.struct(name, definition, {}, path);
      this.mismatch(value, structType(name), `cannot restore struct from: ${goKind(value)}`);
      return {};
    }
    const outer = this.structName;
    const out: Record<string, unknown> = {};
    const keys = this.options.sorted ? Object.keys(value).sort() : Object.keys(value);
    for (const key of keys) {
      const field = has(definition.fields, key) ? definition.fields[key] : undefined;
      const at = path === '' ? key : `${path}.${key}`;
      if (field === undefined) {
        if (this.strict.length < MAX_STRICT) this.strict.push(`unknown field ${JSON.stringify(at)}`);
        continue;
      }
      this.structName = structName(name);
      this.fields.push(key);
      const decoded = this.field(field, value[key], at);
      this.fields.pop();
      if (decoded !== NOTHING) out[key] = decoded;
      if (field.container === undefined ? field.type === 'byte' && value[key] === '' : isEmpty(value[key])) noteEmpty(out, key);
    }
    this.structName = outer;
    return this.withZeros(definition, out);
  }

  /** What a struct that was not given looks like. */
  private emptyStruct(name: string): Data {
    return this.withZeros(this.schemas[name], {});
  }

  /** Adds what Go's encoder writes even when it was not given. */
  private withZeros(definition: SchemaDefinition | undefined, out: Record<string, unknown>): Record<string, unknown> {
    for (const key in definition?.fields) {
      const field = definition.fields[key] as SchemaField;
      if (has(out, key)) continue;
      const isStruct = field.container === undefined && this.schemas[field.type] !== undefined;
      const zero = field.always ? (isStruct ? this.emptyStruct(field.type) : unsetOf(field)) : field.required && !field.pointer ? zeroOf(field) : undefined;
      if (zero !== undefined) out[key] = zero;
    }
    return out;
  }

  private field(field: SchemaField, value: unknown, path: string): unknown {
    if (value === null || value === undefined) return NOTHING;
    if (field.container === 'list') return this.list(field, value, path);
    if (field.container !== undefined) return this.map(field, value, path);
    const decoded = this.element(field, value, path);
    return !field.pointer && !field.required && (decoded === '' || decoded === 0 || decoded === false) && isPlain(field.type) ? NOTHING : decoded;
  }

  private list(field: SchemaField, value: unknown, path: string): unknown {
    if (!Array.isArray(value)) {
      this.mismatch(value, fieldType(this.schemas, field), `cannot restore slice from ${goKind(value)}`);
      return NOTHING;
    }
    // An empty list of owners says that there is to be none.
    if (value.length === 0 && !field.required && path !== 'metadata.managedFields') return NOTHING;
    return value.map((item, i) => this.element(field, item, `${path}[${i}]`));
  }

  private map(field: SchemaField, value: unknown, path: string): unknown {
    if (!isMap(value)) {
      this.mismatch(value, fieldType(this.schemas, field), `cannot restore map from ${goKind(value)}`);
      return NOTHING;
    }
    const keys = this.options.sorted ? Object.keys(value).sort() : Object.keys(value);
    if (keys.length === 0 && !field.required) return NOTHING;
    const out: Record<string, unknown> = {};
    for (const key of keys) {
      const item = value[key];
      const decoded = field.container === 'maplist' ? this.list(field, item, `${path}.${key}`) : this.element(field, item, `${path}.${key}`);
      put(out, key, decoded === NOTHING ? [] : decoded);
    }
    return out;
  }

  private element(field: SchemaField, value: unknown, path: string): unknown {
    const definition = this.schemas[field.type];
    if (definition !== undefined) return this.struct(field.type, definition, value, path);
    if (value === null || value === undefined) return ZERO[field.type] ?? null;
    switch (field.type) {
      case 'string':
        return typeof value === 'string' ? value : this.wrong(field, value, '');
      case 'boolean':
        return typeof value === 'boolean' ? value : this.wrong(field, value, false);
      case 'number':
        if (typeof value !== 'number') return this.wrong(field, value, 0);
        return field.format === 'double' || isInteger(value, field.format) ? value : this.wrong(field, value, 0);
      case 'Quantity':
        return this.read(readQuantity(value), true);
      case 'IntOrString':
        return this.read(readIntOrString(value), true);
      case 'Date':
      case 'MicroTime':
        return this.read(readTime(value, field.type === 'MicroTime'), true);
      case 'byte':
        return this.options.converter ? this.convertedBytes(value) : this.read(readBytes(value), false);
      default:
        return field.union !== undefined && typeof value === 'object' ? this.union(field.union, value, path) : plainCopy(value);
    }
  }

  /** Decoded by the type itself: what it does not know is dropped, and where it goes wrong within is not said. */
  private union(type: string, value: object, path: string): unknown {
    if (Array.isArray(value)) return value.map((item) => (isMap(item) ? this.union(type, item, path) : plainCopy(item)));
    const inner = new Decoder(this.schemas, this.options);
    const decoded = inner.struct(type, this.schemas[type] as SchemaDefinition, value, path);
    if (inner.noted !== undefined) this.note(...inner.noted);
    return decoded;
  }

  private wrong(field: SchemaField, value: unknown, zero: unknown): unknown {
    const type = elementType(this.schemas, field);
    const isInexact = typeof value === 'number' && field.type === 'number';
    this.note(isInexact ? `number ${value}` : jsonKind(value), type, converted(value, type, goBase(field)));
    return zero;
  }

  private mismatch(value: unknown, type: string, converterText: string): void {
    this.note(jsonKind(value), type, converterText);
  }

  private note(found: string, type: string, converterText: string): void {
    if (this.options.converter) throw new Abort(converterText);
    this.noted ??= [found, type, converterText];
    this.saved ??= this.text(found, type);
  }

  /** json.UnmarshalTypeError.Error(). */
  private text(found: string, type: string): string {
    return this.fields.length === 0
      ? `json: cannot unmarshal ${found} into Go value of type ${type}`
      : `json: cannot unmarshal ${found} into Go struct field ${this.structName}.${this.fields.join('.')} of type ${type}`;
  }

  /** A text goes to the JSON decoder after all; anything but a list is none. */
  private convertedBytes(value: unknown): unknown {
    if (typeof value !== 'string' && !Array.isArray(value)) throw new Abort(`cannot restore slice from ${goKind(value)}`);
    const read = readBytes(value);
    if ('error' in read) throw new Abort(`error decoding from json: ${read.error}`);
    return this.read(read, false);
  }

  private read(read: Read, aborts: boolean): unknown {
    if ('value' in read) return read.value;
    const text =
      'error' in read
        ? read.error
        : this.options.converter
          ? `json: cannot unmarshal ${read.mismatch} into Go value of type ${read.type}`
          : this.text(read.mismatch, read.type);
    if (aborts || this.options.converter) throw new Abort(text);
    this.saved ??= text;
    return '';
  }
}

const ZERO: Readonly<Record<string, unknown>> = { string: '', boolean: false, number: 0, Quantity: '0', IntOrString: 0, byte: '' };
/** What is written of a field that always is: a list, a pointer or a time that was not given is null. */
const unsetOf = (field: SchemaField): unknown => (field.container === undefined && field.pointer !== true && isPlain(field.type) ? ZERO[field.type] : null);

/** What a field without omitempty holds when nothing was given; undefined: a pointer, which is left out. */
function zeroOf(field: SchemaField): unknown {
  if (field.container === 'list') return [];
  return field.container === undefined && (isPlain(field.type) || field.type === 'IntOrString') ? ZERO[field.type] : undefined;
}

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

const isPlain = (type: string): boolean => type === 'string' || type === 'number' || type === 'boolean' || type === 'byte';

/** What Go's reflection could convert, and the converter does not, has a text of its own. */
function converted(value: unknown, type: string, base: string): string {
  const isNumber = /^int|^float/.test(base);
  if (typeof value === 'number' && (isNumber || (base === 'string' && Number.isInteger(value)))) return `cannot convert ${goKind(value)} to ${type}`;
  return `unrecognized type: ${base}`;
}

/** reflect.Kind of a decoded value. */
function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'string' ? 'string' : 'map';
}

/** The kind below a named type, as the converter prints it. */
function goBase(field: SchemaField): string {
  if (field.type === 'number') return field.format === 'double' ? 'float64' : (field.format ?? 'int64');
  return field.type === 'boolean' ? 'bool' : 'string';
}

/** Free-form JSON, taken over safely. */
function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainCopy);
  if (!isMap(value)) return value;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) put(out, key, plainCopy(value[key]));
  return out;
}
