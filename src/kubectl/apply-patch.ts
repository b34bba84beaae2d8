/** Applying patches on the client: `patch --local`, `run --overrides` (apimachinery strategicpatch, evanphx/json-patch). */

import { applyJsonPatch, JsonPatchError } from '../api/json-patch.js';
import type { Json, JsonObject } from '../api/object.js';
import { type MergePlace, StrategicMergeError, strategicMerge } from '../api/strategic-merge.js';
import { UsageError } from './command.js';
import { isMap } from './manifests.js';
import type { PatchField, PatchType } from './patch-schema.js';

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

/** As the server does it, by the types kubectl was built with. Throws UsageError. */
export function applyStrategic(target: JsonObject, patch: JsonObject, type: PatchType): JsonObject {
  try {
    return strategicMerge(target, patch, placeOf({ type })) as JsonObject;
  } catch (error) {
    throw error instanceof StrategicMergeError ? new UsageError(error.message) : error;
  }
}

const placeOf = ({ mergeKey, replace, type = {} }: PatchField): MergePlace => ({
  mergeKey,
  isReplaced: replace === true,
  get items() {
    return placeOf({ type });
  },
  child: (key) => placeOf(type[key] ?? {}),
});

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
