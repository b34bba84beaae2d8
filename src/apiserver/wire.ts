/**
 * Answers as they go over the wire: JSON as Go's encoding/json writes the API's types (fields as they are declared, keys of maps sorted,
 * `<`, `>` and `&` escaped), on one line or, for who reads it with their own eyes, indented.
 */
import { once } from '../api/once.js';
import { Structs, typeNameOf } from '../api/structs.js';
import type { ApiRequest, ApiResponse } from '../api/transport.js';
import { byBytes, quote } from '../text/go-json-writer.js';

type Asked = Pick<ApiRequest, 'path' | 'headers'>;
type Members = Readonly<Record<string, unknown>>;

/** `key`: the name between quotes. */
interface Struct {
  readonly fields: readonly { readonly name: string; readonly key: string; readonly type: string }[];
  readonly names: ReadonlySet<string>;
}

/** Of no type that the table has: members stay in the order they have, and what has a kind of its own is written as that. */
const UNTYPED = 'untyped';
/** What is a map in Go: custom resources. */
const MAP = 'map:';
const META = /^(?:meta\.k8s\.io\/)?v1(?:beta1)?$/;
/** The API's own groups; all others are those of custom resources. */
const OWN_GROUP = /^(?:[^./]+\/)?v\d\w*$|\.k8s\.io\//;

export class Wire {
  private readonly structs: () => Structs;
  private readonly known = new Map<string, Struct | undefined>();

  /** `table`: the fields of the API's types (fixtures/protobuf-fields.json as text), read when the first answer is written. */
  constructor(table: () => string) {
    this.structs = once(() => new Structs(table()));
  }

  /** The answer with text instead of values. What is text already (logs, what a proxy hands on) stays as it is. */
  answer(request: Asked, response: ApiResponse): ApiResponse {
    const { body } = response;
    if (!isTree(body)) return response;
    if (Symbol.asyncIterator in body) return { ...response, body: this.lines(body as AsyncIterable<unknown>) };
    return { ...response, body: this.text(body, request) };
  }

  /** A line, or indented without a line break at its end. */
  text(value: unknown, request: Asked): string {
    return isPretty(request) ? this.write(UNTYPED, value, '\n') : this.line(value);
  }

  private line(value: unknown): string {
    return `${this.write(UNTYPED, value, '')}\n`;
  }

  private async *lines(chunks: AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
    for await (const chunk of chunks) yield isTree(chunk) ? this.line(chunk) : chunk;
  }

  /** `newline`: with the indentation so far; empty: all on one line. */
  private write(type: string, value: unknown, newline: string): string {
    if (typeof value === 'string') return quote(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
    const inner = newline === '' ? '' : `${newline}  `;
    const found = Array.isArray(value)
      ? this.items(type.startsWith('[]') ? type.slice('[]'.length) : type, value, inner)
      : this.members(type === UNTYPED ? this.typeOf(value) : type, value as Members, newline === '' ? ':' : ': ', inner);
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    return found === '' ? `${open}${close}` : `${open}${found}${newline}${close}`;
  }

  private items(type: string, items: readonly unknown[], newline: string): string {
    let text = '';
    for (const item of items) text += `${text === '' ? '' : ','}${newline}${this.write(type, item, newline)}`;
    return text;
  }

  private members(type: string, value: Members, colon: string, newline: string): string {
    const struct = this.structOf(type);
    let text = '';
    const add = (key: string, of: string, member: unknown) => {
      if (member !== undefined) text += `${text === '' ? '' : ','}${newline}${key}${colon}${this.write(of, member, newline)}`;
    };
    if (struct === undefined) {
      const of = type.startsWith(MAP) ? type.slice(MAP.length) || MAP : type;
      const names = Object.keys(value);
      for (const name of type === UNTYPED ? names : names.sort(byBytes)) add(quote(name), of, value[name]);
      return text;
    }
    for (const { name, key, type: of } of struct.fields) add(key, of, value[name]);
    for (const name in value) if (!struct.names.has(name)) add(quote(name), UNTYPED, value[name]);
    return text;
  }

  private typeOf(value: object): string {
    const { kind, apiVersion } = value as Members;
    if (typeof kind !== 'string' || typeof apiVersion !== 'string') return UNTYPED;
    const own = typeNameOf(value);
    const ofMeta = META.test(apiVersion) ? `apis.meta.v1.${kind}` : own;
    return [own, ofMeta].find((type) => this.structs().fieldsOf(type) !== undefined) ?? (OWN_GROUP.test(apiVersion) ? UNTYPED : MAP);
  }

  private structOf(type: string): Struct | undefined {
    if (!this.known.has(type)) this.known.set(type, this.readStruct(type));
    return this.known.get(type);
  }

  private readStruct(type: string): Struct | undefined {
    const written = this.structs().writtenFieldsOf(type);
    if (written === undefined) return undefined;
    const fields = [...written].map(([name, of]) => ({ name, key: quote(name), type: of }));
    return { fields, names: new Set(written.keys()) };
  }
}

/** Who reads with their own eyes (apiserver handlers/negotiation isPrettyPrint). */
function isPretty({ path, headers }: Asked): boolean {
  const asked = new URLSearchParams(path.split('?')[1] ?? '').get('pretty');
  if (asked !== null && asked !== '') return /^(?:1|t|true)$/i.test(asked);
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '');
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
