/** Applying patches on the client: `patch --local`, `run --overrides` (apimachinery strategicpatch, evanphx/json-patch). */

import { isEqual } from '../api/equality.js';
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
 * lists go to the end, or (kustomize) to the beginning.
 */
export function applyStrategic(target: JsonObject, patch: JsonObject, type: PatchType, added: 'after' | 'before' = 'after'): JsonObject {
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

function mergeList(old: readonly Json[], patch: readonly Json[], mergeKey: string, type: PatchType, added: 'after' | 'before'): Json {
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
  return added === 'after' ? [...result, ...fresh] : [...fresh, ...result];
}

interface Operation {
  readonly op?: Json;
  readonly path?: Json;
  readonly from?: Json;
  readonly value?: Json;
}

/** RFC 6902. Throws UsageError. */
export function applyJsonPatch(target: Json, patch: Json): Json {
  if (!Array.isArray(patch)) throw new UsageError('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  let result = target;
  for (const one of patch as readonly Operation[]) {
    const path = pathOf(one.path);
    switch (one.op) {
      case 'add':
        result = change(result, path, one.value ?? null, 'add');
        break;
      case 'replace':
        result = change(result, path, one.value ?? null, 'replace');
        break;
      case 'remove':
        result = change(result, path, undefined, 'remove');
        break;
      case 'test':
        if (!isEqual(find(result, path) ?? null, one.value ?? null)) throw new UsageError(`testing value ${one.path} failed: test failed`);
        break;
      case 'copy':
        result = change(result, path, find(result, pathOf(one.from)) ?? null, 'add');
        break;
      case 'move': {
        const value = find(result, pathOf(one.from)) ?? null;
        result = change(change(result, pathOf(one.from), undefined, 'remove'), path, value, 'add');
        break;
      }
      default:
        throw new UsageError(`unexpected kind: ${one.op ?? 'unknown'}`);
    }
  }
  return result;
}

const pathOf = (path: Json | undefined): readonly string[] =>
  String(path ?? '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function find(value: Json | undefined, path: readonly string[]): Json | undefined {
  let found = value;
  for (const key of path) found = Array.isArray(found) ? (found[key === '-' ? found.length - 1 : Number(key)] as Json) : isMap(found) ? found[key] : undefined;
  return found;
}

function change(target: Json, path: readonly string[], value: Json | undefined, operation: 'add' | 'replace' | 'remove', whole = path): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  const missing = () => new UsageError(`${operation} operation does not apply: doc is missing path: "/${whole.join('/')}": missing value`);
  if (Array.isArray(target)) {
    const list = [...(target as readonly Json[])];
    const index = key === '-' ? list.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > list.length || (index === list.length && !(operation === 'add' && rest.length === 0))) throw missing();
    if (rest.length > 0) list[index] = change(list[index] as Json, rest, value, operation, whole);
    else if (operation === 'add') list.splice(index, 0, value as Json);
    else if (operation === 'remove') list.splice(index, 1);
    else list[index] = value as Json;
    return list;
  }
  if (!isMap(target)) throw missing();
  const old = target[key];
  if (rest.length > 0) {
    if (old === undefined) throw missing();
    return { ...target, [key]: change(old, rest, value, operation, whole) };
  }
  if (operation === 'remove' && old === undefined)
    throw new UsageError(`error in remove for path: '/${whole.join('/')}': Unable to remove nonexistent key: ${key}: missing value`);
  return operation === 'remove' ? without(target, [key]) : { ...target, [key]: value };
}
