/** jq's own functions, by their names and the number of their arguments. */
import type { Json } from './parser.js';
import {
  calculated,
  compare,
  contains,
  each,
  type Found,
  flattened,
  indexed,
  isArray,
  isObject,
  isTrue,
  JqError,
  type Path,
  put,
  recurse,
  shown,
  sortedKeys,
  textOf,
  typeOf,
} from './values.js';

/** A function at work: what came in, and its arguments, which are filters. */
export interface Call {
  readonly name: string;
  readonly arity: number;
  readonly input: Found;
  readonly variables: Readonly<Record<string, Json>>;
  /** What an argument makes of the input, one after the other. */
  found(i: number): Generator<Found>;
  /** All it makes of the input, or of another value; none if there is no such argument. */
  results(i: number, of?: Json): readonly Json[];
  /** The paths of what an argument finds in the input. */
  paths(i: number): readonly Path[];
}

/** Makes any number of values; some keep the place they were found at. */
type Generating = (call: Call) => Iterable<Found>;
/** Makes one value. */
type Making = (value: Json, call: Call) => Json;

/** undefined: there is none. */
export function functions(key: string): Generating | undefined {
  const made = MAKING.get(key);
  return made === undefined ? GENERATING.get(key) : (call) => [{ value: made(call.input.value, call) }];
}

const NOTHING: readonly never[] = [];
const ifTrue =
  (test: (value: Json, call: Call) => boolean): Generating =>
  (call) =>
    test(call.input.value, call) ? [call.input] : NOTHING;
const isOfType = ifTrue((value, { name }) => `${typeOf(value)}s` === name);

const raise: Generating = (call) => {
  throw new JqError(textOf(call.arity === 0 ? call.input.value : first(call)));
};

function* limit(call: Call): Iterable<Found> {
  let left = Number(call.results(0)[0]);
  if (!(left > 0)) return;
  for (const one of call.found(1)) {
    yield one;
    left -= 1;
    if (left <= 0) return;
  }
}

function* range(call: Call): Iterable<Found> {
  const bound = (i: number): number => Number(call.results(i)[0]);
  const [from, to] = call.arity === 1 ? [0, bound(0)] : [bound(0), bound(1)];
  for (let i = from; i < Math.min(to, from + 100_000); i += 1) yield { value: i };
}

const GENERATING: ReadonlyMap<string, Generating> = new Map<string, Generating>([
  ['empty/0', () => NOTHING],
  [
    'select/1',
    (call) =>
      call
        .results(0)
        .filter(isTrue)
        .map(() => call.input),
  ],
  ['recurse/0', ({ input }) => recurse(input)],
  [
    'first/1',
    (call) => {
      const found = call.found(0).next();
      return found.done === true ? NOTHING : [found.value];
    },
  ],
  ['limit/2', limit],
  ['range/1', range],
  ['range/2', range],
  ['getpath/1', (call) => call.results(0).map((path) => ({ value: (path as Path).reduce<Json>(indexed, call.input.value), path: path as Path }))],
  ['paths/0', ({ input }) => [...recurse({ value: input.value, path: [] })].slice(1).map(({ path = [] }) => ({ value: [...path] }))],
  ['path/1', (call) => call.paths(0).map((path) => ({ value: [...path] }))],
  ['error/0', raise],
  ['error/1', raise],
  ['values/0', ifTrue((value) => value !== null)],
  ...['arrays/0', 'objects/0', 'strings/0', 'numbers/0', 'booleans/0', 'nulls/0'].map((key) => [key, isOfType] as const),
]);

const first = (call: Call): Json => call.results(0)[0] ?? null;
/** The first argument as text. */
const word = (call: Call): string => String(call.results(0)[0]);

function text(value: Json): string {
  if (typeof value !== 'string') throw new JqError(`${typeOf(value)} (${shown(value)}) cannot be used as a string`);
  return value;
}
function list(value: Json, what: string): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${typeOf(value)} (${shown(value)}) cannot be ${what}, as it is not an array`);
  return value;
}
const inside = (call: Call): readonly Found[] => [...each(call.input)];
const members = (value: Json): readonly Found[] => [...each({ value, path: [] })];

/** In the order of their keys: what the argument makes of each, or, without one, they themselves. */
const byKey = (all: readonly Json[], call: Call): { readonly one: Json; readonly key: Json }[] =>
  all.map((one) => ({ one, key: call.arity === 0 ? one : call.results(0, one) })).sort((a, b) => compare(a.key, b.key));

function groups(all: readonly Json[], call: Call): readonly Json[][] {
  const out: Json[][] = [];
  let last: Json | undefined;
  for (const { one, key } of byKey(all, call)) {
    if (last === undefined || compare(last, key) !== 0) out.push([]);
    out.at(-1)?.push(one);
    last = key;
  }
  return out;
}

function length(value: Json): Json {
  if (typeof value === 'boolean') throw new JqError(`boolean (${value}) has no length`);
  if (value === null) return 0;
  if (typeof value === 'number') return Math.abs(value);
  return typeof value === 'string' ? [...value].length : Object.keys(value).length;
}

function keys(value: Json, { name }: Call): Json {
  if (isArray(value)) return value.map((_, i) => i);
  if (!isObject(value)) throw new JqError(`${typeOf(value)} (${shown(value)}) has no keys`);
  return name === 'keys' ? sortedKeys(value) : Object.keys(value);
}

function has(value: Json, call: Call): Json {
  const at = first(call);
  if (isObject(value) && typeof at === 'string') return Object.hasOwn(value, at);
  if (isArray(value) && typeof at === 'number') return at >= 0 && at < value.length;
  throw new JqError(`Cannot check whether ${typeOf(value)} has a ${typeof at === 'string' ? 'string' : typeOf(at)} key`);
}

function fromEntries(value: Json): Json {
  const member = (one: Json, names: readonly string[]): Json | undefined => names.map((name) => indexed(one, name)).find((own) => own !== null);
  const entries = list(value, 'entries').map((one) => [
    String(member(one, ['key', 'k', 'name', 'Name', 'Key']) ?? 'null'),
    member(one, ['value', 'v', 'Value']) ?? null,
  ]);
  return Object.fromEntries(entries) as Json;
}

function toNumber(value: Json): Json {
  if (typeof value === 'number') return value;
  const number = Number(text(value));
  if (Number.isNaN(number) || text(value).trim() === '') throw new JqError(`Cannot use string (${shown(value)}) as number`);
  return number;
}

function fromJson(value: Json): Json {
  const source = text(value);
  try {
    return JSON.parse(source) as Json;
  } catch {
    throw new JqError(`${source} (while parsing '${source}')`);
  }
}

function indexOf(value: Json, call: Call): Json {
  const at = isArray(value) ? value.findIndex((one) => compare(one, first(call)) === 0) : text(value).indexOf(word(call));
  return at < 0 ? null : at;
}

/** `flags`: the argument that has them. */
function pattern(call: Call, flags: number, always = ''): RegExp {
  const given = String(call.results(flags)[0] ?? '');
  return new RegExp(word(call), `${always}${given.replace(/[^gimsx]/g, '').replace('x', '')}u`);
}
const test: Making = (value, call) => pattern(call, 1).test(text(value));
const substitute =
  (flags = ''): Making =>
  (value, call) =>
    text(value).replace(pattern(call, 2, flags), (...found) => {
      const named: unknown = found.at(-1);
      return String(call.results(1, typeof named === 'object' && named !== null ? (named as Json) : {})[0]);
    });

function fromDate(value: Json): Json {
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw new JqError(`date "${String(value)}" does not match format "%Y-%m-%dT%H:%M:%SZ"`);
  return at / 1000;
}
const toDate: Making = (value) => new Date(Number(value) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

const sorted: Making = (value, call) => byKey(list(value, 'sorted'), call).map(({ one }) => one);
const unique: Making = (value, call) => groups(list(value, 'sorted'), call).map((group) => group[0] as Json);
const least: Making = (value, call) => byKey(list(value, 'iterated'), call)[0]?.one ?? null;
const greatest: Making = (value, call) => byKey(list(value, 'iterated'), call).at(-1)?.one ?? null;
const flatten: Making = (value, call) => flattened(list(value, 'flattened'), call.arity === 0 ? 100 : Number(call.results(0)[0]));

const MAKING: ReadonlyMap<string, Making> = new Map<string, Making>([
  ['not/0', (value) => !isTrue(value)],
  ['type/0', typeOf],
  ['length/0', length],
  ['utf8bytelength/0', (value) => Buffer.byteLength(text(value))],
  ['env/0', (_, { variables }) => variables['$ENV'] ?? {}],
  ['now/0', (_, { variables }) => Number(variables['$now'])],
  // Members and elements
  ['keys/0', keys],
  ['keys_unsorted/0', keys],
  ['has/1', has],
  ['in/1', (value, call) => call.results(0).some((one) => (isObject(one) ? Object.hasOwn(one, String(value)) : isArray(one) && Number(value) < one.length))],
  ['map/1', (_, call) => inside(call).flatMap((one) => call.results(0, one.value))],
  ['map_values/1', (value, call) => members(value).reduceRight<Json>((out, { value: one, path = [] }) => put(out, path, call.results(0, one)[0]), value)],
  ['to_entries/0', (value) => members(value).map((one) => ({ key: one.path?.[0] ?? null, value: one.value }))],
  ['from_entries/0', fromEntries],
  ['add/0', (_, call) => inside(call).reduce<Json>((sum, one) => calculated('+', sum, one.value), null)],
  ['any/0', (value) => list(value, 'iterated').some(isTrue)],
  ['all/0', (value) => list(value, 'iterated').every(isTrue)],
  ['any/1', (_, call) => inside(call).some((one) => call.results(0, one.value).some(isTrue))],
  ['all/1', (_, call) => inside(call).every((one) => call.results(0, one.value).every(isTrue))],
  ['sort/0', sorted],
  ['sort_by/1', sorted],
  ['group_by/1', (value, call) => groups(list(value, 'grouped'), call)],
  ['unique/0', unique],
  ['unique_by/1', unique],
  ['min/0', least],
  ['min_by/1', least],
  ['max/0', greatest],
  ['max_by/1', greatest],
  ['reverse/0', (value) => (typeof value === 'string' ? [...value].reverse().join('') : value === null ? [] : list(value, 'reversed').toReversed())],
  ['first/0', (value) => indexed(value, 0)],
  ['last/0', (value) => indexed(value, -1)],
  ['nth/1', (value, call) => indexed(value, first(call))],
  ['flatten/0', flatten],
  ['flatten/1', flatten],
  ['contains/1', (value, call) => contains(value, first(call))],
  ['inside/1', (value, call) => contains(first(call), value)],
  ['index/1', indexOf],
  [
    'del/1',
    (value, call) =>
      call
        .paths(0)
        .toReversed()
        .reduce<Json>((out, path) => put(out, path, undefined), value),
  ],
  // Numbers
  ['floor/0', (value) => Math.floor(Number(value))],
  ['ceil/0', (value) => Math.ceil(Number(value))],
  ['round/0', (value) => Math.round(Number(value))],
  ['sqrt/0', (value) => Math.sqrt(Number(value))],
  ['tonumber/0', toNumber],
  ['infinite/0', () => Number.MAX_VALUE],
  // Texts
  ['tostring/0', textOf],
  ['tojson/0', (value) => JSON.stringify(value)],
  ['fromjson/0', fromJson],
  ['startswith/1', (value, call) => text(value).startsWith(word(call))],
  ['endswith/1', (value, call) => text(value).endsWith(word(call))],
  ['ltrimstr/1', (value, call) => (typeof value === 'string' && value.startsWith(word(call)) ? value.slice(word(call).length) : value)],
  ['rtrimstr/1', (value, call) => (typeof value === 'string' && value.endsWith(word(call)) ? value.slice(0, value.length - word(call).length) : value)],
  ['split/1', (value, call) => (text(value) === '' ? [] : text(value).split(word(call)))],
  [
    'join/1',
    (value, call) =>
      list(value, 'iterated')
        .map((one) => (one === null ? '' : textOf(one)))
        .join(word(call)),
  ],
  ['ascii_downcase/0', (value) => text(value).toLowerCase()],
  ['ascii_upcase/0', (value) => text(value).toUpperCase()],
  ['ascii/0', (value) => String.fromCharCode(Number(value))],
  ['trim/0', (value) => text(value).trim()],
  ['test/1', test],
  ['test/2', test],
  ['sub/2', substitute()],
  ['gsub/2', substitute('g')],
  ['gsub/3', substitute('g')],
  // Dates
  ['fromdate/0', fromDate],
  ['fromdateiso8601/0', fromDate],
  ['todate/0', toDate],
  ['todateiso8601/0', toDate],
]);
