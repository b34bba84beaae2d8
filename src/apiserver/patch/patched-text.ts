/**
 * What a JSON or merge patch makes of an object, as the real server has it: a text. What the patch has not gone into is as Go's structs
 * wrote it; the members of what it has gone into are sorted, for they have been in a map.
 */
import { isMap, put } from '../../api/json-data.js';
import { applyJsonPatch } from '../../api/json-patch.js';
import type { Json, KubeObject } from '../../api/object.js';
import type { Structs } from '../../api/structs.js';
import type { Patch } from '../../api/verbs.js';
import { byBytes } from '../../text/go-json-writer.js';
import { mergePatch } from './merge-patch.js';

/** The patched object with its members in the order of that text. The patch is one that applies. */
export function patchedInOrder(structs: Structs, old: KubeObject, patch: Patch): Json {
  const written = structs.inOrder(old) as unknown as Json;
  const opened = new Set<unknown>();
  const patched = patch.type === 'json' ? applyJsonPatch(written, patch.body as Json, opened) : (mergePatch(written, patch.body, opened) as Json);
  return sortOpened(patched, opened) as Json;
}

function sortOpened(value: unknown, opened: ReadonlySet<unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => sortOpened(item, opened));
  if (!isMap(value)) return value;
  const names = Object.keys(value);
  const next: Record<string, unknown> = {};
  for (const name of opened.has(value) ? names.sort(byBytes) : names) put(next, name, sortOpened(value[name], opened));
  return next;
}
