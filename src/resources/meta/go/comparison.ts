/** Two values of a Go type, compared to the leaves, as github.com/google/go-cmp's reporter is told of them. */
import { compareQuantities, quantity } from '../../../api/quantity.js';
import { editScript } from './edit-script.js';
import { elementOf, type Fields, fieldOf, fieldsOf, isNil, keyTypeOf, kindOf, opened } from './layout.js';

/** A value and what it is compared with. What an element or entry has no counterpart for is {@link MISSING}. */
export interface Compared {
  readonly type: string;
  readonly x: unknown;
  readonly y: unknown;
  /** Leaves that are the same, and that are not. */
  same: number;
  different: number;
  /** Leaves compared by the type's own Equal. */
  byMethod: number;
  /** All below, and how deep it goes. */
  descendants: number;
  depth: number;
  /** Of structs, lists and maps. */
  parts?: readonly Part[];
  /** Of pointers. */
  pointee?: Compared;
}
interface Part {
  /** The name of a field; a key of a map. */
  readonly key: string;
  readonly value: Compared;
}
export const MISSING = Symbol('missing');

export function compareValues(type: string, x: unknown, y: unknown): Compared {
  const node: Compared = { type, x, y, same: 0, different: 0, byMethod: 0, descendants: 0, depth: 0 };
  const leaf = (isSame: boolean): Compared => Object.assign(node, isSame ? { same: 1 } : { different: 1 });
  if (x === MISSING || y === MISSING) return leaf(false);
  if (type === 'resource.Quantity') return Object.assign(leaf(isSameQuantity(x, y)), { byMethod: 1 });
  if (type === 'Time') return leaf(x === y);
  const kind = kindOf(type);
  switch (kind) {
    case 'string':
    case 'integer':
    case 'bool':
      return leaf((x ?? ZERO[kind]) === (y ?? ZERO[kind]));
    case 'struct': {
      const [left, right] = [opened(type, x), opened(type, y)];
      return withParts(
        node,
        fieldsOf(type).map((field) => ({ key: field.name, value: compareValues(field.type, fieldOf(left, field), fieldOf(right, field)) })),
      );
    }
  }
  if (isNil(type, x) || isNil(type, y)) return leaf(isNil(type, x) && isNil(type, y));
  const element = elementOf(type);
  if (kind === 'pointer') {
    const pointee = compareValues(element, x, y);
    add(node, pointee);
    return Object.assign(node, { pointee });
  }
  if (kind === 'list') return withParts(node, compareLists(type, x as readonly unknown[], y as readonly unknown[]));
  const [left, right] = [x as Fields, y as Fields];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  const entry = (map: Fields, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : MISSING);
  return withParts(
    node,
    keys.map((key) => ({ key: mapKey(type, key), value: compareValues(element, entry(left, key), entry(right, key)) })),
  );
}

/** Resource names print themselves, which shows. */
export const mapKey = (map: string, key: string): string => `${keyTypeOf(map) === 'ResourceName' ? 's' : ''}${JSON.stringify(key)}`;

const ZERO = { string: '', integer: 0, bool: false };

function compareLists(type: string, x: readonly unknown[], y: readonly unknown[]): readonly Part[] {
  const element = elementOf(type);
  const edits = editScript(x.length, y.length, (i, k) => compareValues(element, x[i], y[k]));
  const parts: Part[] = [];
  let i = 0;
  let k = 0;
  for (const edit of edits) {
    const value = compareValues(element, edit === 'inserted' ? MISSING : x[i], edit === 'removed' ? MISSING : y[k]);
    parts.push({ key: '', value });
    if (edit !== 'inserted') i++;
    if (edit !== 'removed') k++;
  }
  return parts;
}

function withParts(node: Compared, parts: readonly Part[]): Compared {
  for (const { value } of parts) add(node, value);
  return Object.assign(node, { parts });
}

function add(node: Compared, part: Compared): void {
  node.same += part.same;
  node.different += part.different;
  node.byMethod += part.byMethod;
  node.descendants += part.descendants + 1;
  node.depth = Math.max(node.depth, part.depth + 1);
}

const isSameQuantity = (x: unknown, y: unknown): boolean => compareQuantities(quantity(String(x ?? '0')), quantity(String(y ?? '0'))) === 0;
