/** `--sort-by` (kubectl pkg/cmd/get/sorter.go), and the relaxed paths it shares with custom columns. Loaded only when asked for. */
import type { KubeObject } from '../../api/object.js';
import { compareQuantities, parseQuantity } from '../../api/quantity.js';
import { typeName } from '../../text/go-printf.js';
import { goSort } from '../../text/go-sort.js';
import { parseJsonPath } from '../../text/jsonpath.js';
import { TextError } from '../../text/text-error.js';
import { UsageError } from '../command.js';
import type { Table } from './table.js';

const RELAXED = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;
const isRelaxed = (path: string): boolean => path === '' || RELAXED.test(path);

/** `.a.b`, `a.b`, `{.a.b}` and `{a.b}` are all `{.a.b}`. */
export function relaxedPath(path: string): string {
  if (path === '') return path;
  const match = RELAXED.exec(path);
  if (match === null) throw new UsageError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
  return `{.${match[1] ?? match[2]}}`;
}

/** For lists in all formats but tables. A path that no object has is an error. */
export const sortObjects = (objects: readonly KubeObject[], path: string): readonly KubeObject[] => sortItems(objects, path, (object) => object);

/** The same of what has objects. */
export function sortItems<T>(items: readonly T[], path: string, objectOf: (item: T) => unknown): readonly T[] {
  if (items.length === 0) return [];
  const field = relaxedPath(path);
  return (
    usable(() => {
      const keys = keysBy(field);
      return sorted(items, `${field} in *unstructured.Unstructured`, (item) => keys(objectOf(item)));
    }) ?? failUnknown(field)
  );
}

/**
 * undefined: no row has the path, one cannot be asked for it, or it is none (kubectl forgets the error, and prints nothing, as if there
 * were no rows). The rows need whole objects (`includeObject=Object`).
 */
export function sortTable(table: Table, path: string): Table | undefined {
  if (table.rows.length <= 1) return table;
  const field = isRelaxed(path) ? relaxedPath(path) : path;
  try {
    const keys = keysBy(field);
    const rows = sorted(table.rows, `${field} in [][][]reflect.Value`, (row) => keys(row.object));
    return rows === undefined ? undefined : { ...table, rows };
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

function keysBy(field: string): (object: unknown) => readonly unknown[] {
  const path = parseJsonPath(field, { allowMissingKeys: true });
  return (object) => path.results(object)[0] ?? [];
}

function failUnknown(field: string): never {
  throw new UsageError(`couldn't find any field with path ${JSON.stringify(field)} in the list of objects`);
}

function sorted<T>(items: readonly T[], what: string, keyOf: (item: T) => readonly unknown[]): T[] | undefined {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  if (!keyed.some(({ key }) => key.length > 0)) return undefined;
  // Upstream calls an absent value less than anything, another absent one included.
  goSort(keyed, (a, b) => a.key.length === 0 || (b.key.length > 0 && isLess(a.key[0], b.key[0], what)));
  return keyed.map(({ item }) => item);
}

/** JSONPath errors as the command's own. */
export function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TextError) throw new UsageError(error.message);
    throw error;
  }
}

/** isLess of what JSON decodes to; `what` is the field and what it is of. */
function isLess(a: unknown, b: unknown, what: string): boolean {
  if (a === null || b === null) return a === null && b !== null;
  if (typeof a === 'string' && typeof b === 'string') {
    const left = parseQuantity(a);
    const right = typeof left === 'string' ? left : parseQuantity(b);
    return typeof left === 'string' || typeof right === 'string' ? a < b : compareQuantities(left, right) < 0;
  }
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  const isKnown = typeof a === 'string' || typeof a === 'number';
  throw new UsageError(`Field ${what} is an unsortable type: interface, err: unsortable ${isKnown ? 'interface: interface' : `type: ${typeName(a)}`}`);
}
