/**
 * Objects with their members in the order of Go's structs: what `-o json` prints of objects that kubectl decoded into its own types
 * (encoding/json writes a struct's fields as they are declared, a map's sorted).
 */
import type { Json, JsonObject } from '../api/object.js';
import { isMap } from './manifests.js';

/** The fields of the API's types as declared: lines of `"core.v1.Pod":{"1":["metadata","apis.meta.v1.ObjectMeta"],…}`, '' for inlined ones. */
export class Structs {
  private readonly lines: ReadonlyMap<string, string>;

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
    const { apiVersion, kind } = object as { apiVersion?: string; kind?: string };
    const [group = '', version = ''] = apiVersion?.includes('/') === true ? apiVersion.split('/') : ['core', apiVersion];
    return this.ordered(`${group.split('.')[0]}.${version}.${kind}`, object as Json) as T;
  }

  private ordered(type: string, value: Json): Json {
    if (Array.isArray(value)) return value.map((item: Json) => this.ordered(type.slice('[]'.length), item));
    if (!isMap(value)) return value;
    if (type.startsWith('map:')) return sorted(value, (item) => this.ordered(type.slice(4), item));
    const fields = this.fieldsOf(type);
    if (fields === undefined) return sorted(value, (item) => item);
    // TypeMeta comes first where it is inlined; a reference has such fields of its own.
    const typeMeta = ['kind', 'apiVersion'].filter((name) => !fields.has(name));
    const known = [...typeMeta, ...fields.keys()].filter((name) => value[name] !== undefined);
    const others = Object.keys(value).filter((name) => !known.includes(name));
    return Object.fromEntries([...new Set([...known, ...others])].map((name) => [name, this.ordered(fields.get(name) ?? '', value[name] as Json)]));
  }

  private fieldsOf(type: string): ReadonlyMap<string, string> | undefined {
    const line = this.lines.get(type);
    if (line === undefined) return undefined;
    const fields = [...line.matchAll(/\["([^"]*)","([^"]*)"\]/g)].map(([, name, of]) => [name as string, of as string] as const);
    return new Map(fields.flatMap(([name, of]) => (name === '' ? [...(this.fieldsOf(of) ?? [])] : [[name, of] as const])));
  }
}

function sorted(map: JsonObject, of: (item: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.keys(map)
      .sort((a, b) => (a < b ? -1 : 1))
      .map((key) => [key, of(map[key] as Json)]),
  );
}
