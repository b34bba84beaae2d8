/** What turns one JSON value into another, compactly: the history keeps versions as differences from the next one. */

/**
 * `{ '=': value }`: replaced. Otherwise by key (arrays of one length: by index): `-` lists what goes, `+` what is new or
 * changed, as a delta.
 */
export type Delta = { readonly '=': unknown } | { readonly '-'?: readonly string[]; readonly '+'?: Readonly<Record<string, Delta>> };

/** undefined: they are the same. Values must be JSON; members that are undefined count as absent. */
export function delta(from: unknown, to: unknown): Delta | undefined {
  if (from === to) return undefined;
  if (!isTree(from) || !isTree(to) || Array.isArray(from) !== Array.isArray(to)) return { '=': to };
  if (Array.isArray(from) && from.length !== (to as unknown as unknown[]).length) return { '=': to };
  const gone: string[] = [];
  const changed: Record<string, Delta> = {};
  let changes = 0;
  for (const key of Object.keys(from)) if (from[key] !== undefined && own(to, key) === undefined) gone.push(key);
  for (const key of Object.keys(to)) {
    if (to[key] === undefined) continue;
    const before = own(from, key);
    const change = before === undefined ? { '=': to[key] } : delta(before, to[key]);
    if (change === undefined) continue;
    changes++;
    // Not by assignment: a key may be `__proto__`.
    Object.defineProperty(changed, key, { value: change, enumerable: true, configurable: true, writable: true });
  }
  if (gone.length === 0 && changes === 0) return undefined;
  if (gone.length === 0) return { '+': changed };
  return changes === 0 ? { '-': gone } : { '-': gone, '+': changed };
}

/** `to`, given `from` and the delta between them. Shares what is unchanged. */
export function applyDelta(from: unknown, change: Delta | undefined): unknown {
  if (change === undefined) return from;
  if ('=' in change) return change['='];
  const changed = change['+'] ?? {};
  if (Array.isArray(from)) return from.map((item, i) => (Object.hasOwn(changed, i) ? applyDelta(item, changed[i]) : item));
  const entries = Object.entries(from as Tree).filter(([key]) => !change['-']?.includes(key) && !Object.hasOwn(changed, key));
  for (const [key, inner] of Object.entries(changed)) entries.push([key, applyDelta(own(from as Tree, key), inner)]);
  return Object.fromEntries(entries);
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
/** Keys may be `toString` or `__proto__`. */
const own = (tree: Tree, key: string): unknown => (Object.hasOwn(tree, key) ? tree[key] : undefined);
