/** RFC 7386. */

import { badRequest } from '../../api/errors.js';
import { copy, isMap, put } from '../../api/json-data.js';
import { jsonKind } from '../../api/json-patch.js';

export function mergePatch(document: unknown, patch: unknown): unknown {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isMap(patch)) throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(patch)} into Go value of type map[string]interface {}`);
  return merge(document, patch);
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const next = isMap(target) ? copy(target) : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === null || value === undefined) delete next[key];
    else put(next, key, merge(Object.hasOwn(next, key) ? next[key] : undefined, value));
  }
  return next;
}
