/** Strategic merge patches as kustomize applies them (kyaml yaml/merge2, yaml/walk): new items of lists come first. */
import { UsageError } from '../command.js';
import type { PatchField, PatchType } from '../patch-schema.js';
import { isMissing, isTree, nodeKind, type Tree, textOf, type Value, wrongKind } from './tree.js';

/** How a field merges; undefined: of a kind nothing is known of, whose lists are replaced. */
interface Schema {
  readonly type?: PatchType | undefined;
  /** A list that merges, by these keys; none: a list of words. */
  readonly keys?: readonly string[] | undefined;
}

/** Where the API says more than one key (x-kubernetes-list-map-keys), by list and first key. */
const SECOND_KEYS: Readonly<Record<string, string>> = {
  'ports/containerPort': 'protocol',
  'ports/port': 'protocol',
  'topologySpreadConstraints/topologyKey': 'whenUnsatisfiable',
};

/** The patched object; undefined: it is gone. */
export const mergePatch = (target: Tree, patch: Tree, type: PatchType | undefined): Tree | undefined => merge(target, patch, { type }) as Tree | undefined;

/** undefined: there is no such field. A null that nobody patched stays. */
function merge(old: Value | undefined, patch: Value | undefined, schema: Schema): Value | undefined {
  const first = isMissing(old) ? patch : old;
  if (!isMissing(old) && !isMissing(patch) && nodeKind(old) !== nodeKind(patch)) throw wrongKind(nodeKind(old), patch);
  if (Array.isArray(first)) {
    const [oldList, patchList] = [old as Value[] | null | undefined, patch as Value[] | null | undefined];
    if (schema.keys !== undefined) return mergeLists(oldList, patchList, schema.keys, schema.type);
    return patchList === undefined ? (oldList ?? undefined) : (patchList ?? undefined);
  }
  if (isTree(first)) return mergeTrees(old as Tree | null | undefined, patch as Tree | null | undefined, schema);
  if (isMissing(first)) return patch === undefined && old === null ? null : undefined;
  return patch === undefined ? old : (patch ?? undefined);
}

function mergeTrees(old: Tree | null | undefined, patch: Tree | null | undefined, schema: Schema): Tree | undefined {
  if (patch === null && !isMissing(old)) return undefined;
  const directive = directiveOf(patch?.['$patch']);
  if (directive === 'delete') return undefined;
  const change = isMissing(patch) ? undefined : Object.fromEntries(Object.entries(patch).filter(([key]) => key !== '$patch'));
  // What is new, or takes the place of all, is merged with itself: its nulls go
  const from = isMissing(old) || directive === 'replace' ? change : old;
  const result: Tree = {};
  for (const key of new Set([...Object.keys(from ?? {}), ...Object.keys(change ?? {})])) {
    const value = merge(from?.[key], change?.[key], schemaOf(key, schema.type));
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function schemaOf(field: string, type: PatchType | undefined): Schema {
  const found: PatchField | undefined = type?.[field];
  if (found === undefined) return {};
  const { mergeKey } = found;
  const second = SECOND_KEYS[`${field}/${mergeKey}`];
  return { type: found.type, keys: mergeKey === undefined ? undefined : mergeKey === '' ? [] : second === undefined ? [mergeKey] : [mergeKey, second] };
}

function directiveOf(value: Value | undefined): 'merge' | 'replace' | 'delete' {
  if (isMissing(value)) return 'merge';
  if (value === 'merge' || value === 'replace' || value === 'delete') return value;
  throw new UsageError(`unknown patch strategy '${textOf(value)}'`);
}

function mergeLists(
  old: Value[] | null | undefined,
  patch: Value[] | null | undefined,
  keys: readonly string[],
  type: PatchType | undefined,
): Value[] | undefined {
  if (isMissing(old)) {
    if (isMissing(patch)) return undefined;
  } else if (patch === null) return undefined;
  let change = patch ?? undefined;
  let from = old ?? undefined;
  // An item that is nothing but a directive means the list
  const own = isMissing(old) ? undefined : change?.find((item) => isTree(item) && '$patch' in item && Object.keys(item).length === 1);
  if (own !== undefined) {
    const directive = directiveOf((own as Tree)['$patch']);
    change = change?.filter((item) => item !== own);
    if (directive === 'delete') return undefined;
    if (directive === 'replace') from = change;
  }
  return keys.length === 0 ? mergeWords(from ?? change ?? [], change) : mergeItems(from ?? change ?? [], change, keys, type);
}

/** Words of the patch first, then those that were there; each once. */
const mergeWords = (old: readonly Value[], patch: readonly Value[] | undefined): Value[] => {
  const seen = new Map<string, Value>();
  for (const item of [...(patch ?? []), ...old]) if (!seen.has(textOf(item))) seen.set(textOf(item), item);
  return [...seen.values()];
};

type Keyed = readonly string[];
const keyOf = (item: Value, keys: readonly string[]): Keyed => keys.map((key) => (isTree(item) ? textOf(item[key]) : ''));
const isEqualKey = (a: Keyed, b: Keyed): boolean => a.length === b.length && a.every((one, i) => one === b[i]);

/** walk/associative_sequence.go. */
function mergeItems(old: readonly Value[], patch: readonly Value[] | undefined, keys: readonly string[], type: PatchType | undefined): Value[] {
  let values: Keyed[] = [];
  for (const item of [...(patch ?? []), ...old]) {
    const key = keyOf(item, keys);
    if (!values.some((one) => isEqualKey(one, key))) values.push(key);
  }
  if (keys.length > 1) values = completed(values);
  // Keys that no item has do not tell items apart
  const valid = keys.filter((_, i) => values.some((one) => one[i] !== ''));
  const used = valid.length === 0 ? keys : valid;
  const usedOf = (value: Keyed): Keyed => (valid.length === 0 ? value : value.filter((_, i) => used.includes(keys[i] as string)));
  const added: Value[] = [];
  const dest: Value[] = [...old];
  for (const value of values) {
    const wanted = usedOf(value);
    const before = elementOf(dest, used, wanted);
    const item = merge(before, patch === undefined ? undefined : elementOf(patch, used, wanted), { type });
    if (item === undefined || item === null || (isTree(item) && Object.keys(item).length === 0)) {
      remove(dest, used, wanted);
      continue;
    }
    if (isTree(item)) for (const [i, key] of used.entries()) if (!(key in item) && wanted[i] !== '') item[key] = wanted[i] as string;
    if (before !== undefined) dest[dest.indexOf(before)] = item;
    put(added, item, used, wanted);
  }
  for (const item of dest) {
    const key = used.flatMap((one) => (isTree(item) && !isMissing(item[one]) ? [textOf(item[one])] : []));
    // What lacks a key is put at the end for it, and once more if there are others
    if (key.length < used.length) for (let i = key.length; i < used.length; i++) added.push(item);
    if (used.length > 1) remove(added, used, key);
    put(added, item, used, key);
  }
  return added;
}

/** The item whose keys have just these values; '' is no key at all only for one that says so. */
const elementOf = (list: readonly Value[], keys: readonly string[], values: Keyed): Value | undefined => {
  const valid = keys.flatMap((key, i) => (values[i] === '' ? [] : [[key, values[i] as string] as const]));
  const wanted = valid.length === 0 ? keys.map((key, i) => [key, values[i] as string] as const) : valid;
  return list.find((item) => isTree(item) && wanted.every(([key, value]) => key in item && textOf(item[key]) === value));
};

/** ElementSetter's way to find: '' matches whatever stands there, and a key without a value all. */
const isMatched = (item: Value, keys: readonly string[], values: Keyed): boolean =>
  isTree(item) &&
  values.length > 0 &&
  keys.every((key, i) => i >= values.length || (!isMissing(item[key]) && (values[i] === '' || textOf(item[key]) === values[i])));

function remove(list: Value[], keys: readonly string[], values: Keyed): void {
  const kept = list.filter((item) => !isMissing(item) && !isMatched(item, keys, values));
  list.splice(0, list.length, ...kept);
}

function put(list: Value[], item: Value, keys: readonly string[], values: Keyed): void {
  let isThere = false;
  for (const [i, one] of list.entries()) {
    if (!isMatched(one, keys, values)) continue;
    list[i] = item;
    isThere = true;
  }
  if (!isThere) list.push(item);
}

/** Values that agree where both say something are one (mergeValues). */
function completed(values: readonly Keyed[]): Keyed[] {
  const result = [...values];
  for (let i = 0; i < result.length; i++) {
    for (let j = 0; j < result.length; j++) {
      const [a, b] = [result[i] as Keyed, result[j] as Keyed];
      const isClash = a.some((one, k) => one !== b[k] && one !== '' && b[k] !== '');
      if (isClash || !a.some((one, k) => one === b[k])) continue;
      const both = a.map((one, k) => (one === '' ? (b[k] as string) : one));
      result[i] = both;
      result[j] = both;
    }
  }
  return result;
}
