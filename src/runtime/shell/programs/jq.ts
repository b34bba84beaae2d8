/** jq(1): filters over JSON, as far as shell scripts use them. */
import type { Program, ProgramContext } from '../program.js';
import { gather } from './input.js';
import { type Filter, JqSyntaxError, type Json, type Pattern, parseFilter } from './jq-parser.js';
import { type Options, parseOptions } from './options.js';

class JqError extends Error {}
/** A function that podsim's jq has not. */
class Unknown extends Error {}

const FUNCTIONS = Symbol('functions');
type Variables = Readonly<Record<string, Json>> & { readonly [FUNCTIONS]?: Readonly<Record<string, Closure>> };
/** A definition, or a filter that was handed to one, with what is known where it stands. */
interface Closure {
  readonly params: readonly string[];
  readonly body: Filter;
  readonly scope: Variables;
  /** It knows its own name. */
  readonly isDefined?: true;
}
/** On its way to the label of that number. */
class Break extends Error {
  constructor(readonly label: Json) {
    super('break');
  }
}
/** A value, and where it is in what came in; absent: it was made. */
interface Found {
  readonly value: Json;
  readonly path?: readonly (string | number)[];
}

const isObject = (value: Json): value is { readonly [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
const typeOf = (value: Json): string => (value === null ? 'null' : isArray(value) ? 'array' : typeof value);
const isTrue = (value: Json): boolean => value !== null && value !== false;
const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 11 ? `${text.slice(0, 10)}...` : text;
};

const ORDER = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];
const rank = (value: Json): number => ORDER.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value));
const sortedKeys = (value: { readonly [key: string]: Json }): string[] => Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

function compare(a: Json, b: Json): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (isArray(a) && isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
      const by = compare(a[i] as Json, b[i] as Json);
      if (by !== 0) return by;
    }
    return a.length - b.length;
  }
  if (isObject(a) && isObject(b)) {
    const [x, y] = [sortedKeys(a), sortedKeys(b)];
    const byKeys = compare(x, y);
    if (byKeys !== 0) return byKeys;
    for (const key of x) {
      const by = compare(a[key] as Json, b[key] as Json);
      if (by !== 0) return by;
    }
  }
  return 0;
}

function indexed(value: Json, at: Json): Json {
  if (value === null && (typeof at === 'string' || typeof at === 'number' || at === null)) return null;
  if (isObject(value) && typeof at === 'string') return Object.hasOwn(value, at) ? (value[at] as Json) : null;
  if (isArray(value) && typeof at === 'number') return value[Math.floor(at < 0 ? value.length + at : at)] ?? null;
  throw new JqError(`Cannot index ${typeOf(value)} with ${typeof at === 'string' ? `string "${at}"` : typeOf(at)}`);
}

const below = (path: readonly (string | number)[] | undefined, at: Json): { readonly path?: readonly (string | number)[] } =>
  path === undefined || (typeof at !== 'string' && typeof at !== 'number') ? {} : { path: [...path, at] };

function* run(x: Filter, input: Found, vars: Variables): Generator<Found> {
  const values = (filter: Filter): Json[] => [...run(filter, { value: input.value }, vars)].map(({ value }) => value);
  switch (x.f) {
    case 'identity':
      yield input;
      return;
    case 'value':
      yield { value: x.value };
      return;
    case 'recurse':
      yield* recurse(input);
      return;
    case 'index':
      for (const of of run(x.of, input, vars)) for (const at of values(x.at)) yield { value: indexed(of.value, at), ...below(of.path, at) };
      return;
    case 'each':
      for (const of of run(x.of, input, vars)) yield* each(of);
      return;
    case 'slice':
      for (const { value } of run(x.of, input, vars)) {
        if (value !== null && typeof value !== 'string' && !isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with object`);
        const [from, to] = [x.from, x.to].map((one) => (one === undefined ? undefined : ((values(one)[0] ?? null) as number | null))) as [
          number | undefined,
          number | undefined,
        ];
        yield { value: value === null ? null : value.slice(from ?? 0, to ?? undefined) };
      }
      return;
    case 'try':
      try {
        yield* run(x.of, input, vars);
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        if (x.otherwise !== undefined) yield* run(x.otherwise, { value: error.message }, vars);
      }
      return;
    case 'pipe':
      for (const one of run(x.left, input, vars)) yield* run(x.right, one, vars);
      return;
    case 'comma':
      yield* run(x.left, input, vars);
      yield* run(x.right, input, vars);
      return;
    case 'minus':
      for (const value of values(x.of)) yield { value: -(value as number) };
      return;
    case 'array':
      yield { value: x.of === undefined ? [] : values(x.of) };
      return;
    case 'object': {
      let all: { [key: string]: Json }[] = [{}];
      for (const [key, value] of x.pairs)
        all = values(key).flatMap((name) => {
          if (typeof name !== 'string') throw new JqError(`Object keys must be strings`);
          return values(value).flatMap((one) => all.map((other) => ({ ...other, [name]: one })));
        });
      for (const value of all) yield { value };
      return;
    }
    case 'text':
      yield { value: x.parts.map((part) => (typeof part === 'string' ? part : formatted(x.format ?? '@text', values(part)[0] ?? null))).join('') };
      return;
    case 'if':
      for (const test of values(x.test)) yield* run(isTrue(test) ? x.yes : x.no, input, vars);
      return;
    case 'variable':
      if (x.name !== '$__loc__' && !Object.hasOwn(vars, x.name)) throw new JqSyntaxError(`${x.name} is not defined`);
      yield { value: vars[x.name] as Json };
      return;
    case 'as':
      for (const value of values(x.of)) yield* run(x.body, input, { ...vars, ...taken(x.pattern, value, vars) });
      return;
    case 'reduce': {
      let kept = values(x.first)[0] ?? null;
      for (const { value } of run(x.of, { value: input.value }, vars))
        kept = [...run(x.update, { value: kept }, { ...vars, ...taken(x.pattern, value, vars) })].at(-1)?.value ?? null;
      yield { value: kept };
      return;
    }
    case 'foreach':
      for (const first of values(x.first)) {
        let kept = first;
        for (const { value } of run(x.of, { value: input.value }, vars)) {
          const own = { ...vars, ...taken(x.pattern, value, vars) };
          for (const one of run(x.update, { value: kept }, own)) {
            kept = one.value;
            if (x.extract === undefined) yield { value: kept };
            else yield* run(x.extract, { value: kept }, own);
          }
        }
      }
      return;
    case 'def':
      yield* run(x.rest, input, withFunction(vars, `${x.name}/${x.params.length}`, { params: x.params, body: x.body, scope: vars, isDefined: true }));
      return;
    case 'label': {
      const label = ((vars[LABELS] as number | undefined) ?? 0) + 1;
      try {
        yield* run(x.body, input, { ...vars, [LABELS]: label, [`label ${x.name}`]: label });
      } catch (error) {
        if (!(error instanceof Break) || error.label !== label) throw error;
      }
      return;
    }
    case 'break': {
      const label = vars[`label ${x.name}`];
      if (label === undefined) throw new JqSyntaxError(`$*label-${x.name.slice(1)} is not defined`);
      throw new Break(label);
    }
    case 'binary':
      yield* binary(x, input, vars);
      return;
    case 'call':
      yield* call(x.name, x.args, input, vars);
  }
}

/** How many labels are around. */
const LABELS = 'labels';

const withFunction = (vars: Variables, key: string, closure: Closure): Variables => ({ ...vars, [FUNCTIONS]: { ...vars[FUNCTIONS], [key]: closure } });

/** The names of a pattern, and what of the value they are. */
function taken(pattern: Pattern, value: Json, vars: Variables): Record<string, Json> {
  if (typeof pattern === 'string') return { [pattern]: value };
  if ('items' in pattern) return Object.assign({}, ...pattern.items.map((one, i) => taken(one, indexed(value, i), vars)));
  const all: Record<string, Json> = {};
  for (const [filter, own, inner] of pattern.members) {
    const key = run(filter, { value }, { ...vars, ...all }).next().value?.value ?? null;
    const member = indexed(value, key);
    if (own !== undefined) all[own] = member;
    if (inner !== undefined) Object.assign(all, taken(inner, member, { ...vars, ...all }));
  }
  return all;
}

/** A function that was defined: its filters work where they were written, its own name means itself. */
function* applied(key: string, { params, body, scope, isDefined }: Closure, args: readonly Filter[], input: Found, vars: Variables): Generator<Found> {
  const functions: Record<string, Closure> = { ...scope[FUNCTIONS] };
  if (isDefined === true) functions[key] = { params, body, scope, isDefined };
  let scopes: Variables[] = [{ ...scope, [FUNCTIONS]: functions }];
  for (const [i, param] of params.entries()) {
    const arg = args[i] as Filter;
    if (param.startsWith('$')) {
      const given = [...run(arg, { value: input.value }, vars)];
      scopes = scopes.flatMap((one) =>
        given.map(({ value }) => withFunction({ ...one, [param]: value }, `${param.slice(1)}/0`, { params: [], body: { f: 'value', value }, scope: {} })),
      );
    } else scopes = scopes.map((one) => withFunction(one, `${param}/0`, { params: [], body: arg, scope: vars }));
  }
  for (const one of scopes) yield* run(body, input, one);
}

/** Those of jq's own functions that are written in jq. */
const DEFINED: Readonly<Record<string, string>> = {
  'until/2': 'def until(cond; update): def _until: if cond then . else (update | _until) end; _until; until(cond; update)',
  'while/2': 'def while(cond; update): def _while: if cond then ., (update | _while) else empty end; _while; while(cond; update)',
  'repeat/1': 'def repeat(f): def _repeat: ., (f | _repeat); _repeat; repeat(f)',
  'recurse/1': 'def recurse(f): def r: ., (f | r); r; recurse(f)',
  'recurse/2': 'def recurse(f; cond): def r: ., (f | select(cond) | r); r; recurse(f; cond)',
  'combinations/0': 'def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end; combinations',
  'isempty/1': 'def isempty(g): label $go | (first(g | false), true) | ., break $go; isempty(g)',
};

/** By name and number: the definition in it. */
function definedOf(key: string): Closure | undefined {
  const source = Object.hasOwn(DEFINED, key) ? DEFINED[key] : undefined;
  const parsed = source === undefined ? undefined : parseFilter(source);
  return parsed?.f === 'def' ? { params: parsed.params, body: parsed.body, scope: {}, isDefined: true } : undefined;
}

function* each({ value, path }: Found): Generator<Found> {
  if (isArray(value)) for (const [i, one] of value.entries()) yield { value: one, ...below(path, i) };
  else if (isObject(value)) for (const [key, one] of Object.entries(value)) yield { value: one, ...below(path, key) };
  else throw new JqError(`Cannot iterate over ${typeOf(value)}${value === null ? '' : ` (${shown(value)})`}`);
}

function* recurse(one: Found): Generator<Found> {
  yield one;
  if (isArray(one.value) || isObject(one.value)) for (const inner of each(one)) yield* recurse(inner);
}

/** The value with another at a path; undefined takes it away. */
function put(value: Json, path: readonly (string | number)[], next: Json | undefined): Json {
  const [first, ...rest] = path;
  if (first === undefined) return next ?? null;
  const inner = rest.length === 0 ? next : put(indexed(value, first), rest, next);
  if (typeof first === 'number') {
    const list = [...((value ?? []) as readonly Json[])];
    if (inner === undefined) list.splice(first, 1);
    else list[first < 0 ? list.length + first : first] = inner;
    return Array.from(list, (one) => one ?? null);
  }
  const { [first]: _, ...others } = (value ?? {}) as { readonly [key: string]: Json };
  return inner === undefined ? others : { ...(value as { readonly [key: string]: Json } | null), [first]: inner };
}

const pathsOf = (x: Filter, value: Json, vars: Variables): (readonly (string | number)[])[] =>
  [...run(x, { value, path: [] }, vars)].map(({ path }) => {
    if (path === undefined) throw new JqError('Invalid path expression');
    return path;
  });

function* binary({ operator, left, right }: Extract<Filter, { f: 'binary' }>, input: Found, vars: Variables): Generator<Found> {
  const { value } = input;
  const values = (filter: Filter, of: Json = value): Json[] => [...run(filter, { value: of }, vars)].map((one) => one.value);
  if (operator === '//') {
    let isAny = false;
    try {
      for (const one of run(left, input, vars))
        if (isTrue(one.value)) {
          isAny = true;
          yield one;
        }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (!isAny) yield* run(right, input, vars);
    return;
  }
  if (operator === 'and' || operator === 'or') {
    for (const a of values(left)) {
      if (isTrue(a) === (operator === 'or')) yield { value: operator === 'or' };
      else for (const b of values(right)) yield { value: isTrue(b) };
    }
    return;
  }
  if (operator === '|=') {
    let out = value;
    for (const path of pathsOf(left, value, vars).reverse()) out = put(out, path, values(right, path.reduce<Json>(indexed, out))[0]);
    yield { value: out };
    return;
  }
  if (/^([-+*/]|\/\/)?=$/.test(operator)) {
    for (const b of values(right)) {
      let out = value;
      for (const path of pathsOf(left, value, vars)) {
        const old = path.reduce<Json>(indexed, out);
        out = put(out, path, operator === '=' ? b : operator === '//=' ? (isTrue(old) ? old : b) : calculated(operator[0] as string, old, b));
      }
      yield { value: out };
    }
    return;
  }
  for (const b of values(right)) for (const a of values(left)) yield { value: calculated(operator, a, b) };
}

function calculated(operator: string, a: Json, b: Json): Json {
  const by = (): number => compare(a, b);
  switch (operator) {
    case '==':
      return by() === 0;
    case '!=':
      return by() !== 0;
    case '<':
      return by() < 0;
    case '<=':
      return by() <= 0;
    case '>':
      return by() > 0;
    case '>=':
      return by() >= 0;
  }
  const fail = (what: string): JqError => new JqError(`${typeOf(a)} (${shown(a)}) and ${typeOf(b)} (${shown(b)}) cannot be ${what}`);
  if (operator === '+') {
    if (a === null) return b;
    if (b === null) return a;
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (isArray(a) && isArray(b)) return [...a, ...b];
    if (isObject(a) && isObject(b)) return { ...a, ...b };
    throw fail('added');
  }
  if (operator === '-' && isArray(a) && isArray(b)) return a.filter((one) => !b.some((other) => compare(one, other) === 0));
  if (operator === '/' && typeof a === 'string' && typeof b === 'string') return a.split(b);
  if (operator === '*' && typeof a === 'string' && typeof b === 'number') return b <= 0 ? null : a.repeat(Math.max(1, Math.ceil(b)));
  if (operator === '*' && isObject(a) && isObject(b)) return merged(a, b);
  if (typeof a !== 'number' || typeof b !== 'number') throw fail({ '-': 'subtracted', '*': 'multiplied', '/': 'divided', '%': 'divided' }[operator] as string);
  if ((operator === '/' || operator === '%') && b === 0) throw fail('divided because the divisor is zero');
  return { '-': a - b, '*': a * b, '/': a / b, '%': Math.trunc(a) % Math.trunc(b) }[operator] as number;
}

const merged = (a: { readonly [key: string]: Json }, b: { readonly [key: string]: Json }): Json => {
  const out: { [key: string]: Json } = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = out[key] ?? null;
    out[key] = isObject(old) && isObject(value) ? merged(old, value) : value;
  }
  return out;
};

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function formatted(format: string, value: Json): string {
  const text = textOf(value);
  const row = (quote: (one: Json) => string, between: string): string => {
    if (!isArray(value)) throw new JqError(`${typeOf(value)} (${shown(value)}) cannot be ${format.slice(1)}-formatted, only an array can be`);
    return value.map(quote).join(between);
  };
  switch (format) {
    case '@text':
      return text;
    case '@json':
      return JSON.stringify(value);
    case '@base64':
      return Buffer.from(text, 'utf8').toString('base64');
    case '@base64d':
      return Buffer.from(text, 'base64').toString('utf8');
    case '@uri':
      return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
    case '@html':
      return text.replace(/[<>&'"]/g, (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' })[char] as string);
    case '@csv':
      return row((one) => (typeof one === 'string' ? `"${one.replace(/"/g, '""')}"` : one === null ? '' : String(one)), ',');
    case '@tsv':
      return row(
        (one) => (one === null ? '' : textOf(one).replace(/[\\\t\n\r]/g, (char) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[char] as string)),
        '\t',
      );
    case '@sh':
      return (isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? `'${one.replace(/'/g, `'\\''`)}'` : JSON.stringify(one))).join(' ');
    default:
      throw new Unknown(format);
  }
}

function* call(name: string, args: readonly Filter[], input: Found, vars: Variables): Generator<Found> {
  const key = `${name}/${args.length}`;
  const given = vars[FUNCTIONS]?.[key] ?? definedOf(key);
  if (given !== undefined) {
    yield* applied(key, given, args, input, vars);
    return;
  }
  const { value } = input;
  const over = (filter: Filter | undefined, of: Json = value): Json[] =>
    filter === undefined ? [] : [...run(filter, { value: of }, vars)].map((one) => one.value);
  const [first, second] = args;
  const keyed = (list: readonly Json[]): { readonly one: Json; readonly key: Json }[] =>
    list.map((one) => ({ one, key: first === undefined ? one : over(first, one) })).sort((a, b) => compare(a.key, b.key));
  const listOf = (what: string): readonly Json[] => {
    if (!isArray(value)) throw new JqError(`${typeOf(value)} (${shown(value)}) cannot be ${what}, as it is not an array`);
    return value;
  };
  switch (key) {
    case 'empty/0':
      return;
    case 'select/1':
      for (const test of over(first)) if (isTrue(test)) yield input;
      return;
    case 'recurse/0':
      yield* recurse(input);
      return;
    case 'first/1': {
      const found = run(first as Filter, input, vars).next();
      if (found.done !== true) yield found.value;
      return;
    }
    case 'limit/2': {
      let left = Number(over(first)[0]);
      if (left > 0)
        for (const one of run(second as Filter, input, vars)) {
          yield one;
          left -= 1;
          if (left <= 0) return;
        }
      return;
    }
    case 'range/1':
    case 'range/2': {
      const [from, to] = args.length === 1 ? [0, Number(over(first)[0])] : [Number(over(first)[0]), Number(over(second)[0])];
      for (let i = from; i < Math.min(to, from + 100_000); i += 1) yield { value: i };
      return;
    }
    case 'map/1':
      yield { value: [...each(input)].flatMap((one) => over(first, one.value)) };
      return;
    case 'getpath/1':
      for (const path of over(first)) yield { value: (path as (string | number)[]).reduce<Json>(indexed, value), path: path as (string | number)[] };
      return;
    case 'paths/0':
      for (const { path } of [...recurse({ value, path: [] })].slice(1)) yield { value: [...(path ?? [])] };
      return;
    case 'path/1':
      for (const path of pathsOf(first as Filter, value, vars)) yield { value: [...path] };
      return;
    case 'error/0':
    case 'error/1':
      throw new JqError(textOf(args.length === 0 ? value : (over(first)[0] ?? null)));
    case 'values/0':
      if (value !== null) yield input;
      return;
    case 'arrays/0':
    case 'objects/0':
    case 'strings/0':
    case 'numbers/0':
    case 'booleans/0':
    case 'nulls/0':
      if (`${typeOf(value)}s` === name) yield input;
      return;
    default:
      yield { value: plain() };
  }
  return;

  function plain(): Json {
    const text = (): string => {
      if (typeof value !== 'string') throw new JqError(`${typeOf(value)} (${shown(value)}) cannot be used as a string`);
      return value;
    };
    const pattern = (flags = ''): RegExp =>
      new RegExp(
        String(over(first)[0]),
        `${flags}${String(over(name === 'test' ? second : args[2])[0] ?? '')
          .replace(/[^gimsx]/g, '')
          .replace('x', '')}u`,
      );
    switch (`${name}/${args.length}`) {
      case 'not/0':
        return !isTrue(value);
      case 'length/0':
        if (typeof value === 'boolean') throw new JqError(`boolean (${value}) has no length`);
        return value === null ? 0 : typeof value === 'number' ? Math.abs(value) : typeof value === 'string' ? [...value].length : Object.keys(value).length;
      case 'utf8bytelength/0':
        return Buffer.byteLength(text());
      case 'keys/0':
      case 'keys_unsorted/0':
        if (isArray(value)) return value.map((_, i) => i);
        if (!isObject(value)) throw new JqError(`${typeOf(value)} (${shown(value)}) has no keys`);
        return name === 'keys' ? sortedKeys(value) : Object.keys(value);
      case 'has/1': {
        const at = over(first)[0] ?? null;
        if (isObject(value) && typeof at === 'string') return Object.hasOwn(value, at);
        if (isArray(value) && typeof at === 'number') return at >= 0 && at < value.length;
        throw new JqError(`Cannot check whether ${typeOf(value)} has a ${typeof at === 'string' ? 'string' : typeOf(at)} key`);
      }
      case 'in/1':
        return over(first).some((one) => (isObject(one) ? Object.hasOwn(one, String(value)) : isArray(one) && Number(value) < one.length));
      case 'map_values/1':
        return [...each({ value, path: [] })].reduceRight<Json>((out, one) => put(out, one.path as (string | number)[], over(first, one.value)[0]), value);
      case 'to_entries/0':
        return [...each({ value, path: [] })].map((one) => ({ key: one.path?.[0] ?? null, value: one.value }));
      case 'from_entries/0':
        return Object.fromEntries(
          listOf('entries').map((one) => [
            String(['key', 'k', 'name', 'Name', 'Key'].map((key) => indexed(one, key)).find((key) => key !== null) ?? 'null'),
            (['value', 'v', 'Value'].map((key) => indexed(one, key)).find((own) => own !== null) ?? null) as Json,
          ]),
        );
      case 'with_entries/1':
        return over({
          f: 'pipe',
          left: { f: 'call', name: 'to_entries', args: [] },
          right: { f: 'pipe', left: { f: 'call', name: 'map', args: [first as Filter] }, right: { f: 'call', name: 'from_entries', args: [] } },
        })[0] as Json;
      case 'add/0':
        return [...each(input)].reduce<Json>((sum, one) => calculated('+', sum, one.value), null);
      case 'any/0':
        return listOf('iterated').some(isTrue);
      case 'all/0':
        return listOf('iterated').every(isTrue);
      case 'any/1':
        return [...each(input)].some((one) => over(first, one.value).some(isTrue));
      case 'all/1':
        return [...each(input)].every((one) => over(first, one.value).every(isTrue));
      case 'floor/0':
        return Math.floor(Number(value));
      case 'ceil/0':
        return Math.ceil(Number(value));
      case 'round/0':
        return Math.round(Number(value));
      case 'sqrt/0':
        return Math.sqrt(Number(value));
      case 'tostring/0':
        return textOf(value);
      case 'tonumber/0': {
        if (typeof value === 'number') return value;
        const number = Number(text());
        if (Number.isNaN(number) || text().trim() === '') throw new JqError(`Cannot use string (${shown(value)}) as number`);
        return number;
      }
      case 'tojson/0':
        return JSON.stringify(value);
      case 'fromjson/0':
        try {
          return JSON.parse(text()) as Json;
        } catch {
          throw new JqError(`${text()} (while parsing '${text()}')`);
        }
      case 'type/0':
        return typeOf(value);
      case 'sort/0':
      case 'sort_by/1':
        return keyed(listOf('sorted')).map(({ one }) => one);
      case 'group_by/1':
      case 'unique_by/1':
      case 'unique/0': {
        const groups: Json[][] = [];
        let last: Json | undefined;
        for (const { one, key } of keyed(listOf(name === 'group_by' ? 'grouped' : 'sorted'))) {
          if (last === undefined || compare(last, key) !== 0) groups.push([]);
          groups.at(-1)?.push(one);
          last = key;
        }
        return name === 'group_by' ? groups : groups.map((group) => group[0] as Json);
      }
      case 'min/0':
      case 'min_by/1':
        return keyed(listOf('iterated'))[0]?.one ?? null;
      case 'max/0':
      case 'max_by/1':
        return keyed(listOf('iterated')).at(-1)?.one ?? null;
      case 'reverse/0':
        return typeof value === 'string' ? [...value].reverse().join('') : value === null ? [] : listOf('reversed').toReversed();
      case 'first/0':
        return indexed(value, 0);
      case 'last/0':
        return indexed(value, -1);
      case 'nth/1':
        return indexed(value, over(first)[0] ?? null);
      case 'flatten/0':
      case 'flatten/1':
        return flattened(listOf('flattened'), args.length === 0 ? 100 : Number(over(first)[0]));
      case 'contains/1':
        return contains(value, over(first)[0] ?? null);
      case 'inside/1':
        return contains(over(first)[0] ?? null, value);
      case 'index/1': {
        const at = isArray(value) ? value.findIndex((one) => compare(one, over(first)[0] ?? null) === 0) : text().indexOf(String(over(first)[0]));
        return at < 0 ? null : at;
      }
      case 'startswith/1':
        return text().startsWith(String(over(first)[0]));
      case 'endswith/1':
        return text().endsWith(String(over(first)[0]));
      case 'ltrimstr/1':
        return typeof value === 'string' && value.startsWith(String(over(first)[0])) ? value.slice(String(over(first)[0]).length) : value;
      case 'rtrimstr/1':
        return typeof value === 'string' && value.endsWith(String(over(first)[0])) ? value.slice(0, value.length - String(over(first)[0]).length) : value;
      case 'split/1':
        return text() === '' ? [] : text().split(String(over(first)[0]));
      case 'join/1':
        return listOf('iterated')
          .map((one) => (one === null ? '' : textOf(one)))
          .join(String(over(first)[0]));
      case 'ascii_downcase/0':
        return text().toLowerCase();
      case 'ascii_upcase/0':
        return text().toUpperCase();
      case 'trim/0':
        return text().trim();
      case 'test/1':
      case 'test/2':
        return pattern().test(text());
      case 'sub/2':
      case 'gsub/2':
      case 'gsub/3':
        return text().replace(pattern(name === 'gsub' ? 'g' : ''), (...found) => {
          const groups = found.at(-1);
          const named = typeof groups === 'object' && groups !== null ? (groups as { [key: string]: Json }) : {};
          return String(over(second, named)[0]);
        });
      case 'del/1':
        return pathsOf(first as Filter, value, vars)
          .toReversed()
          .reduce((out, path) => put(out, path, undefined), value);
      case 'path/1':
        return [...(pathsOf(first as Filter, value, vars)[0] ?? [])];
      case 'env/0':
        return vars['$ENV'] ?? {};
      case 'now/0':
        return Number(vars['$now']);
      case 'fromdate/0':
      case 'fromdateiso8601/0': {
        const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
        if (Number.isNaN(at)) throw new JqError(`date "${String(value)}" does not match format "%Y-%m-%dT%H:%M:%SZ"`);
        return at / 1000;
      }
      case 'todateiso8601/0':
      case 'todate/0':
        return new Date(Number(value) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
      case 'infinite/0':
        return Number.MAX_VALUE;
      case 'ascii/0':
        return String.fromCharCode(Number(value));
      default:
        if (name.startsWith('@')) return formatted(name, value);
        throw new Unknown(`${name}/${args.length}`);
    }
  }
}

const flattened = (list: readonly Json[], depth: number): Json[] => list.flatMap((one) => (isArray(one) && depth > 0 ? flattened(one, depth - 1) : [one]));

function contains(a: Json, b: Json): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  if (isArray(a) && isArray(b)) return b.every((one) => a.some((own) => contains(own, one)));
  if (isObject(a) && isObject(b)) return Object.entries(b).every(([key, one]) => Object.hasOwn(a, key) && contains(a[key] as Json, one));
  if (typeOf(a) !== typeOf(b)) throw new JqError(`${typeOf(a)} (${shown(a)}) and ${typeOf(b)} (${shown(b)}) cannot have their containment checked`);
  return compare(a, b) === 0;
}

/** Texts of JSON one after the other; what follows the last that is whole is an error. */
function* documents(text: string): Generator<Json> {
  let at = 0;
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  for (skip(); at < text.length; skip()) {
    const end = endOf(text, at);
    try {
      yield JSON.parse(text.slice(at, end)) as Json;
    } catch {
      const isUnfinished = /^[[{"]/.test(text.slice(at)) && end === text.length;
      const before = text.slice(0, isUnfinished ? text.length : end + 1);
      const place = `line ${before.split('\n').length}, column ${before.length - 1 - before.lastIndexOf('\n')}`;
      if (isUnfinished) throw new JqError(`Unfinished JSON term at EOF at ${place}`);
      throw new JqError(`Invalid ${/^[tfn]/.test(text.slice(at)) ? '' : 'numeric '}literal at ${place}`);
    }
    at = end;
  }
}

function endOf(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char === '"') {
      for (i += 1; i < text.length && text[i] !== '"'; i += 1) if (text[i] === '\\') i += 1;
      if (depth === 0) return i + 1;
    } else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && /\s/.test(char)) return i;
  }
  return text.length;
}

const sorted = (value: Json): Json =>
  isArray(value) ? value.map(sorted) : isObject(value) ? Object.fromEntries(sortedKeys(value).map((key) => [key, sorted(value[key] as Json)])) : value;

function written(value: Json, options: Options): string {
  const own = options.has('S') ? sorted(value) : value;
  if ((options.has('r') || options.has('j')) && typeof own === 'string') return own;
  const indent = options.has('c') ? undefined : options.has('tab') ? '\t' : Number(options.value('indent') ?? 2);
  return JSON.stringify(own, undefined, indent).replace(/\x7f/g, '\\u007f');
}

const LONG: Readonly<Record<string, string>> = {
  'raw-output': 'r',
  'compact-output': 'c',
  'exit-status': 'e',
  'null-input': 'n',
  'raw-input': 'R',
  slurp: 's',
  'join-output': 'j',
  'sort-keys': 'S',
  'color-output': 'C',
  'monochrome-output': 'M',
  tab: 'tab',
  indent: 'indent=',
  'from-file': 'f=',
};

/** `--arg name value` takes two words: they are taken out first. */
function argumentsOf(context: ProgramContext): { readonly args: readonly string[]; readonly vars: Variables } {
  const args: string[] = [];
  const named: Record<string, Json> = {};
  for (let i = 0; i < context.args.length; i += 1) {
    const arg = context.args[i] as string;
    const [name = '', value = ''] = context.args.slice(i + 1, i + 3);
    if (arg !== '--arg' && arg !== '--argjson') {
      args.push(arg);
      continue;
    }
    named[`$${name}`] = arg === '--arg' ? value : (JSON.parse(value) as Json);
    i += 2;
  }
  const all = Object.fromEntries(Object.entries(named).map(([name, value]) => [name.slice(1), value]));
  return { args, vars: { ...named, $ENV: context.env, $now: context.now / 1000, $__prog_args: [], $named: all } };
}

export const jq: Program = {
  name: 'jq',
  run(context) {
    const { args, vars } = argumentsOf(context);
    if (args[0] === '--version' || args[0] === '-V') {
      context.out('jq-1.7.1\n');
      return 0;
    }
    const options = parseOptions(Object.create(context, { args: { value: args } }) as ProgramContext, 'rcensRjSCMf:a', LONG);
    if (typeof options === 'number') return 2;
    const script = options.value('f');
    const [first, ...others] = options.operands;
    if (first === undefined && script === undefined) {
      context.err('jq - commandline JSON processor [version 1.7.1]\n\nUsage:\tjq [OPTIONS] FILTER [FILES...]\n');
      return 2;
    }
    const source = script === undefined ? (first as string) : context.files.read(context.path(script));
    let filter: Filter;
    try {
      filter = parseFilter(source);
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error;
      context.err(`jq: error: ${error.message} (Unix shell quoting issues?) at <top-level>, line 1:\n${source}\njq: 1 compile error\n`);
      return 3;
    }
    const files = script === undefined || first === undefined ? others : [first, ...others];
    const input = options.has('n') ? { texts: [], failed: false } : gather(context, files);
    if ('wait' in input) return input;
    const text = input.texts.map((one) => one.text).join('');
    let status = input.failed ? 2 : 0;
    let last: Json | undefined;
    const give = (value: Json): void => {
      for (const one of run(filter, { value, path: [] }, vars)) {
        last = one.value;
        context.out(`${written(one.value, options)}${options.has('j') ? '' : '\n'}`);
      }
    };
    try {
      const raw = (): Json[] => (options.has('s') ? [text] : text.replace(/\n$/, '').split('\n'));
      const inputs: Iterable<Json> = options.has('n') ? [null] : options.has('R') ? raw() : options.has('s') ? [[...documents(text)]] : documents(text);
      for (const value of inputs) {
        try {
          give(value);
        } catch (error) {
          if (!(error instanceof JqError)) throw error;
          context.err(
            `jq: error (at ${files.at(-1) ?? (options.has('n') ? '<unknown>' : '<stdin>')}${options.has('n') ? '' : `:${text.split('\n').length - 1}`}): ${error.message}\n`,
          );
          status = 5;
        }
      }
    } catch (error) {
      if (error instanceof JqError) {
        context.err(`jq: parse error: ${error.message}\n`);
        return 2;
      }
      if (error instanceof Unknown || error instanceof JqSyntaxError) {
        context.err(
          `jq: error: ${error.message}${error instanceof Unknown ? ' is not defined' : ''} at <top-level>, line 1:\n${source}\njq: 1 compile error\n`,
        );
        return 3;
      }
      throw error;
    }
    if (status !== 0 || !options.has('e')) return status;
    return last === undefined ? 4 : isTrue(last) ? 0 : 1;
  },
};
