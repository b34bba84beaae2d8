/** Filling in without copying what is complete already: defaults run on every object written, most of which need none. */

/** `object` with each of `values` where it has none; `object` itself when nothing is missing. A zero string counts as none, as in Go. */
export function fill<T extends object>(object: T, values: Partial<T>): T {
  let filled: T | undefined;
  for (const key in values) {
    const present = object[key];
    if (present !== undefined && present !== null && present !== '') continue;
    filled ??= { ...object };
    filled[key] = values[key] as T[typeof key];
  }
  return filled ?? object;
}

/** {@link fill} for numbers that are no pointers in Go: 0 counts as none. */
export function fillZero<T extends object>(object: T, values: Partial<T>): T {
  let filled: T | undefined;
  for (const key in values) {
    if (object[key]) continue;
    filled ??= { ...object };
    filled[key] = values[key] as T[typeof key];
  }
  return filled ?? object;
}

/** `object` with `key` passed through `change`; `object` itself when that is absent or unchanged. */
export function over<T extends object, K extends keyof T>(object: T, key: K, change: (value: NonNullable<T[K]>) => T[K]): T {
  const value = object[key];
  if (value === undefined || value === null) return object;
  const next = change(value as NonNullable<T[K]>);
  return next === value ? object : { ...object, [key]: next };
}

/** `list.map(change)`, or `list` itself when every entry is unchanged. */
export function mapSame<T>(list: readonly T[], change: (entry: T) => T): readonly T[] {
  let mapped: T[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const entry = list[i] as T;
    const next = change(entry);
    if (mapped !== undefined) mapped.push(next);
    else if (next !== entry) {
      mapped = list.slice(0, i);
      mapped.push(next);
    }
  }
  return mapped ?? list;
}
