/** The functions of CEL that need no macro: the standard ones, those for strings, and the libraries Kubernetes adds. */
import { addQuantities, compareQuantities, parseQuantity, quantityValue, subtractQuantities } from '../api/quantity.js';
import { parseGoRegExp } from '../text/go-regexp.js';
import {
  CelError,
  Duration,
  durationText,
  equals,
  isList,
  isMap,
  Optional,
  order,
  QuantityValue,
  quantityText,
  Timestamp,
  TypeValue,
  timestampText,
  typeOf,
  Uint,
  UrlValue,
  type Value,
} from './values.js';

type Fn = (...args: readonly Value[]) => Value | undefined;

const text = (value: Value | undefined): value is string => typeof value === 'string';
const whole = (value: Value | undefined): value is bigint => typeof value === 'bigint';
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

export function checked(value: bigint): bigint {
  if (value < MIN || value > MAX) throw new CelError('integer overflow');
  return value;
}

function regex(pattern: string, flags?: string): RegExp {
  const parsed = parseGoRegExp(pattern, flags);
  if ('problem' in parsed) throw new CelError(parsed.problem);
  return parsed;
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

export function parseDuration(given: string): Duration {
  const parts = given.replace(/^[+-]/, '').match(/\d*\.?\d+(?:h|ms|us|µs|ns|m|s)/g);
  if (parts === null || parts.join('') !== given.replace(/^[+-]/, '')) {
    if (/^[+-]?0$/.test(given)) return new Duration(0);
    throw new CelError(`time: invalid duration ${JSON.stringify(given)}`);
  }
  const ms = parts.reduce((sum, part) => sum + Number.parseFloat(part) * (UNITS[part.replace(/[\d.]/g, '')] ?? 0), 0);
  return new Duration(given.startsWith('-') ? -ms : ms);
}

function timestamp(given: string): Timestamp {
  const ms = Date.parse(given);
  if (Number.isNaN(ms)) throw new CelError(`parsing time ${JSON.stringify(given)}: cannot parse`);
  return new Timestamp(ms);
}

function toInt(value: Value): Value | undefined {
  if (whole(value)) return value;
  if (value instanceof Uint) return checked(value.value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new CelError('integer overflow');
    return BigInt(Math.trunc(value));
  }
  if (value instanceof Timestamp) return BigInt(Math.floor(value.ms / 1000));
  if (!text(value)) return undefined;
  if (!/^[+-]?\d+$/.test(value)) throw new CelError(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  return checked(BigInt(value));
}

export function toText(value: Value): string | undefined {
  if (text(value)) return value;
  if (typeof value === 'bigint' || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof QuantityValue) return quantityText(value);
  return value instanceof UrlValue ? value.url.href : undefined;
}

/** Of a timestamp, in UTC or the zone that is named. */
const part =
  (read: (date: Date) => number): Fn =>
  (value, zone) => {
    if (value instanceof Duration) return undefined;
    if (!(value instanceof Timestamp)) return undefined;
    const offset = text(zone) ? /^([+-])?(\d\d):(\d\d)$/.exec(zone) : null;
    const minutes = offset === null ? 0 : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
    return BigInt(read(new Date(value.ms + minutes * 60_000)));
  };
const orLength =
  (unit: number, of: Fn): Fn =>
  (value, zone) =>
    value instanceof Duration ? BigInt(Math.trunc(value.ms / unit)) : of(value as Value, ...(zone === undefined ? [] : [zone]));

const dayOfYear = (date: Date): number =>
  Math.floor((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);

function quantityOf(given: string): QuantityValue {
  const parsed = parseQuantity(given);
  if (typeof parsed === 'string' || !('nano' in parsed))
    throw new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  return new QuantityValue(parsed);
}

function url(given: string): URL | undefined {
  try {
    const parsed = new URL(given, 'http://relative.invalid');
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(given) || given.startsWith('/') ? parsed : undefined;
  } catch {
    return undefined;
  }
}
const isRelative = ({ url: { host } }: UrlValue): boolean => host === 'relative.invalid';

const extreme =
  (sign: number, name: string): Fn =>
  (list) => {
    if (list === undefined || !isList(list)) return undefined;
    if (list.length === 0) throw new CelError(`${name} called on empty list`);
    return list.reduce((best, item) => ((order(item, best) ?? 0) * sign > 0 ? item : best));
  };

const chars = (value: string): readonly string[] => [...value];

/** By name; a method's first argument is what it is called on. undefined: not for such arguments. */
export const FUNCTIONS: Readonly<Record<string, Fn>> = {
  size: (v) =>
    text(v)
      ? BigInt(chars(v).length)
      : v instanceof Uint8Array
        ? BigInt(v.length)
        : isList(v as Value)
          ? BigInt((v as readonly Value[]).length)
          : isMap(v as Value)
            ? BigInt((v as ReadonlyMap<never, Value>).size)
            : undefined,
  contains: (s, part_) => (text(s) && text(part_) ? s.includes(part_) : undefined),
  startsWith: (s, start) => (text(s) && text(start) ? s.startsWith(start) : undefined),
  endsWith: (s, end) => (text(s) && text(end) ? s.endsWith(end) : undefined),
  matches: (s, pattern) => (text(s) && text(pattern) ? regex(pattern).test(s) : undefined),
  int: (v) => toInt(v as Value),
  uint: (v) => {
    const n = toInt(v as Value);
    if (!whole(n)) return undefined;
    if (n < 0n) throw new CelError('unsigned integer overflow');
    return new Uint(n);
  },
  double: (v) => {
    if (typeof v === 'number') return v;
    if (whole(v)) return Number(v);
    if (v instanceof Uint) return Number(v.value);
    if (!text(v)) return undefined;
    if (v.trim() === '' || Number.isNaN(Number(v))) throw new CelError(`strconv.ParseFloat: parsing ${JSON.stringify(v)}: invalid syntax`);
    return Number(v);
  },
  string: (v) => toText(v as Value),
  bool: (v) => (typeof v === 'boolean' ? v : v === 'true' ? true : v === 'false' ? false : undefined),
  bytes: (v) => (v instanceof Uint8Array ? v : text(v) ? new TextEncoder().encode(v) : undefined),
  type: (v) => new TypeValue(typeOf(v as Value)),
  dyn: (v) => v,
  duration: (v) => (v instanceof Duration ? v : text(v) ? parseDuration(v) : undefined),
  timestamp: (v) => (v instanceof Timestamp ? v : text(v) ? timestamp(v) : whole(v) ? new Timestamp(Number(v) * 1000) : undefined),
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getDayOfYear: part(dayOfYear),
  getHours: orLength(
    3_600_000,
    part((date) => date.getUTCHours()),
  ),
  getMinutes: orLength(
    60_000,
    part((date) => date.getUTCMinutes()),
  ),
  getSeconds: orLength(
    1000,
    part((date) => date.getUTCSeconds()),
  ),
  getMilliseconds: orLength(
    1,
    part((date) => date.getUTCMilliseconds()),
  ),

  charAt: (s, i) => {
    if (!text(s) || !whole(i)) return undefined;
    if (i < 0n || i > BigInt(chars(s).length)) throw new CelError(`index out of range: ${i}`);
    return chars(s)[Number(i)] ?? '';
  },
  lowerAscii: (s) => (text(s) ? s.replace(/[A-Z]/g, (c) => c.toLowerCase()) : undefined),
  upperAscii: (s) => (text(s) ? s.replace(/[a-z]/g, (c) => c.toUpperCase()) : undefined),
  trim: (s) => (text(s) ? s.trim() : undefined),
  replace: (s, from, to, limit) => {
    if (!text(s) || !text(from) || !text(to)) return undefined;
    const parts = s.split(from);
    const count = whole(limit) && limit >= 0n ? Number(limit) : parts.length;
    return parts.reduce((out, one, i) => out + (i === 0 ? '' : i <= count ? to : from) + one, '');
  },
  split: (s, by, limit) => {
    if (!text(s) || !text(by)) return undefined;
    const parts = by === '' ? [...chars(s)] : s.split(by);
    if (!whole(limit) || limit < 0n || parts.length <= Number(limit)) return parts;
    const kept = Number(limit);
    return kept === 0 ? [] : [...parts.slice(0, kept - 1), parts.slice(kept - 1).join(by)];
  },
  substring: (s, from, to) => {
    if (!text(s) || !whole(from)) return undefined;
    const all = chars(s);
    const end = whole(to) ? Number(to) : all.length;
    if (from < 0n || Number(from) > all.length) throw new CelError(`index out of range: ${from}`);
    if (end > all.length || end < Number(from))
      throw new CelError(end < Number(from) ? `invalid substring range. start: ${from}, end: ${end}` : `index out of range: ${end}`);
    return all.slice(Number(from), end).join('');
  },
  join: (list, by) => (isList(list as Value) && (list as readonly Value[]).every(text) ? (list as readonly string[]).join(text(by) ? by : '') : undefined),
  indexOf: (s, of, from) =>
    text(s) && text(of)
      ? BigInt(s.indexOf(of, whole(from) ? Number(from) : 0))
      : isList(s as Value)
        ? BigInt((s as readonly Value[]).findIndex((item) => equals(item, of as Value)))
        : undefined,
  lastIndexOf: (s, of) =>
    text(s) && text(of)
      ? BigInt(s.lastIndexOf(of))
      : isList(s as Value)
        ? BigInt((s as readonly Value[]).findLastIndex((item) => equals(item, of as Value)))
        : undefined,
  reverse: (s) => (text(s) ? [...s].reverse().join('') : undefined),
  format: (s, args) => (text(s) && isList(args as Value) ? formatted(s, args as readonly Value[]) : undefined),
  find: (s, pattern) => (text(s) && text(pattern) ? (regex(pattern).exec(s)?.[0] ?? '') : undefined),
  findAll: (s, pattern, limit) => {
    if (!text(s) || !text(pattern)) return undefined;
    const all = s.match(regex(pattern, 'g')) ?? [];
    return whole(limit) && limit >= 0n ? all.slice(0, Number(limit)) : all;
  },

  isSorted: (list) =>
    isList(list as Value) ? (list as readonly Value[]).every((item, i, all) => i === 0 || (order(all[i - 1] as Value, item) ?? 1) <= 0) : undefined,
  sum: (list) => {
    if (!isList(list as Value)) return undefined;
    const all = list as readonly Value[];
    if (all.every(whole)) return checked(all.reduce((sum, one) => sum + one, 0n));
    if (all.every((one) => one instanceof Duration)) return new Duration(all.reduce((sum, one) => sum + one.ms, 0));
    return all.every((one) => typeof one === 'number') ? all.reduce((sum, one) => sum + one, 0) : undefined;
  },
  min: extreme(-1, 'min'),
  max: extreme(1, 'max'),
  'sets.contains': (a, b) => sets(a, b, (x, y) => y.every((one) => x.some((other) => equals(one, other)))),
  'sets.intersects': (a, b) => sets(a, b, (x, y) => y.some((one) => x.some((other) => equals(one, other)))),
  'sets.equivalent': (a, b) =>
    sets(a, b, (x, y) => y.every((one) => x.some((other) => equals(one, other))) && x.every((one) => y.some((other) => equals(one, other)))),

  quantity: (v) => (text(v) ? quantityOf(v) : undefined),
  isQuantity: (v) => (text(v) ? isQuantity(v) : undefined),
  isInteger: (q) => (q instanceof QuantityValue ? q.quantity.nano % 1_000_000_000n === 0n : undefined),
  asInteger: (q) => {
    if (!(q instanceof QuantityValue)) return undefined;
    if (q.quantity.nano % 1_000_000_000n !== 0n) throw new CelError('cannot convert value to integer');
    return BigInt(quantityValue(q.quantity));
  },
  asApproximateFloat: (q) => (q instanceof QuantityValue ? Number(q.quantity.nano) / 1e9 : undefined),
  sign: (q) => (q instanceof QuantityValue ? (q.quantity.nano > 0n ? 1n : q.quantity.nano < 0n ? -1n : 0n) : undefined),
  isGreaterThan: (a, b) => quantities(a, b, (sign) => sign > 0),
  isLessThan: (a, b) => quantities(a, b, (sign) => sign < 0),
  compareTo: (a, b) => quantities(a, b, (sign) => BigInt(sign)),
  add: (a, b) => (a instanceof QuantityValue ? new QuantityValue(addQuantities(a.quantity, amount(b))) : undefined),
  sub: (a, b) => (a instanceof QuantityValue ? new QuantityValue(subtractQuantities(a.quantity, amount(b))) : undefined),

  url: (v) => {
    if (!text(v)) return undefined;
    const parsed = url(v);
    if (parsed === undefined) throw new CelError(`URL parse error during conversion from string: parse ${JSON.stringify(v)}: invalid URI for request`);
    return new UrlValue(parsed);
  },
  isURL: (v) => (text(v) ? url(v) !== undefined : undefined),
  getScheme: (u) => (u instanceof UrlValue ? (isRelative(u) ? '' : u.url.protocol.slice(0, -1)) : undefined),
  getHost: (u) => (u instanceof UrlValue ? (isRelative(u) ? '' : u.url.host) : undefined),
  getHostname: (u) => (u instanceof UrlValue ? (isRelative(u) ? '' : u.url.hostname.replace(/^\[|\]$/g, '')) : undefined),
  getPort: (u) => (u instanceof UrlValue ? u.url.port : undefined),
  getEscapedPath: (u) => (u instanceof UrlValue ? u.url.pathname : undefined),
  getQuery: (u) => (u instanceof UrlValue ? new Map([...new Set(u.url.searchParams.keys())].map((key) => [key, u.url.searchParams.getAll(key)])) : undefined),

  'optional.of': (v) => new Optional(v),
  'optional.none': () => new Optional(undefined),
  'optional.ofNonZeroValue': (v) =>
    new Optional(v === null || v === '' || v === 0n || v === 0 || v === false || (isList(v as Value) && (v as readonly Value[]).length === 0) ? undefined : v),
  hasValue: (o) => (o instanceof Optional ? o.value !== undefined : undefined),
  value: (o) => {
    if (!(o instanceof Optional)) return undefined;
    if (o.value === undefined) throw new CelError('optional.none() dereference');
    return o.value;
  },
  or: (o, other) => (o instanceof Optional ? (o.value === undefined ? other : o) : undefined),
  orValue: (o, other) => (o instanceof Optional ? (o.value ?? other) : undefined),
};

function sets(a: Value | undefined, b: Value | undefined, judge: (x: readonly Value[], y: readonly Value[]) => boolean): Value | undefined {
  return a !== undefined && b !== undefined && isList(a) && isList(b) ? judge(a, b) : undefined;
}

function isQuantity(given: string): boolean {
  try {
    quantityOf(given);
    return true;
  } catch {
    return false;
  }
}

const amount = (value: Value | undefined) => (value instanceof QuantityValue ? value.quantity : quantityOf(String(value)).quantity);
const quantities = (a: Value | undefined, b: Value | undefined, judge: (sign: number) => Value): Value | undefined =>
  a instanceof QuantityValue && b instanceof QuantityValue ? judge(compareQuantities(a.quantity, b.quantity)) : undefined;

function formatted(pattern: string, args: readonly Value[]): string {
  let i = 0;
  return pattern.replace(/%(?:\.(\d+))?([%sdfebxXo])/g, (_, digits: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    const value = args[i++];
    if (value === undefined) throw new CelError(`index ${i - 1} out of range`);
    const number = value instanceof Uint ? value.value : value;
    if (verb === 's') return shown(value);
    if (verb === 'f') return Number(number).toFixed(digits === undefined ? 6 : Number(digits));
    if (verb === 'e') return Number(number).toExponential(digits === undefined ? 6 : Number(digits));
    if (typeof number !== 'bigint') return shown(value);
    const base = verb === 'd' ? 10 : verb === 'b' ? 2 : verb === 'o' ? 8 : 16;
    return verb === 'X' ? number.toString(base).toUpperCase() : number.toString(base);
  });
}

/** %s of any value. */
function shown(value: Value): string {
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  if (isMap(value))
    return `{${[...value]
      .map(([key, item]) => `${String(key)}: ${shown(item)}`)
      .sort()
      .join(', ')}}`;
  if (value === null) return 'null';
  return value instanceof TypeValue ? value.name : (toText(value) ?? typeOf(value));
}
