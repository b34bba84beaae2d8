/** Semantic equality of API objects: absent, undefined and (in maps and lists) nothing more; identical subtrees are not walked. */

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

type Fields = Readonly<Record<string, unknown>>;
const NOTHING: ReadonlySet<string> = new Set();

/** Whether two structs agree in all fields but those named. */
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
