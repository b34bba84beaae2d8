/** Values that may be absent: cel-go cel/library.go OptionalTypes. */
import { CelError, Duration, isList, isMap, Optional, Uint, type Value } from '../values.js';
import type { Library } from './function.js';

function isZero(value: Value): boolean {
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  if (isMap(value)) return value.size === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.ms === 0;
  return value === null || value === '' || value === 0n || value === 0 || value === false;
}

export const optionals: Library = {
  'optional.of': (value) => new Optional(value),
  'optional.none': () => new Optional(undefined),
  'optional.ofNonZeroValue': (value) => new Optional(isZero(value as Value) ? undefined : value),
  hasValue: (optional) => (optional instanceof Optional ? optional.value !== undefined : undefined),
  value: (optional) => {
    if (!(optional instanceof Optional)) return undefined;
    if (optional.value === undefined) throw new CelError('optional.none() dereference');
    return optional.value;
  },
  or: (optional, other) => (optional instanceof Optional ? (optional.value === undefined ? other : optional) : undefined),
  orValue: (optional, other) => (optional instanceof Optional ? (optional.value === undefined ? other : optional.value) : undefined),
};
