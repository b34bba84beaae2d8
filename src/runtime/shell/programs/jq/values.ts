/** JSON as jq has it: order, members, paths, and what its operators make of two values. */
import type { Json } from './parser.js';

/** Told to who runs the program, and what `try` catches. */
export class JqError extends Error {}

export type Path = readonly (string | number)[];

/** A value, and where it is in what came in; absent: it was made. */
export interface Found {
  readonly value: Json;
  readonly path?: Path;
}

export const isObject = (value: Json): value is { readonly [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
export const typeOf = (value: Json): string => (value === null ? 'null' : isArray(value) ? 'array' : typeof value);
export const isTrue = (value: Json): boolean => value !== null && value !== false;
export const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 11 ? `${text.slice(0, 10)}...` : text;
};

const ORDER = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];
const rank = (value: Json): number => ORDER.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value));
export const sortedKeys = (value: { readonly [key: string]: Json }): string[] => Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

export function compare(a: Json, b: Json): number {
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

export function indexed(value: Json, at: Json): Json {
  if (value === null && (typeof at === 'string' || typeof at === 'number' || at === null)) return null;
  if (isObject(value) && typeof at === 'string') return Object.hasOwn(value, at) ? (value[at] as Json) : null;
  if (isArray(value) && typeof at === 'number') return value[Math.floor(at < 0 ? value.length + at : at)] ?? null;
  throw new JqError(`Cannot index ${typeOf(value)} with ${typeof at === 'string' ? `string "${at}"` : typeOf(at)}`);
}

export const below = (path: Path | undefined, at: Json): { readonly path?: Path } =>
  path === undefined || (typeof at !== 'string' && typeof at !== 'number') ? {} : { path: [...path, at] };

/** Its elements or members. */
export function* each({ value, path }: Found): Generator<Found> {
  if (isArray(value)) for (const [i, one] of value.entries()) yield { value: one, ...below(path, i) };
  else if (isObject(value)) for (const [key, one] of Object.entries(value)) yield { value: one, ...below(path, key) };
  else throw new JqError(`Cannot iterate over ${typeOf(value)}${value === null ? '' : ` (${shown(value)})`}`);
}

/** It, and all that is in it. */
export function* recurse(one: Found): Generator<Found> {
  yield one;
  if (isArray(one.value) || isObject(one.value)) for (const inner of each(one)) yield* recurse(inner);
}

/** The value with another at a path; undefined takes it away. */
export function put(value: Json, path: Path, next: Json | undefined): Json {
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

export function calculated(operator: string, a: Json, b: Json): Json {
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

/** Strings as they are, all else as JSON. */
export const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const flattened = (list: readonly Json[], depth: number): Json[] =>
  list.flatMap((one) => (isArray(one) && depth > 0 ? flattened(one, depth - 1) : [one]));

export function contains(a: Json, b: Json): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  if (isArray(a) && isArray(b)) return b.every((one) => a.some((own) => contains(own, one)));
  if (isObject(a) && isObject(b)) return Object.entries(b).every(([key, one]) => Object.hasOwn(a, key) && contains(a[key] as Json, one));
  if (typeOf(a) !== typeOf(b)) throw new JqError(`${typeOf(a)} (${shown(a)}) and ${typeOf(b)} (${shown(b)}) cannot have their containment checked`);
  return compare(a, b) === 0;
}
