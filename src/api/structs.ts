/**
 * The API's types as Go declares them: which fields a struct has, in which order (encoding/json writes them as they are declared, a
 * map's sorted), and of what type they are.
 */
import { isJsonObject } from './json-data.js';
import { jsonKind } from './json-patch.js';
import type { Json, JsonObject } from './object.js';

/** Field → its type: `string`, `[]core.v1.Container`, `map:string`, `core.v1.PodSpec`. */
export type Fields = ReadonlyMap<string, string>;

/** The fields of the API's types as declared: lines of `"core.v1.Pod":{"1":["metadata","apis.meta.v1.ObjectMeta"],…}`, '' for inlined ones. */
export class Structs {
  private readonly lines: ReadonlyMap<string, string>;
  private readonly read = new Map<string, Fields | undefined>();

  constructor(table: string) {
    this.lines = new Map(
      table.split('\n').flatMap((line) => {
        const name = /^"([^"]+)":/.exec(line)?.[1];
        return name === undefined ? [] : [[name, line] as const];
      }),
    );
  }

  /** An object with its kind; one of no known kind stays as it is. */
  inOrder<T>(object: T): T {
    return this.ordered(typeNameOf(object), object as Json) as T;
  }

  /** Whether the API has such a kind. */
  knows(object: object): boolean {
    return this.lines.has(typeNameOf(object));
  }

  /** Without the fields that Go's type does not have, as its decoder leaves them. `type`: for what is no object of its own. */
  decoded<T>(value: T, type?: string): T {
    const { kind: _, apiVersion: __, ...rest } = value as JsonObject;
    return (type === undefined ? this.withKnown(typeNameOf(value), value as Json) : this.withKnown(type, rest)) as T;
  }

  /** What Go's decoder says of the first value that its type cannot hold; undefined: all is well. */
  typeError(object: object): string | undefined {
    return this.mismatch(typeNameOf(object), object as Json, '', []);
  }

  private mismatch(type: string, value: Json | undefined, struct: string, path: readonly string[]): string | undefined {
    if (value === null || value === undefined) return undefined;
    const wanted = jsonKindOf(type, this.fieldsOf(type) !== undefined);
    if (wanted === undefined) return undefined;
    if (jsonKind(value) !== wanted)
      return `json: cannot unmarshal ${jsonKind(value)} into Go struct field ${[struct, ...path].join('.')} of type ${goName(type)}`;
    if (Array.isArray(value)) return firstOf(value, (item) => this.mismatch(type.slice('[]'.length), item as Json, struct, path));
    if (!isJsonObject(value)) return undefined;
    const fields = this.fieldsOf(type);
    const own = type.slice(type.lastIndexOf('.') + 1);
    return firstOf(Object.keys(value).sort(), (key) =>
      fields === undefined
        ? this.mismatch(type.slice('map:'.length), value[key], struct, path)
        : this.mismatch(fields.get(key) ?? '', value[key], own, [...path, key]),
    );
  }

  private withKnown(type: string, value: Json): Json {
    if (Array.isArray(value)) return value.map((item: Json) => this.withKnown(type.slice('[]'.length), item));
    const isMapType = type.startsWith('map:');
    const fields = this.fieldsOf(type);
    if (!isJsonObject(value) || (fields === undefined && !isMapType)) return value;
    const known = Object.entries(value).filter(([name]) => fields === undefined || fields.has(name) || name === 'kind' || name === 'apiVersion');
    return Object.fromEntries(known.map(([name, one]) => [name, this.withKnown(isMapType ? type.slice(4) : (fields?.get(name) ?? ''), one as Json)]));
  }

  private ordered(type: string, value: Json): Json {
    if (Array.isArray(value)) return value.map((item: Json) => this.ordered(type.slice('[]'.length), item));
    if (!isJsonObject(value)) return value;
    if (type.startsWith('map:')) return sorted(value, (item) => this.ordered(type.slice(4), item));
    const fields = this.writtenFieldsOf(type);
    if (fields === undefined) return sorted(value, (item) => this.ordered('', item));
    const known = [...fields.keys()].filter((name) => value[name] !== undefined);
    const others = Object.keys(value).filter((name) => !known.includes(name));
    return Object.fromEntries([...new Set([...known, ...others])].map((name) => [name, this.ordered(fields.get(name) ?? '', value[name] as Json)]));
  }

  /** In the order in which they are declared; undefined: it is no struct. */
  fieldsOf(type: string): Fields | undefined {
    if (!this.read.has(type)) this.read.set(type, this.readFields(type));
    return this.read.get(type);
  }

  /** As they are written: TypeMeta comes first where it is inlined; a reference has such fields of its own. */
  writtenFieldsOf(type: string): Fields | undefined {
    const fields = this.fieldsOf(type);
    return fields && new Map([...TYPE_META.filter((name) => !fields.has(name)).map((name) => [name, 'string'] as const), ...fields]);
  }

  private readFields(type: string): Fields | undefined {
    const line = this.lines.get(type);
    // What is kept raw is of no type
    if (line === undefined || type === 'runtime.RawExtension' || type === 'apiextensions.v1.JSON') return undefined;
    const fields = [...line.matchAll(/\["([^"]*)","([^"]*)"\]/g)].map(([, name, of]) => [name as string, of as string] as const);
    return new Map(fields.flatMap(([name, of]) => (name === '' ? [...(this.fieldsOf(of) ?? [])] : [[name, of] as const])));
  }
}

const TYPE_META = ['kind', 'apiVersion'];

/** What JSON a Go type is made of; undefined: it reads it in its own way. */
function jsonKindOf(type: string, isStruct: boolean): ReturnType<typeof jsonKind> | undefined {
  if (type === '[]byte' || /(^|\.)(Time|MicroTime|Duration|Quantity|IntOrString|RawExtension|FieldsV1)$/.test(type)) return undefined;
  if (type.startsWith('[]')) return 'array';
  if (isStruct || type.startsWith('map:')) return 'object';
  if (type === 'string' || type === 'bool') return type;
  return /^(int|uint|float)\d+$/.test(type) ? 'number' : undefined;
}

/** `[]v1.Container`, `map[string]string`. */
function goName(type: string): string {
  if (type.startsWith('[]')) return `[]${goName(type.slice(2))}`;
  return type.startsWith('map:') ? `map[string]${goName(type.slice(4))}` : type.split('.').slice(-2).join('.');
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `core.v1.Pod`. */
export function typeNameOf(object: unknown): string {
  const { apiVersion, kind } = object as { apiVersion?: string; kind?: string };
  const [group = '', version = ''] = apiVersion?.includes('/') === true ? apiVersion.split('/') : ['core', apiVersion];
  return `${group.split('.')[0]}.${version}.${kind}`;
}

function sorted(map: JsonObject, of: (item: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.keys(map)
      .sort((a, b) => (a < b ? -1 : 1))
      .map((key) => [key, of(map[key] as Json)]),
  );
}
