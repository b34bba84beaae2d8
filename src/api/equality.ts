/** When two JSON values are the same. Identical subtrees, the usual case with frozen objects, are not walked. */

type Fields = Readonly<Record<string, unknown>>;

/** reflect.DeepEqual: to the value; only an undefined field is the same as an absent one. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isEqual(a[i], b[i])) return false;
    return true;
  }
  return !Array.isArray(b) && isEqualExcept(a as Fields, b as Fields, NOTHING);
}

const NOTHING: ReadonlySet<string> = new Set();

/** As {@link isEqual} of two structs, some of whose fields do not count. */
export function isEqualExcept(a: Fields, b: Fields, except: ReadonlySet<string>): boolean {
  let defined = 0;
  for (const key in a) {
    const value = a[key];
    if (value === undefined || except.has(key)) continue;
    defined++;
    if (!isEqual(value, b[key])) return false;
  }
  for (const key in b) if (b[key] !== undefined && !except.has(key)) defined--;
  return defined === 0;
}

/**
 * apiequality.Semantic.DeepEqual: absent, null and empty lists are one, as a nil slice is an empty one. Empty maps are not: a `{}` may
 * be a struct somebody points to.
 */
export function isSemanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => isSemanticEqual(item, b[i]));
  }
  const [left, right] = [a as Fields, b as Fields];
  for (const key in left) if (!isSemanticEqual(left[key], right[key])) return false;
  for (const key in right) if (!(key in left) && !isNothing(right[key])) return false;
  return true;
}

const isNothing = (value: unknown): value is undefined | null | readonly never[] =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** Of flat maps, such as labels. */
export function isSameMap(a: Readonly<Record<string, string>> | undefined, b: Readonly<Record<string, string>> | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  let count = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}
