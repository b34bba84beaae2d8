/** The values of CEL. Integers are bigints, doubles numbers; what JavaScript has no type for has a class. */
import { isEqual } from '../api/equality.js';
import { type CIDR, formatIP, type IP } from '../api/ip.js';
import { compareQuantities, type Quantity } from '../api/quantity.js';
import type { GoUrl } from '../text/go-url.js';

export type Key = string | bigint | boolean;
export type Value =
  | bigint
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Value[]
  | ReadonlyMap<Key, Value>
  | Uint
  | Timestamp
  | Duration
  | TypeValue
  | Optional
  | QuantityValue
  | UrlValue
  | AddressValue
  | CidrValue
  | SemverValue
  | FormatValue;

export class Uint {
  constructor(readonly value: bigint) {}
}
export class Timestamp {
  constructor(readonly ms: number) {}
}
export class Duration {
  constructor(readonly ms: number) {}
}
export class TypeValue {
  constructor(readonly name: string) {}
}
export class Optional {
  constructor(readonly value: Value | undefined) {}
}
export class QuantityValue {
  constructor(readonly quantity: Quantity) {}
}
export class UrlValue {
  constructor(readonly url: GoUrl) {}
}
export class AddressValue {
  constructor(readonly ip: IP) {}
}
export interface Semver {
  /** Major, minor, patch. */
  readonly numbers: readonly bigint[];
  readonly pre: readonly (bigint | string)[];
  readonly build: readonly string[];
}
export class SemverValue {
  constructor(readonly semver: Semver) {}
}
/** A format of strings, by its name. */
export class FormatValue {
  constructor(
    readonly name: string,
    readonly problems: (text: string) => readonly string[],
  ) {}
}
export class CidrValue {
  constructor(readonly cidr: CIDR) {}
}

/** What an expression comes to when it cannot be worked out. */
export class CelError extends Error {}

/** JSON as Kubernetes shows it to expressions: whole numbers are integers. */
export function fromJson(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object') return value as string | boolean;
  return new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}

/** A list that is a set, or whose items are told apart by `keys`: in which order they stand counts for nothing. */
export class KeyedList extends Array<Value> {
  itemKeys: readonly string[] | undefined;

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static listing(items: readonly Value[], keys?: readonly string[]): KeyedList {
    const list = new KeyedList();
    for (const item of items) list.push(item);
    list.itemKeys = keys;
    return list;
  }

  private indexAlike(item: Value): number {
    const { itemKeys: keys } = this;
    if (keys === undefined) return this.findIndex((one) => equals(one, item));
    const part = (of: Value, key: string): Value => (isMap(of) ? (of.get(key) ?? null) : null);
    return this.findIndex((one) => keys.every((key) => equals(part(one, key), part(item, key))));
  }

  isSame(other: readonly Value[]): boolean {
    return this.length === other.length && other.every((item) => this.some((one, i) => i === this.indexAlike(item) && equals(one, item)));
  }

  /** An item of the other list takes the place of the one it cannot be told from. */
  joined(other: readonly Value[]): KeyedList {
    const all = KeyedList.listing(this, this.itemKeys);
    for (const item of other) {
      const at = all.indexAlike(item);
      if (at < 0) all.push(item);
      else all[at] = item;
    }
    return all;
  }
}

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value | undefined): value is ReadonlyMap<Key, Value> => value instanceof Map;

export function typeOf(value: Value): string {
  if (value === null) return 'null_type';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Uint8Array) return 'bytes';
  if (isList(value)) return 'list';
  if (isMap(value)) return 'map';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof QuantityValue) return 'kubernetes.Quantity';
  if (value instanceof AddressValue) return 'net.IP';
  if (value instanceof CidrValue) return 'net.CIDR';
  if (value instanceof SemverValue) return 'kubernetes.Semver';
  if (value instanceof FormatValue) return 'kubernetes.NamedFormat';
  return value instanceof UrlValue ? 'kubernetes.URL' : 'type';
}

/** A number of any kind, to compare with. */
export function numeric(value: Value): bigint | number | undefined {
  if (value instanceof Uint) return value.value;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

export function equals(a: Value, b: Value): boolean {
  const [left, right] = [numeric(a), numeric(b)];
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint is loosely equal to the number of its value
  if (left !== undefined && right !== undefined) return left == right;
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof KeyedList) return isList(b) && a.isSame(b);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => equals(item, b[i] as Value));
  if (isMap(a)) return isMap(b) && a.size === b.size && [...a].every(([key, item]) => b.has(key) && equals(item, b.get(key) as Value));
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.ms === b.ms;
  if (a instanceof Duration) return b instanceof Duration && a.ms === b.ms;
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  if (a instanceof QuantityValue) return b instanceof QuantityValue && compareQuantities(a.quantity, b.quantity) === 0;
  if (a instanceof UrlValue) return b instanceof UrlValue && isEqual(a.url, b.url);
  if (a instanceof AddressValue) return b instanceof AddressValue && isEqual(a.ip, b.ip);
  if (a instanceof SemverValue) return b instanceof SemverValue && areSameVersions(a.semver, b.semver);
  if (a instanceof FormatValue) return b instanceof FormatValue && a.name === b.name;
  if (a instanceof CidrValue) return b instanceof CidrValue && isEqual(a.cidr, b.cidr);
  if (a instanceof Optional && b instanceof Optional) return a.value === undefined || b.value === undefined ? a.value === b.value : equals(a.value, b.value);
  return false;
}

/** What they were built from counts for nothing. */
const areSameVersions = (a: Semver, b: Semver): boolean => `${a.numbers} ${a.pre}` === `${b.numbers} ${b.pre}`;

/** undefined: they have no order. */
export function order(a: Value, b: Value): number | undefined {
  const [left, right] = [numeric(a), numeric(b)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return a.ms - b.ms;
  if (a instanceof Duration && b instanceof Duration) return a.ms - b.ms;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return undefined;
}

export const durationText = ({ ms }: Duration): string => `${ms / 1000}s`;
export const timestampText = ({ ms }: Timestamp): string => new Date(ms).toISOString().replace('.000Z', 'Z');
export const addressText = ({ ip }: AddressValue): string => formatIP(ip);
export const cidrText = ({ cidr }: CidrValue): string => `${formatIP(cidr.ip)}/${cidr.bits}`;

/** A map whose values are worked out when they are asked for, once. */
export class LazyMap extends Map<Key, Value> {
  private readonly thunks: ReadonlyMap<string, () => Value>;

  constructor(entries: readonly (readonly [string, () => Value])[]) {
    super();
    this.thunks = new Map(entries);
  }

  override get(key: Key): Value | undefined {
    const known = super.get(key);
    if (known !== undefined) return known;
    const value = this.thunks.get(String(key))?.();
    if (value !== undefined) this.set(key, value);
    return value;
  }

  override has(key: Key): boolean {
    return this.thunks.has(String(key));
  }
}
