/** Applying patches on the client: `patch --local`, `run --overrides` (apimachinery strategicpatch, evanphx/json-patch). */

import { isEqual } from '../api/equality.js';
import { applyJsonPatch, JsonPatchError } from '../api/json-patch.js';
import type { Json, JsonObject } from '../api/object.js';
import { goValue } from '../text/go-format.js';
import { UsageError } from './command.js';
import { isMap } from './manifests.js';
import type { PatchType } from './patch-schema.js';

/** RFC 7386. */
export function applyMerge(target: Json | undefined, patch: Json): Json {
  if (!isMap(patch)) return patch;
  const result: Record<string, Json | undefined> = { ...(isMap(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = applyMerge(result[key], value);
  }
  return result;
}

/**
 * A strategic merge patch with the directives people write by hand: $patch, $retainKeys, $deleteFromPrimitiveList. New items of
 * lists go before the item that follows in the patch's order, or (kustomize) to the beginning.
 */
export function applyStrategic(target: JsonObject, patch: JsonObject, type: PatchType, added: 'ordered' | 'before' = 'ordered'): JsonObject {
  if (patch['$patch'] === 'replace') return without(patch, ['$patch']);
  if (patch['$patch'] === 'delete') return {};
  const retained = patch['$retainKeys'];
  let result: Record<string, Json | undefined> = { ...target };
  if (Array.isArray(retained)) result = Object.fromEntries(Object.entries(result).filter(([key]) => retained.includes(key)));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const name = key.slice('$deleteFromPrimitiveList/'.length);
      if (Array.isArray(result[name])) result[name] = (result[name] as readonly Json[]).filter((item) => !(value as readonly Json[]).includes(item));
      continue;
    }
    if (key.startsWith('$')) continue;
    const field = type[key] ?? {};
    const old = result[key];
    if (value === null) delete result[key];
    else if (isMap(value) && isMap(old) && field.replace !== true) result[key] = applyStrategic(old, value, field.type ?? {}, added);
    else if (Array.isArray(value) && Array.isArray(old) && field.mergeKey !== undefined) {
      result[key] = field.mergeKey === '' ? [...new Set([...old, ...value])] : mergeList(old, value, field.mergeKey, field.type ?? {}, added);
    } else result[key] = Array.isArray(value) ? value.filter((item) => !(isMap(item) && item['$patch'] === 'delete')) : value;
  }
  return result;
}

const without = (map: JsonObject, keys: readonly string[]): JsonObject => Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));

function mergeList(old: readonly Json[], patch: readonly Json[], mergeKey: string, type: PatchType, added: 'ordered' | 'before'): Json {
  if (patch.some((item) => isMap(item) && item['$patch'] === 'replace')) return patch.filter((item) => !(isMap(item) && item['$patch'] === 'replace'));
  const keyOf = (item: Json): Json | undefined => (isMap(item) ? item[mergeKey] : undefined);
  const result = [...old];
  const fresh: Json[] = [];
  for (const item of patch) {
    if (!isMap(item) || item[mergeKey] === undefined) throw new UsageError(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
    const at = result.findIndex((one) => isEqual(keyOf(one), keyOf(item)));
    if (item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = applyStrategic(result[at] as JsonObject, item, type, added);
    else fresh.push(item);
  }
  if (added === 'before') return [...fresh, ...result];
  const isPatched = (item: Json) => patch.some((one) => isEqual(keyOf(one), keyOf(item)));
  const positionOf = (item: Json) => old.findIndex((one) => isEqual(keyOf(one), keyOf(item)));
  const patched = patch.flatMap((one) => [...result, ...fresh].filter((item) => isEqual(keyOf(item), keyOf(one))));
  return mergeSorted(
    result.filter((item) => !isPatched(item)),
    patched,
    positionOf,
  );
}

/** strategicpatch mergeSortedSlice: an old item goes before a patched one only where both were there in that order. */
export function mergeSorted(left: readonly Json[], right: readonly Json[], positionOf: (item: Json) => number): Json[] {
  const merged: Json[] = [];
  let i = 0;
  for (const item of right) {
    const position = positionOf(item);
    while (i < left.length) {
      const before = positionOf(left[i] as Json);
      if (before < 0 || before >= position) break;
      merged.push(left[i++] as Json);
    }
    merged.push(item);
  }
  return [...merged, ...left.slice(i)];
}

/** RFC 6902, its failures in kubectl's words (pkg/cmd/patch/patch.go getPatchedJSON). Throws UsageError. */
export function applyOperations(target: Json, patch: Json): Json {
  try {
    return applyJsonPatch(target, patch);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    const key = /doc is missing key: ([\s\S]*)/.exec(error.message)?.[1];
    throw new UsageError(key === undefined ? error.message : `Object to be patched is missing field (${key})`);
  }
}
