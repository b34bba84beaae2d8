/** What kustomize works on: the values of a document, changed in place. */
import { emitYaml } from '../../text/yaml-emitter.js';
import { UsageError } from '../command.js';

export type Value = null | boolean | number | string | Value[] | Tree;
export interface Tree {
  [field: string]: Value;
}

export const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isMissing = (value: Value | undefined): value is null | undefined => value === null || value === undefined;
export const isScalar = (value: Value | undefined): value is string | number | boolean | null =>
  value !== undefined && (value === null || typeof value !== 'object');

/** A scalar as it stands in the file. */
export const textOf = (value: Value | undefined): string => (isMissing(value) || typeof value === 'object' ? '' : String(value));

export const copyOf = <T extends Value>(value: T): T => structuredClone(value);

/** A place that holds a value: a field, an item, or the top. */
export interface Place {
  readonly get: () => Value | undefined;
  readonly set: (value: Value) => void;
}

export const fieldOf = (tree: Tree, name: string): Place => ({
  get: () => (Object.hasOwn(tree, name) ? tree[name] : undefined),
  set(value) {
    tree[name] = value;
  },
});
export const itemOf = (list: Value[], at: number): Place => ({
  get: () => list[at],
  set(value) {
    list[at] = value;
  },
});

/** kyaml utils.PathSplitter: `\/` is a delimiter that does not split. */
export function splitPath(path: string, delimiter: string): readonly string[] {
  const parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === '') parts.shift();
  const result = [parts[0] as string];
  for (const part of parts.slice(1)) {
    const last = result.at(-1) as string;
    if (last.endsWith('\\')) result[result.length - 1] = `${last.slice(0, -1)}${delimiter}${part}`;
    else result.push(part);
  }
  return result;
}

/** kyaml utils.SmarterPathSplitter: `[name=a.b]` and `[a.b/c]` stay whole, the latter without its brackets. */
export function splitSmartly(path: string): readonly string[] {
  const parts = splitPath(path, '.');
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    let part = parts[i] as string;
    if (part.startsWith('[') && !part.endsWith(']')) {
      while (i < parts.length - 1 && !part.endsWith(']')) part += `.${parts[++i]}`;
      if (!part.includes('=')) part = part.replace(/^[[\]]+|[[\]]+$/g, '');
    }
    result.push(part);
  }
  return result;
}

/** What kind of YAML node a value is, as kyaml names it. */
export const nodeKind = (value: Value | undefined): string =>
  Array.isArray(value) ? 'SequenceNode' : isTree(value) ? 'MappingNode' : value === undefined ? 'UnknownNode' : 'ScalarNode';

/** What kyaml says of a node that is of another kind than it needs. */
export const wrongKind = (wanted: string, value: Value): UsageError => {
  const contents = typeof value === 'object' ? emitYaml(value).trimEnd() : String(value);
  return new UsageError(`wrong node kind: expected ${wanted} but got ${nodeKind(value)}: node contents:\n${contents}\n`);
};

/** errors.WrapPrefixf. */
export function prefixed<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withPrefix(prefix, error);
  }
}

export const withPrefix = (prefix: string, error: unknown): unknown => (error instanceof UsageError ? new UsageError(`${prefix}: ${error.message}`) : error);

/** %v of a []string. */
export const goList = (items: readonly string[]): string => `[${items.join(' ')}]`;
