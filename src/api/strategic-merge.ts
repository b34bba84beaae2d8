/**
 * Strategic merge patch, on the server and in kubectl: k8s.io/apimachinery/pkg/util/strategicpatch. Lists with a merge key are merged by it; the directives
 * `$patch`, `$retainKeys`, `$setElementOrder/x` and `$deleteFromPrimitiveList/x` say what plain JSON cannot.
 */

import { isEqual } from './equality.js';
import { copy, type Data, goValue, isMap, own, put } from './json-data.js';
import { jsonKind } from './json-patch.js';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const SET_ORDER = '$setElementOrder/';

const BAD_RETAIN_KEYS = 'invalid patch format of retainKeys';
const BAD_ORDER = 'invalid patch format of setElementOrder list';
const BAD_DELETE_LIST = 'invalid patch format of primitive list';

/** The patch does not apply. `isBad`: it is no patch at all. */
export class StrategicMergeError extends Error {
  override readonly name = 'StrategicMergeError';
  constructor(
    message: string,
    readonly isBad: boolean,
  ) {
    super(message);
  }
}
const bad = (message: string) => new StrategicMergeError(message, true);
const plain = (message: string) => new StrategicMergeError(message, false);

/** How what may stand at a place of an object merges. */
export interface MergePlace {
  /** A list's: '' for a set of words. Absent: it is replaced whole. */
  readonly mergeKey?: string | undefined;
  /** A map that is replaced whole. */
  readonly isReplaced?: boolean;
  /** A list's items. */
  readonly items: MergePlace;
  /** Under a map's key. */
  child(key: string): MergePlace;
}

/** The document with the patch applied. Throws StrategicMergeError. */
export function strategicMerge(document: unknown, patch: unknown, place: MergePlace): unknown {
  if (patch === null) return document;
  if (!isMap(patch)) throw bad(`json: cannot unmarshal ${jsonKind(patch)} into Go value of type map[string]interface {}`);
  return mergeMap(isMap(document) ? document : {}, patch, place);
}

function mergeMap(original: Data, patch: Data, place: MergePlace): Data {
  const directive = own(patch, DIRECTIVE);
  if (directive !== undefined) return replaceMap(directive, patch);
  const next = copy(original);
  const rest = copy(patch);
  retainKeys(next, rest);
  for (const key of Object.keys(rest)) if (key.startsWith(SET_ORDER)) mergeOrdered(next, rest, key, place);
  for (const key of Object.keys(rest)) mergeKey(next, key, rest[key], place);
  return next;
}

function replaceMap(directive: unknown, patch: Data): Data {
  if (directive === 'delete') return {};
  if (directive !== 'replace') throw plain(`unknown patch type: ${String(directive)} in map: ${goValue(patch)}`);
  const next = copy(patch);
  delete next[DIRECTIVE];
  return next;
}

function mergeKey(next: Record<string, unknown>, rawKey: string, value: unknown, place: MergePlace): void {
  const isDeletion = rawKey.startsWith(DELETE_FROM);
  const key = isDeletion ? rawKey.slice(DELETE_FROM.length) : rawKey;
  if (value === null || value === undefined) {
    delete next[key];
    return;
  }
  const was = own(next, key);
  if (was === undefined || jsonKind(was) !== jsonKind(value)) {
    const taken = isDeletion ? undefined : dropDirectives(value);
    if (taken !== undefined) put(next, key, taken);
    return;
  }
  const at = place.child(key);
  if (Array.isArray(value)) put(next, key, mergeListAt(was as readonly unknown[], value, at, isDeletion));
  else if (isMap(value)) put(next, key, at.isReplaced === true ? (dropDirectives(value) ?? {}) : mergeMap(was as Data, value, at));
  else put(next, key, value);
}

/** Keys that are neither in the list nor set by the patch go. */
function retainKeys(next: Record<string, unknown>, patch: Record<string, unknown>): void {
  const keys = own(patch, RETAIN_KEYS);
  if (keys === undefined) return;
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(keys)) throw bad(BAD_RETAIN_KEYS);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM) || key.startsWith(SET_ORDER)) continue;
    if (!keys.includes(key)) throw bad(BAD_RETAIN_KEYS);
  }
  for (const key of Object.keys(next)) if (!keys.includes(key)) delete next[key];
}

function mergeListAt(original: readonly unknown[], patch: readonly unknown[], place: MergePlace, isDeletion: boolean): readonly unknown[] {
  const key = place.mergeKey;
  if (isDeletion) return original.filter((item) => !patch.some((gone) => isEqual(gone, item)));
  // A list that is replaced whole keeps nothing of the patch's directives either.
  if (key === undefined) return dropDirectives(patch) as readonly unknown[];
  return mergeList(original, patch, key, place.items);
}

function mergeList(original: readonly unknown[], patch: readonly unknown[], key: string, place: MergePlace): readonly unknown[] {
  checkElements(original, patch);
  if (key === '') {
    const merged = [...new Set([...original, ...patch])];
    return inOrder(merged, patch, original, key);
  }
  const { kept, changes } = applySpecial(original, patch, key);
  if (changes === undefined) return kept;
  const merged = [...kept];
  for (const change of changes) {
    const value = keyValue(change, key);
    const at = merged.findIndex((item) => isMap(item) && isEqual(own(item, key), value));
    if (at < 0) merged.push(dropDirectives(change));
    else merged[at] = mergeMap(merged[at] as Data, change, place);
  }
  return inOrder(merged, changes, original, key);
}

/** All of one Go type (sliceElementType); nulls are left to what follows. */
function checkElements(original: readonly unknown[], patch: readonly unknown[]): void {
  const [first, ...others] = [...original, ...patch].filter((item) => item !== null).map(goTypeOf);
  if (first === 'slice') throw plain('lists of lists are not supported');
  if (others.some((type) => type !== first)) throw plain(`list element types are not identical: ${goValue([original, patch])}`);
}
const goTypeOf = (item: unknown): string => (Array.isArray(item) ? 'slice' : Number.isInteger(item) ? 'int64' : typeof item);

function keyValue(item: Data, key: string): unknown {
  const value = own(item, key);
  if (value === undefined) throw plain(`map: ${goValue(item)} does not contain declared merge key: ${key}`);
  return value;
}

/** `$patch: delete` and `$patch: replace` elements. `changes` undefined: the list is replaced by `kept`. */
function applySpecial(original: readonly unknown[], patch: readonly unknown[], key: string): { kept: readonly unknown[]; changes?: readonly Data[] } {
  let kept = original;
  let isReplaced = false;
  const changes: Data[] = [];
  for (const item of patch) {
    if (!isMap(item)) throw plain(`expected a struct, but received a ${jsonKind(item)}`);
    const directive = own(item, DIRECTIVE);
    if (directive === undefined) changes.push(item);
    else if (directive === 'delete') {
      const value = keyValue(item, key);
      kept = kept.filter((other) => !(isMap(other) && isEqual(own(other, key), value)));
    } else if (directive === 'replace') isReplaced = true;
    else if (directive === 'merge') throw plain('merging lists cannot yet be specified in the patch');
    else throw plain(`unknown patch type: ${String(directive)} in map: ${goValue(item)}`);
  }
  return isReplaced ? { kept: changes } : { kept, changes };
}

/** `$setElementOrder/x`, together with the patch's own list x. */
function mergeOrdered(next: Record<string, unknown>, patch: Record<string, unknown>, directive: string, place: MergePlace): void {
  const order = patch[directive];
  delete patch[directive];
  if (!Array.isArray(order)) throw bad(BAD_ORDER);
  const field = directive.slice(SET_ORDER.length);
  const at = place.child(field);
  const key = at.mergeKey ?? '';
  const original = own(next, field) as readonly unknown[] | undefined;
  const changes = own(patch, field) as readonly unknown[] | undefined;
  if (original === undefined && (changes === undefined || changes === null)) return;
  if (changes !== undefined && changes !== null && !Array.isArray(changes)) throw bad(BAD_DELETE_LIST);
  checkOrder(changes ?? [], order, key);
  const merged =
    changes === undefined || changes === null
      ? (original ?? [])
      : original === undefined
        ? (dropDirectives(changes) as readonly unknown[])
        : mergeListAt(original, changes, at, false);
  put(next, field, inOrder(merged, order, afterChanges(original ?? [], changes ?? [], key), key));
  delete patch[field];
}

/**
 * What upstream takes for the list as it was when it orders the merged one: the same slice of memory, in which deletions have moved items
 * up and additions have taken the places that became free. So an item that is new may count as one with a place.
 */
function afterChanges(original: readonly unknown[], changes: readonly unknown[], key: string): readonly unknown[] {
  if (key === '' || !changes.some((item) => isMap(item) && own(item, DIRECTIVE) === 'delete')) return original;
  const left = original.filter((item) => !changes.some((gone) => isMap(gone) && own(gone, DIRECTIVE) === 'delete' && indexIn([gone], item, key) === 0));
  const added = changes.filter((item) => isMap(item) && own(item, DIRECTIVE) === undefined && indexIn(left, item, key) < 0);
  return [...left, ...added].slice(0, original.length);
}

/** The patch's list must be in the order given, and wholly in it. */
function checkOrder(changes: readonly unknown[], order: readonly unknown[], key: string): void {
  const fail = () => plain(`The order in patch list:\n${goValue(changes)}\n doesn't match $setElementOrder list:\n${goValue(order)}\n`);
  let last = -1;
  for (const item of changes) {
    if (isMap(item) && own(item, DIRECTIVE) !== undefined) continue;
    const at = indexIn(order, item, key);
    if (at < 0 || at < last) throw fail();
    last = at;
  }
}

export const indexIn = (list: readonly unknown[], item: unknown, key: string): number =>
  key === '' ? list.indexOf(item) : list.findIndex((other) => isMap(other) && isMap(item) && isEqual(own(other, key), own(item, key)));

/**
 * normalizeElementOrder: the patch's items in its order, the server's other items in theirs, the latter first where both know their places.
 * Where two patches are merged, deletions stand behind the rest.
 */
export function inOrder(merged: readonly unknown[], order: readonly unknown[], original: readonly unknown[], key: string): readonly unknown[] {
  const isGone = (item: unknown) => isMap(item) && own(item, DIRECTIVE) !== undefined;
  const sorted = (items: readonly unknown[], list: readonly unknown[]) => [
    ...items.filter((item) => !isGone(item)).sort((a, b) => indexIn(list, a, key) - indexIn(list, b, key)),
    ...items.filter(isGone),
  ];
  const mine = sorted(
    merged.filter((item) => indexIn(order, item, key) >= 0),
    order,
  );
  const others = sorted(
    merged.filter((item) => indexIn(order, item, key) < 0),
    original,
  );
  const all: unknown[] = [];
  let i = 0;
  for (const item of mine) {
    const at = indexIn(original, item, key);
    while (i < others.length && at >= 0) {
      const other = indexIn(original, others[i], key);
      if (other < 0 || other >= at) break;
      all.push(others[i++]);
    }
    all.push(item);
  }
  return [...all, ...others.slice(i)];
}

/** What is taken over from the patch as it is: without nulls and without whatever has a directive of its own (removeDirectives). */
function dropDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !(isMap(item) && own(item, DIRECTIVE) !== undefined)).map(dropDirectives);
  if (!isMap(value)) return value;
  if (own(value, DIRECTIVE) !== undefined) return undefined;
  const next: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key === RETAIN_KEYS || key.startsWith(SET_ORDER) || key.startsWith(DELETE_FROM)) continue;
    const kept = value[key] === null ? undefined : dropDirectives(value[key]);
    if (kept !== undefined) put(next, key, kept);
  }
  return next;
}
