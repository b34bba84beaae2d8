/**
 * Walks objects by their schema as server-side apply sees them: the set of fields of an object, what differs between two, one
 * merged into another, items taken out (sigs.k8s.io/structured-merge-diff typed).
 */

import { isEqual } from '../../api/equality.js';
import { type Data, has, isMap, own, put } from '../../api/json-data.js';
import type { Schemas } from '../../api/resource.js';
import { ANYTHING, childShape, type Shape } from '../patch/shape.js';
import { FieldSet } from './field-set.js';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Nothing differs. */
export const isEmpty = ({ added, modified, removed }: Comparison): boolean => added.isEmpty && modified.isEmpty && removed.isEmpty;

type Kind = 'leaf' | 'map' | 'list';

/** How a value at a place is owned: as a whole, key by key, or item by item. */
function kindOf(shape: Shape, value: unknown): Kind {
  if (Array.isArray(value)) return shape.field?.container === 'list' && shape.field.listType !== 'atomic' && shape.elements !== undefined ? 'list' : 'leaf';
  if (!isMap(value)) return 'leaf';
  // Elements of a list carry their list's field: an atomic struct in it is whole, the list is not.
  if (shape.field?.mapType === 'atomic' && (shape.field.container === undefined || shape.elements === undefined || shape.field.container === 'map'))
    return 'leaf';
  if (shape.definition === undefined && shape.elements === undefined) return 'leaf';
  return 'map';
}

/** Where items of a list stand in the tree: `k:{…}` by its keys, `v:…` by value. */
export function elementOf({ field, elements }: Shape, item: unknown): string {
  if (field?.listType === 'map' && isMap(item)) {
    const keys = [...(field.listMapKeys ?? [])].sort();
    return `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key, own(item, key) ?? defaultKey(elements, key)])))}`;
  }
  return `v:${JSON.stringify(item)}`;
}

/** Protocols have a default of their own; other keys are their type's zero value. */
function defaultKey(shape: Shape | undefined, key: string): unknown {
  if (key === 'protocol') return 'TCP';
  return shape?.definition?.fields[key]?.type === 'number' ? 0 : '';
}

/** Everything an applied configuration sets (ToFieldSet). */
export function fieldsOf(schemas: Schemas, shape: Shape, value: unknown, set = new FieldSet()): FieldSet {
  const kind = kindOf(shape, value);
  if (kind === 'leaf') set.isMember = true;
  else if (kind === 'list') {
    for (const item of value as readonly unknown[]) {
      const child = set.child(elementOf(shape, item));
      if (isMap(item)) fieldsOf(schemas, shape.elements ?? ANYTHING, item, child);
      child.isMember = true;
    }
  } else {
    const map = value as Data;
    for (const key of Object.keys(map)) {
      const at = childShape(schemas, shape, key) ?? ANYTHING;
      const child = set.child(`f:${key}`);
      fieldsOf(schemas, at, map[key], child);
      if (isMap(map[key]) && Object.keys(map[key] as Data).length === 0) child.isMember = true;
    }
  }
  return set;
}

export function compare(schemas: Schemas, shape: Shape, left: unknown, right: unknown): Comparison {
  const comparison = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  compareAt(schemas, shape, left, right, comparison);
  comparison.added.trim();
  comparison.modified.trim();
  comparison.removed.trim();
  return comparison;
}

const isNothing = (value: unknown): boolean => value === undefined;
const isHollow = (value: unknown): boolean =>
  value === undefined || value === null || (isMap(value) && Object.keys(value).length === 0) || (Array.isArray(value) && value.length === 0);

/** Puts into `found`, the sets of this place, how the sides differ. */
function compareAt(schemas: Schemas, shape: Shape, left: unknown, right: unknown, found: Comparison): void {
  if (left === right) return;
  const kind = kindOf(shape, isHollow(right) && !isHollow(left) ? left : right);
  if (kind === 'leaf' || (isHollow(left) && isHollow(right)) || isScalarBeside(left, right)) {
    compareLeaf(left, right, found);
    return;
  }
  const elements = kind === 'map' ? mapElements(schemas, shape, left, right) : listElements(shape, left, right);
  for (const { element, shape: at, left: one, right: two } of elements)
    compareAt(schemas, at, one, two, { added: found.added.child(element), modified: found.modified.child(element), removed: found.removed.child(element) });
  if (isNothing(left)) found.added.isMember = true;
  else if (isNothing(right)) found.removed.isMember = true;
}

/** A scalar on one side, something else on the other. */
const isScalarBeside = (left: unknown, right: unknown): boolean =>
  [left, right].some((side) => side !== undefined && side !== null && typeof side !== 'object');

function compareLeaf(left: unknown, right: unknown, { added, modified, removed }: Comparison): void {
  if (isNothing(left)) added.isMember = true;
  else if (isNothing(right)) removed.isMember = true;
  else if (!isEqual(left, right)) modified.isMember = true;
}

interface Pair {
  readonly element: string;
  readonly shape: Shape;
  readonly left: unknown;
  readonly right: unknown;
}

function mapElements(schemas: Schemas, shape: Shape, left: unknown, right: unknown): readonly Pair[] {
  const one = isMap(left) ? left : {};
  const two = isMap(right) ? right : {};
  const keys = new Set([...Object.keys(one), ...Object.keys(two)]);
  return [...keys]
    .filter((key) => one[key] !== two[key])
    .map((key) => ({ element: `f:${key}`, shape: childShape(schemas, shape, key) ?? ANYTHING, left: own(one, key), right: own(two, key) }));
}

function listElements(shape: Shape, left: unknown, right: unknown): readonly Pair[] {
  const one = itemsByElement(shape, left);
  const two = itemsByElement(shape, right);
  return [...new Set([...one.keys(), ...two.keys()])].map((element) => {
    const [left, right] = [one.get(element) ?? [], two.get(element) ?? []];
    // Items that stand twice are owned as one, without what is in them.
    if (left.length > 1 || right.length > 1) return { element, shape: ANYTHING, left: wholeOf(left), right: wholeOf(right) };
    return { element, shape: shape.elements ?? ANYTHING, left: left[0], right: right[0] };
  });
}

const wholeOf = (items: readonly unknown[]): unknown => (items.length === 0 ? undefined : items.length === 1 ? items[0] : items);

function itemsByElement(shape: Shape, list: unknown): ReadonlyMap<string, readonly unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of Array.isArray(list) ? list : []) {
    const element = elementOf(shape, item);
    const others = items.get(element);
    if (others === undefined) items.set(element, [item]);
    else others.push(item);
  }
  return items;
}

/** `over` laid over `base`: maps and lists with keys are joined, all else is replaced. */
export function mergeTyped(schemas: Schemas, shape: Shape, base: unknown, over: unknown): unknown {
  if (base === undefined || base === null) return over;
  // Null says nothing of a map or a list with keys.
  if (over === null && kindOf(shape, base) !== 'leaf') return base;
  const kind = kindOf(shape, over);
  if (kind === 'map' && isMap(base)) {
    const next: Record<string, unknown> = { ...base };
    for (const key of Object.keys(over as Data)) {
      const at = childShape(schemas, shape, key) ?? ANYTHING;
      put(next, key, mergeTyped(schemas, at, has(base, key) ? base[key] : undefined, (over as Data)[key]));
    }
    return next;
  }
  if (kind === 'list' && Array.isArray(base)) return mergeLists(schemas, shape, base, over as readonly unknown[]);
  return over;
}

/**
 * Items that both have stand as the configuration has them, what only the base has as early as it may (typed/merge.go
 * visitListItems).
 */
function mergeLists(schemas: Schemas, shape: Shape, base: readonly unknown[], over: readonly unknown[]): readonly unknown[] {
  const last = (items: ReadonlyMap<string, readonly unknown[]>) => new Map([...items].map(([element, list]) => [element, list.at(-1)]));
  const mine = last(itemsByElement(shape, base));
  const theirs = last(itemsByElement(shape, over));
  const left = [...mine.keys()];
  const right = [...theirs.keys()];
  const shared = right.filter((element) => mine.has(element));
  const result: unknown[] = [];
  const merged = new Set<string>();
  const merge = (element: string): void => {
    merged.add(element);
    result.push(mergeTyped(schemas, shape.elements ?? ANYTHING, mine.get(element), theirs.get(element)));
    if (shared[0] === element) shared.shift();
  };
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const [one, two] = [left[l], right[r]];
    if (one !== undefined && two !== undefined) {
      if (one === two) {
        merge(one);
        l++;
        r++;
        continue;
      }
      // Shared, but not the one whose turn it is.
      if (theirs.has(one) && shared.length > 0 && shared[0] !== one) {
        l++;
        continue;
      }
    }
    if (one !== undefined && !theirs.has(one)) {
      result.push(mine.get(one));
      l++;
      continue;
    }
    if (one !== undefined && merged.has(one)) l++;
    if (two !== undefined) {
      merge(two);
      r++;
    }
  }
  return result;
}

/** `value` without the members of `gone`; a list item goes when it is one, with all in it. */
export function removeFields(schemas: Schemas, shape: Shape, value: unknown, gone: FieldSet): unknown {
  const kind = kindOf(shape, value);
  if (kind === 'list') {
    return (value as readonly unknown[]).flatMap((item) => {
      const set = gone.children.get(elementOf(shape, item));
      if (set === undefined) return [item];
      return set.isMember ? [] : [removeFields(schemas, shape.elements ?? ANYTHING, item, set)];
    });
  }
  if (kind !== 'map') return value;
  const next: Record<string, unknown> = {};
  const map = value as Data;
  for (const key of Object.keys(map)) {
    const set = gone.children.get(`f:${key}`);
    if (set?.isMember && set.children.size === 0) continue;
    const rest = set === undefined ? map[key] : removeFields(schemas, childShape(schemas, shape, key) ?? ANYTHING, map[key], set);
    if (set?.isMember && isHollow(rest)) continue;
    put(next, key, rest);
  }
  return next;
}
