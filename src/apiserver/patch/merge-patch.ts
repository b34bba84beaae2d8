/** JSON merge patches, as gopkg.in/evanphx/json-patch.v4 applies them: RFC 7386, and no nulls in what a patch brings, in lists neither. */

import { badRequest } from '../../api/errors.js';
import { copy, isMap, put } from '../../api/json-data.js';
import { jsonKind } from '../../api/json-patch.js';

/** `opened`: what the patch has gone into is noted there. */
export function mergePatch(document: unknown, patch: unknown, opened?: Set<unknown>): unknown {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isMap(patch)) throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(patch)} into Go value of type map[string]interface {}`);
  return merge(document, patch, opened);
}

function merge(target: unknown, patch: unknown, opened: Set<unknown> | undefined): unknown {
  if (!isMap(target)) return withoutNulls(patch, opened);
  if (!isMap(patch)) return patch;
  const next = copy(target);
  opened?.add(next);
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === null || value === undefined) delete next[key];
    else put(next, key, merge(Object.hasOwn(next, key) ? next[key] : undefined, value, opened));
  }
  return next;
}

/** Items of lists may be null, members may not. */
function withoutNulls(value: unknown, opened: Set<unknown> | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, opened));
  if (!isMap(value)) return value;
  const next: Record<string, unknown> = {};
  opened?.add(next);
  for (const key of Object.keys(value)) if (value[key] !== null && value[key] !== undefined) put(next, key, withoutNulls(value[key], opened));
  return next;
}
