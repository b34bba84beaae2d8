/** Patches from three versions of an object: k8s.io/apimachinery util/strategicpatch patch.go, util/jsonmergepatch, as apply uses them. */
import { isEqual } from '../api/equality.js';
import type { Json, JsonObject } from '../api/object.js';
import { indexIn, inOrder, StrategicMergeError } from '../api/strategic-merge.js';
import { goValue } from '../text/go-format.js';
import { UsageError } from './command.js';
import { isMap } from './manifests.js';
import type { PatchField, PatchType } from './patch-schema.js';

/** A JSON value that is still being built. */
type Draft = Record<string, Json | undefined>;
type List = readonly Json[];

const SET_ORDER = '$setElementOrder/';

interface DiffOptions {
  readonly ignoreDeletions: boolean;
  readonly ignoreChanges: boolean;
  /** Say the order of merged lists (`$setElementOrder/…`). */
  readonly setOrder: boolean;
  readonly retainKeys?: boolean;
}

/** The patch would change what somebody else has changed otherwise: what each of them changes. */
export class PatchConflict extends Error {
  override readonly name = 'PatchConflict';
  constructor(
    readonly patch: JsonObject,
    readonly changes: JsonObject,
  ) {
    super('conflict');
  }
}

/** What turns `current` into `modified`, but removes only what `original` had: CreateThreeWayMergePatch. Without `overwrites` it throws PatchConflict. */
export function threeWayStrategic(original: JsonObject, modified: JsonObject, current: JsonObject, type: PatchType, overwrites = true): JsonObject {
  const delta = diffMaps(current, modified, type, { ignoreDeletions: true, ignoreChanges: false, setOrder: true });
  const deletions = diffMaps(original, modified, type, { ignoreDeletions: false, ignoreChanges: true, setOrder: true });
  const patch = sorted(mergePatches(deletions, delta, type));
  if (overwrites) return patch;
  const changes = sorted(diffMaps(original, current, type, { ignoreDeletions: false, ignoreChanges: false, setOrder: false }));
  if (haveConflicts(patch, changes, type)) throw new PatchConflict(patch, changes);
  return patch;
}

/** MergingMapsHaveConflicts: both patches say something else of the same field. */
function haveConflicts(a: JsonObject, b: JsonObject, type: PatchType): boolean {
  if (a['$patch'] !== b['$patch']) return true;
  return Object.entries(a).some(([key, value]) => {
    if (key === '$patch' || key === '$retainKeys' || b[key] === undefined) return false;
    return conflict(value as Json, b[key] as Json, type[key] ?? {});
  });
}

function conflict(a: Json, b: Json, field: PatchField): boolean {
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return true;
    const { mergeKey = '', type = {} } = field;
    const keyOf = (item: Json): Json | undefined => (isMap(item) ? item[mergeKey] : undefined);
    if (mergeKey === '') return a.some((item, i) => conflict(item as Json, b[i] as Json, { type }));
    return a.some((item) => {
      const other = b.find((one) => isEqual(keyOf(one as Json), keyOf(item as Json)));
      return other !== undefined && conflict(item as Json, other as Json, { type });
    });
  }
  if (!isMap(a)) return !isEqual(a, b);
  if (!isMap(b)) return true;
  return field.replace === true ? a['$patch'] !== b['$patch'] : haveConflicts(a, b, field.type ?? {});
}

/** What turns `original` into `modified`: CreateTwoWayMergePatch. Throws UsageError. */
export function twoWayStrategic(original: JsonObject, modified: JsonObject, type: PatchType): JsonObject {
  try {
    return sorted(diffMaps(original, modified, type, { ignoreDeletions: false, ignoreChanges: false, setOrder: true }));
  } catch (error) {
    throw error instanceof StrategicMergeError ? new UsageError(error.message) : error;
  }
}

/** The same for kinds without patch metadata: jsonmergepatch.CreateThreeWayJSONMergePatch. */
export function threeWayJson(original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject {
  const additions = withoutNulls(jsonDiff(current, modified, true));
  const deletions = jsonDiff(original, modified, false);
  return sorted(mergeJson(onlyNulls(deletions), additions));
}

/** JSON merge patch from one value to another (evanphx/json-patch CreateMergePatch). */
export function twoWayJson(original: JsonObject, modified: JsonObject): JsonObject {
  return sorted(jsonDiff(original, modified, false));
}

/** With the keys of maps as encoding/json writes them: a request's body is shown from -v=8 on. */
function sorted(patch: JsonObject): JsonObject {
  const inside = (value: Json): Json => (Array.isArray(value) ? value.map(inside) : isMap(value) ? sorted(value) : value);
  const keys = Object.keys(patch).filter((key) => patch[key] !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, inside(patch[key] as Json)]));
}

function jsonDiff(from: JsonObject, to: JsonObject, ignoreDeletions: boolean): JsonObject {
  const patch: Draft = {};
  for (const key of Object.keys(to)) {
    const a = from[key];
    const b = to[key];
    if (b === undefined) continue;
    if (isMap(a) && isMap(b)) {
      const inner = jsonDiff(a, b, ignoreDeletions);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (a === undefined || !isEqual(a, b)) patch[key] = b;
  }
  if (!ignoreDeletions) for (const key of Object.keys(from)) if (to[key] === undefined && from[key] !== undefined) patch[key] = null;
  return patch;
}

function onlyNulls(patch: JsonObject): JsonObject {
  const kept: Draft = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) kept[key] = null;
    else if (isMap(value)) {
      const inner = onlyNulls(value);
      if (Object.keys(inner).length > 0) kept[key] = inner;
    }
  }
  return kept;
}

/** A map that holds nothing else goes with its nulls; one that was given empty stays. */
function withoutNulls(patch: JsonObject): JsonObject {
  const kept: Draft = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) continue;
    const inner = isMap(value) ? withoutNulls(value) : value;
    if (!isMap(value) || Object.keys(value).length === 0 || Object.keys(inner as JsonObject).length > 0) kept[key] = inner;
  }
  return kept;
}

function mergeJson(a: JsonObject, b: JsonObject): JsonObject {
  const merged: Draft = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = merged[key];
    merged[key] = isMap(old) && isMap(value) ? mergeJson(old, value) : value;
  }
  return merged;
}

const kindOf = (value: Json | undefined): string =>
  Array.isArray(value) ? 'list' : isMap(value) ? 'map' : value === null || value === undefined ? 'null' : typeof value;

function diffMaps(original: JsonObject, modified: JsonObject, type: PatchType, options: DiffOptions): JsonObject {
  const patch: Draft = {};
  const retained: string[] = [];
  for (const key of Object.keys(modified)) {
    const to = modified[key];
    if (to === undefined) continue;
    if (options.retainKeys === true && to !== null) retained.push(key);
    const from = original[key];
    if (from === undefined) {
      if (!options.ignoreChanges) patch[key] = to;
      continue;
    }
    if (kindOf(from) !== kindOf(to)) {
      if (!options.ignoreChanges) patch[key] = to;
      continue;
    }
    const field = type[key] ?? {};
    if (isMap(from) && isMap(to)) diffMapField(key, from, to, field, patch, options);
    else if (Array.isArray(from) && field.mergeKey !== undefined) diffListField(key, from as List, to as unknown as List, field, patch, options);
    else if (!options.ignoreChanges && !isEqual(from, to)) patch[key] = to;
  }
  if (!options.ignoreDeletions) for (const key of Object.keys(original)) if (original[key] !== undefined && modified[key] === undefined) patch[key] = null;
  const adds = Object.keys(original).some((key) => original[key] !== undefined && original[key] !== null && modified[key] === undefined);
  if (retained.length > 0 && (Object.keys(patch).length > 0 || adds)) patch['$retainKeys'] = retained.sort();
  return patch;
}

function diffMapField(key: string, from: JsonObject, to: JsonObject, field: PatchField, patch: Draft, options: DiffOptions): void {
  if (field.replace === true) {
    if (!options.ignoreChanges) patch[key] = to;
    return;
  }
  const inner = diffMaps(from, to, field.type ?? {}, { ...options, retainKeys: field.retainKeys === true });
  if (Object.keys(inner).length > 0) patch[key] = inner;
}

function diffListField(key: string, from: List, to: List, field: PatchField, patch: Draft, options: DiffOptions): void {
  if (from.length === 0) {
    if (to.length > 0 && !options.ignoreChanges) patch[key] = to;
    return;
  }
  const mergeKey = field.mergeKey as string;
  const nameless = mergeKey === '' ? undefined : [...from, ...to].find((item) => isMap(item) && item[mergeKey] === undefined);
  if (nameless !== undefined) throw new StrategicMergeError(`map: ${goValue(nameless)} does not contain declared merge key: ${mergeKey}`, false);
  if (mergeKey === '') {
    const added = options.ignoreChanges ? [] : to.filter((item) => !from.includes(item));
    const deleted = options.ignoreDeletions ? [] : [...new Set(from.filter((item) => !to.includes(item)))].sort();
    if (added.length > 0) patch[key] = added;
    if (deleted.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = deleted;
    if (options.setOrder && (deleted.length > 0 || (!options.ignoreChanges && !isEqual(from, to)))) patch[`$setElementOrder/${key}`] = to;
    return;
  }
  const keyOf = (item: Json | undefined): Json | undefined => (isMap(item) ? item[mergeKey] : undefined);
  const changes: Json[] = [];
  // Of items with the same key, the first goes with the first, and so on (diffListsOfMaps walks both in order).
  const left = [...from];
  for (const item of to) {
    const index = left.findIndex((candidate) => isEqual(keyOf(candidate), keyOf(item)));
    const old = index < 0 ? undefined : left.splice(index, 1)[0];
    if (old === undefined) {
      if (!options.ignoreChanges) changes.push(item);
      continue;
    }
    const inner = diffMaps(old as JsonObject, item as JsonObject, field.type ?? {}, { ...options, retainKeys: field.retainKeys === true });
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: keyOf(item) });
  }
  if (!options.ignoreDeletions) for (const item of left) changes.push({ $patch: 'delete', [mergeKey]: keyOf(item) });
  const sameOrder = from.length === to.length && from.every((item, i) => isEqual(keyOf(item), keyOf(to[i])));
  if (changes.length > 0) patch[key] = changes;
  const says = (!options.ignoreChanges && (changes.length > 0 || !sameOrder)) || (!options.ignoreDeletions && changes.length > 0);
  if (options.setOrder && says && to.length > 0) patch[`$setElementOrder/${key}`] = to.map((item) => ({ [mergeKey]: keyOf(item) as Json }));
}

/** strategicpatch mergeMap of two patches: the second wins, and says the order of lists; what both leave out is left out. */
function mergePatches(a: JsonObject, b: JsonObject, type: PatchType): JsonObject {
  const merged: Draft = { ...a };
  const rest: Draft = { ...b };
  for (const [directive, order] of Object.entries(b)) {
    if (!directive.startsWith(SET_ORDER)) continue;
    merged[directive] = order;
    delete rest[directive];
    const key = directive.slice(SET_ORDER.length);
    const [old, added] = [merged[key] as List | undefined, rest[key] as List | undefined];
    if (old === undefined && added === undefined) continue;
    const field = type[key] ?? {};
    const both = old === undefined ? withoutDirectives(added ?? []) : added === undefined ? old : mergeLists(old, added, field);
    merged[key] = inOrder(both, order as List, old ?? [], field.mergeKey ?? '') as List;
    delete rest[key];
  }
  for (const [key, value] of Object.entries(rest)) {
    const old = merged[key];
    const field = type[key] ?? {};
    if (isMap(old) && isMap(value) && field.replace !== true) merged[key] = mergePatches(old, value, field.type ?? {});
    else if (Array.isArray(old) && Array.isArray(value) && field.mergeKey !== undefined) merged[key] = mergeLists(old, value, field);
    else merged[key] = Array.isArray(value) ? withoutDirectives(value) : value;
  }
  return merged;
}

const isDirective = (item: Json): boolean => isMap(item) && item['$patch'] !== undefined;
const withoutDirectives = (list: List): Json[] => list.filter((item) => !isDirective(item));

function mergeLists(old: List, added: List, { mergeKey = '', type = {} }: PatchField): List {
  if (mergeKey === '') return inOrder([...new Set([...old, ...added])], added, old, mergeKey) as List;
  const merged = [...old];
  const changes = withoutDirectives(added);
  for (const item of changes) {
    const at = indexIn(merged, item, mergeKey);
    if (at < 0) merged.push(item);
    else merged[at] = mergePatches(merged[at] as JsonObject, item as JsonObject, type);
  }
  return inOrder(merged, changes, old, mergeKey) as List;
}
