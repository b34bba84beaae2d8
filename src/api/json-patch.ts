/**
 * RFC 6902 as gopkg.in/evanphx/json-patch.v4 applies it, on the server and in kubectl: `replace` of a member that is not there
 * sets it, `add` without a value adds null, negative indices count from the end.
 */
import { isEqual } from './equality.js';
import type { Json, JsonObject } from './object.js';

/** The patch cannot be read or does not apply. `isUnreadable`: it is no list of operations. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
  constructor(
    message: string,
    readonly isUnreadable = false,
  ) {
    super(message);
  }
}

type Container = Record<string, Json> | Json[];

/** The document changed by all operations, in order. Throws JsonPatchError. `opened`: what an operation has gone through is noted there. */
export function applyJsonPatch(document: Json, patch: Json, opened?: Set<unknown>): Json {
  if (patch === null) return document;
  if (!Array.isArray(patch)) throw new JsonPatchError(`json: cannot unmarshal ${jsonKind(patch)} into Go value of type jsonpatch.Patch`, true);
  const operations = patch as readonly Json[];
  const odd = operations.find((one) => one !== null && (typeof one !== 'object' || Array.isArray(one)));
  if (odd !== undefined) throw new JsonPatchError(`json: cannot unmarshal ${jsonKind(odd)} into Go value of type jsonpatch.Operation`, true);
  return operations.reduce<Json>((result, one) => applyOperation(result, (one ?? {}) as JsonObject, opened), structuredClone(document));
}

function applyOperation(document: Json, operation: JsonObject, opened: Set<unknown> | undefined): Json {
  const op = typeof operation['op'] === 'string' ? operation['op'] : 'unknown';
  const value = structuredClone(operation['value'] ?? null);
  const path = pointer(operation['path']);
  const from = pointer(operation['from']);
  const locate = (within: Json, at: string) => placeOf(within, at, opened);
  switch (op) {
    case 'add': {
      if (path === undefined) throw missing('add operation failed to decode path');
      const [at, key] = locate(document, path) ?? fail(missing(`add operation does not apply: doc is missing path: "${path}"`));
      within(`error in add for path: '${path}'`, () => add(at, key, value));
      return document;
    }
    case 'remove': {
      if (path === undefined) throw missing('remove operation failed to decode path');
      const [at, key] = locate(document, path) ?? fail(missing(`remove operation does not apply: doc is missing path: "${path}"`));
      within(`error in remove for path: '${path}'`, () => remove(at, key));
      return document;
    }
    case 'replace': {
      if (path === undefined) throw missing('replace operation failed to decode path: operation missing path field');
      if (path === '') return typeof value === 'object' && value !== null ? value : document;
      const [at, key] = locate(document, path) ?? fail(missing(`replace operation does not apply: doc is missing path: ${path}`));
      if (Array.isArray(at)) {
        try {
          at[position(key, at.length)] = value;
        } catch {
          throw missing(`replace operation does not apply: doc is missing key: ${path}`);
        }
      } else put(at, key, value);
      return document;
    }
    case 'move': {
      if (from === undefined) throw missing('move operation failed to decode from: operation, missing from field');
      const [source, name] = locate(document, from) ?? fail(missing(`move operation does not apply: doc is missing from path: ${from}`));
      const moved = within(`error in move for path: '${name}'`, () => {
        const found = get(source, name);
        remove(source, name);
        return found ?? null;
      });
      if (path === undefined) throw missing('move operation failed to decode path: operation missing path field');
      const [at, key] = locate(document, path) ?? fail(missing(`move operation does not apply: doc is missing destination path: ${path}`));
      within(`error in move for path: '${path}'`, () => add(at, key, moved));
      return document;
    }
    case 'copy': {
      if (from === undefined) throw missing('copy operation failed to decode from: operation, missing from field');
      const [source, name] = locate(document, from) ?? fail(missing(`copy operation does not apply: doc is missing from path: ${from}`));
      const copied = within(`error in copy for from: '${from}'`, () => structuredClone(get(source, name) ?? null));
      if (path === undefined) throw missing('copy operation failed to decode path');
      const [at, key] = locate(document, path) ?? fail(missing(`copy operation does not apply: doc is missing destination path: ${path}`));
      within('error while adding value during copy', () => add(at, key, copied));
      return document;
    }
    case 'test': {
      if (path === undefined) throw missing('test operation failed to decode path: operation missing path field');
      const [at, key] = path === '' ? [[document], '0'] : (locate(document, path) ?? fail(missing(`test operation does not apply: is missing path: ${path}`)));
      const found = within(`error in test for path: '${path}'`, () => get(at, key) ?? null);
      if (!isEqual(found, value)) throw new JsonPatchError(`testing value ${path} failed: test failed`);
      return document;
    }
    default:
      throw new JsonPatchError(`Unexpected kind: ${op}`);
  }
}

const missing = (text: string): JsonPatchError => new JsonPatchError(`${text}: missing value`);
const pointer = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const fail = (error: Error): never => {
  throw error;
};

/** errors.Wrapf. */
function within<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof JsonPatchError ? new JsonPatchError(`${where}: ${error.message}`) : error;
  }
}

/** What holds the last part of a path, and that part; undefined: there is no such place. */
function placeOf(document: Json, path: string, opened: Set<unknown> | undefined): readonly [Container, string] | undefined {
  const parts = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop();
  if (key === undefined) return undefined;
  let at: Json | undefined = document;
  opened?.add(at);
  for (const part of parts) {
    try {
      at = get(at as Container, part);
    } catch {
      return undefined;
    }
    if (typeof at !== 'object' || at === null) return undefined;
    opened?.add(at);
  }
  return [at as Container, key];
}

function get(at: Container, key: string): Json | undefined {
  if (Array.isArray(at)) return at[position(key, at.length)];
  return Object.hasOwn(at, key) ? at[key] : undefined;
}

function add(at: Container, key: string, value: Json): void {
  if (!Array.isArray(at)) put(at, key, value);
  else if (key === '-') at.push(value);
  else if (!/^[+-]?\d+$/.test(key)) throw new JsonPatchError(`value was not a proper array index: '${key}': ${notANumber(key)}`);
  else at.splice(position(key, at.length + 1), 0, value);
}

function remove(at: Container, key: string): void {
  if (Array.isArray(at)) at.splice(position(key, at.length), 1);
  else if (!Object.hasOwn(at, key)) throw missing(`Unable to remove nonexistent key: ${key}`);
  else delete at[key];
}

/** Also `__proto__` is a name like any other. */
function put(at: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(at, key, { value, enumerable: true, configurable: true, writable: true });
}

const notANumber = (key: string): string => `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;

function position(key: string, length: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw new JsonPatchError(notANumber(key));
  const index = Number(key);
  const at = index < 0 ? index + length : index;
  if (at < 0 || at >= length) throw new JsonPatchError(`Unable to access invalid index: ${index}: invalid index referenced`);
  return at;
}

/** A kind of JSON value as Go's decoder names it. */
export function jsonKind(value: unknown): 'null' | 'bool' | 'number' | 'string' | 'array' | 'object' {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'boolean' ? 'bool' : type === 'number' ? 'number' : type === 'string' ? 'string' : 'object';
}
