/** RFC 6902 as github.com/evanphx/json-patch applies it. */

import { isEqual } from '../../api/equality.js';
import { badRequest, failure, type StatusError } from '../../api/errors.js';
import { copy, type Data, has, isMap, jsonKind, own, put } from './data.js';

/** 422 without a kind or a name: kubectl prints `The request is invalid: …`. */
const rejected = (): StatusError => failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** Upstream refuses longer ones (handlers/patch.go maxJSONPatchOperations). */
const MAX_OPERATIONS = 10_000;

export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest(`json: cannot unmarshal ${jsonKind(patch)} into Go value of type jsonpatch.Patch`);
  if (patch.length > MAX_OPERATIONS)
    throw failure(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    );
  return patch.reduce(applyOperation, document);
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isMap(operation)) throw badRequest(`json: cannot unmarshal ${jsonKind(operation)} into Go value of type jsonpatch.Operation`);
  const path = pointer(own(operation, 'path'));
  switch (own(operation, 'op')) {
    case 'add':
      return change(document, path, () => operand(operation), 'add');
    case 'remove':
      return change(document, path, () => undefined, 'remove');
    case 'replace':
      return change(document, path, () => operand(operation), 'replace');
    case 'move': {
      const from = pointer(own(operation, 'from'));
      const value = find(document, from);
      return change(
        change(document, from, () => undefined, 'remove'),
        path,
        () => value,
        'add',
      );
    }
    case 'copy': {
      const value = find(document, pointer(own(operation, 'from')));
      return change(document, path, () => value, 'add');
    }
    case 'test':
      // A missing value is equal to null.
      if (!isEqual(findOr(document, path), own(operation, 'value') ?? null)) throw rejected();
      return document;
    default:
      throw rejected();
  }
}

function operand(operation: Data): unknown {
  if (!has(operation, 'value')) throw rejected();
  return own(operation, 'value');
}

function pointer(path: unknown): readonly string[] {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) throw rejected();
  return path === ''
    ? []
    : path
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(document: unknown, path: readonly string[]): unknown {
  return path.reduce((at, key) => {
    if (Array.isArray(at)) return at[position(key, at.length)];
    if (!isMap(at) || !has(at, key)) throw rejected();
    return at[key];
  }, document);
}

function findOr(document: unknown, path: readonly string[]): unknown {
  let at = document;
  for (const key of path) {
    if (Array.isArray(at)) at = at[position(key, at.length)];
    else if (isMap(at)) at = own(at, key) ?? null;
    else throw rejected();
  }
  return at ?? null;
}

/** An index of an existing element; negative ones count from the end, as evanphx's does by default. */
function position(key: string, length: number): number {
  if (!/^-?\d+$/.test(key)) throw rejected();
  const index = Number(key);
  const at = index < 0 ? index + length : index;
  if (at < 0 || at >= length) throw rejected();
  return at;
}

type How = 'add' | 'remove' | 'replace';

/** Builds the document anew along the path. */
function change(document: unknown, path: readonly string[], value: () => unknown, how: How): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (how === 'remove') throw rejected();
    return value();
  }
  if (Array.isArray(document)) return changeArray(document, key, rest, value, how);
  if (!isMap(document)) throw rejected();
  if (rest.length > 0 || how !== 'add') {
    if (!has(document, key)) throw rejected();
  }
  const next = copy(document);
  if (rest.length > 0) put(next, key, change(next[key], rest, value, how));
  else if (how === 'remove') delete next[key];
  else put(next, key, value());
  return next;
}

function changeArray(array: readonly unknown[], key: string, rest: readonly string[], value: () => unknown, how: How): unknown {
  const next = [...array];
  if (rest.length > 0) {
    const at = position(key, array.length);
    next[at] = change(array[at], rest, value, how);
  } else if (how === 'add') next.splice(key === '-' ? array.length : position(key, array.length + 1), 0, value());
  else if (how === 'remove') next.splice(position(key, array.length), 1);
  else next[position(key, array.length)] = value();
  return next;
}
