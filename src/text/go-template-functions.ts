/** The functions templates can call: package text/template (funcs.go), and kubectl's own `exists` and `base64decode` (cli-runtime pkg/printers/template.go). */
import { goValue } from './go-format.js';
import { GoFloat, isInt, printed, sprint, sprintf, sprintln, typeName } from './go-printf.js';
import { TextError } from './text-error.js';

/** What a template handles: see go-printf.ts; undefined is what is not there. */
export type Value = unknown;
export interface TemplateFunction {
  /** Fewest and most arguments. */
  readonly least: number;
  readonly most: number;
  /** Arguments that must be strings, by position. */
  readonly strings?: readonly number[];
  /** `callee`: how the first argument stands in the template. Throws TextError. */
  call(args: readonly Value[], callee: string): Value;
}

const ANY = Number.POSITIVE_INFINITY;
type Map = Readonly<Record<string, unknown>>;
export const isMap = (value: Value): value is Map => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof GoFloat);
const isMissing = (value: Value): boolean => value === null || value === undefined;

/** Empty, zero, false and missing are not. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  if (value instanceof GoFloat) return value.value !== 0;
  return value !== null && value !== undefined && value !== '' && value !== false && value !== 0 && value !== 0n;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function index([item, ...keys]: readonly Value[]): Value {
  let at = item;
  if (isMissing(at)) throw new TextError('index of untyped nil');
  for (const key of keys) {
    if (isMissing(at)) throw new TextError('index of nil pointer');
    if (Array.isArray(at)) at = at[position(key, at.length, false)];
    else if (typeof at === 'string') {
      const bytes = bytesOf(at);
      at = BigInt(bytes[position(key, bytes.length, false, 'string')] as number);
    } else if (isMap(at)) {
      if (isMissing(key)) throw new TextError('value is nil; should be of type string');
      if (typeof key !== 'string') throw new TextError(`value has type ${typeName(key)}; should be string`);
      at = Object.hasOwn(at, key) ? at[key] : null;
    } else throw new TextError(`can't index item of type ${typeName(at)}`);
  }
  return at;
}

/** `isSlice`: the end itself is a place. */
function position(key: Value, length: number, isSlice: boolean, what = 'slice'): number {
  if (isMissing(key)) throw new TextError('cannot index slice/array with nil');
  if (!isInt(key)) throw new TextError(`cannot index slice/array with type ${typeName(key)}`);
  const at = Number(key);
  if (at < 0 || at > length) throw new TextError(`index out of range: ${key}`);
  // Upstream lets the length itself through, and reflect panics.
  if (at === length && !isSlice) throw new TextError(`reflect: ${what} index out of range`);
  return at;
}

function slice([item, ...keys]: readonly Value[]): Value {
  if (isMissing(item)) throw new TextError('slice of untyped nil');
  if (keys.length > 3) throw new TextError(`too many slice indexes: ${keys.length}`);
  if (typeof item === 'string') {
    if (keys.length === 3) throw new TextError('cannot 3-index slice a string');
    const bytes = bytesOf(item);
    const [from, to] = bounds(keys, bytes.length);
    return new TextDecoder().decode(bytes.slice(from, to));
  }
  if (!Array.isArray(item)) throw new TextError(`can't slice item of type ${typeName(item)}`);
  const [from, to] = bounds(keys, item.length);
  return item.slice(from, to);
}

function bounds(keys: readonly Value[], length: number): readonly [number, number] {
  const [from = 0, to = length, end = length] = keys.map((key) => position(key, length, true));
  if (from > to) throw new TextError(`invalid slice index: ${from} > ${to}`);
  if (to > end) throw new TextError(`invalid slice index: ${to} > ${end}`);
  return [from, to];
}

function length([item]: readonly Value[]): Value {
  if (item === undefined) throw new TextError('reflect: call of reflect.Value.Type on zero Value');
  if (item === null) throw new TextError('len of nil pointer');
  if (typeof item === 'string') return BigInt(bytesOf(item).length);
  if (Array.isArray(item)) return BigInt(item.length);
  if (isMap(item)) return BigInt(Object.keys(item).length);
  throw new TextError(`len of type ${typeName(item)}`);
}

type Kind = 'bool' | 'int' | 'float' | 'string' | 'other';
function kindOf(value: Value): Kind {
  if (isInt(value)) return 'int';
  if (typeof value === 'number' || value instanceof GoFloat) return 'float';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'other';
}
const BAD_COMPARISON = 'incompatible types for comparison';
const BAD_TYPE = 'invalid type for comparison';

const plain = (value: Value): Value => (value instanceof GoFloat ? value.value : value);

function equal([first, ...others]: readonly Value[]): boolean {
  if (others.length === 0) throw new TextError('missing argument for comparison');
  const kind = kindOf(first);
  for (const other of others) {
    if (kind !== kindOf(other)) {
      if (!isMissing(first) && !isMissing(other)) throw new TextError(BAD_COMPARISON);
    } else if (kind !== 'other') {
      // biome-ignore lint/suspicious/noDoubleEquals: an int equals an int64
      if (plain(first) == plain(other)) return true;
    } else if (isMissing(first) || isMissing(other)) {
      if (isMissing(first) && isMissing(other)) return true;
    } else throw new TextError(`non-comparable type ${goValue(first)}: ${typeName(first)}`);
  }
  return false;
}

function less(a: Value, b: Value): boolean {
  const kind = kindOf(a);
  if (kind === 'other' || kindOf(b) === 'other') throw new TextError(BAD_TYPE);
  if (kind !== kindOf(b)) throw new TextError(BAD_COMPARISON);
  if (kind === 'bool') throw new TextError(BAD_TYPE);
  return (plain(a) as number) < (plain(b) as number);
}
const compare = (test: (a: Value, b: Value) => boolean): TemplateFunction => ({ least: 2, most: 2, call: ([a, b]) => test(a, b) });

const HTML: Readonly<Record<string, string>> = { '\0': '\ufffd', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const JS: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '"': '\\"', '<': '\\u003C', '>': '\\u003E', '&': '\\u0026', '=': '\\u003D' };
/** evalArgs: a single string as it is, anything else as Sprint prints it. */
const textOf = (args: readonly Value[]): string => (args.length === 1 && typeof args[0] === 'string' ? args[0] : sprint(args.map((arg) => arg ?? null)));

function jsEscape(text: string): string {
  return text.replace(/[\\'"<>&=]|[\0-\u001f]|[^\u0020-\u007e]/gu, (char) => {
    const known = JS[char];
    if (known !== undefined) return known;
    const code = char.codePointAt(0) as number;
    if (code < 0x20) return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return /[\p{C}\p{Z}]/u.test(char) ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}` : char;
  });
}

function base64decode([text]: readonly Value[]): Value {
  const source = text as string;
  const plain = source.replace(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]|=(?!=?$)/.exec(plain);
  if (bad !== null) throw new TextError(`base64 decode failed: illegal base64 data at input byte ${bad.index}`);
  if (plain.length % 4 !== 0) throw new TextError(`base64 decode failed: illegal base64 data at input byte ${plain.length - (plain.length % 4)}`);
  return new TextDecoder().decode(Uint8Array.from(atob(plain), (char) => char.charCodeAt(0)));
}

function exists([item, ...keys]: readonly Value[]): boolean {
  let at = item;
  for (const key of keys) {
    if (isMissing(at)) return false;
    if (Array.isArray(at) || typeof at === 'string') {
      if (!isInt(key) || key < 0 || key >= at.length) return false;
      at = at[Number(key)];
    } else if (isMap(at)) {
      if (typeof key !== 'string') return false;
      at = Object.hasOwn(at, key) ? at[key] : null;
    } else return false;
  }
  return keys.length === 0 || !isMissing(at);
}

/** `and` and `or` are not here: they do not look at all their arguments. */
export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  call: {
    least: 1,
    most: ANY,
    call: ([value], callee) => {
      throw new TextError(isMissing(value) ? 'call of nil' : `non-function ${callee} of type ${typeName(value)}`);
    },
  },
  html: { least: 0, most: ANY, call: (args) => textOf(args).replace(/[\0"'&<>]/g, (char) => HTML[char] as string) },
  index: { least: 1, most: ANY, call: index },
  slice: { least: 1, most: ANY, call: slice },
  js: { least: 0, most: ANY, call: (args) => jsEscape(textOf(args)) },
  len: { least: 1, most: 1, call: length },
  not: { least: 1, most: 1, call: ([value]) => !isTrue(value) },
  print: { least: 0, most: ANY, call: (args) => sprint(args.map((arg) => arg ?? null)) },
  printf: { least: 1, most: ANY, strings: [0], call: ([format, ...args]) => sprintf(format as string, args) },
  println: { least: 0, most: ANY, call: (args) => sprintln(args.map((arg) => arg ?? null)) },
  urlquery: {
    least: 0,
    most: ANY,
    call: (args) =>
      encodeURIComponent(textOf(args))
        .replace(/%20/g, '+')
        .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
  },
  eq: { least: 1, most: ANY, call: equal },
  ge: compare((a, b) => !less(a, b)),
  gt: compare((a, b) => !less(a, b) && !equal([a, b])),
  le: compare((a, b) => less(a, b) || equal([a, b])),
  lt: compare(less),
  ne: compare((a, b) => !equal([a, b])),
  exists: { least: 1, most: ANY, call: exists },
  base64decode: { least: 1, most: 1, strings: [0], call: base64decode },
};

export const FUNCTION_NAMES: ReadonlySet<string> = new Set([...Object.keys(FUNCTIONS), 'and', 'or']);
export { printed, typeName };
