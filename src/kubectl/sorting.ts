/** --sort-by (kubectl pkg/cmd/get/sorter.go). */
import type { KubeObject } from '../api/object.js';
import { compareQuantities, parseQuantity } from '../api/quantity.js';
import { parseTime } from '../api/time.js';
import { UsageError } from './command.js';
import type { Table } from './printers/index.js';

/** What a path finds in an object; several results: the first counts. */
type Find = (object: unknown) => unknown;

/** Accepts `.a.b`, `a.b`, `{.a.b}` (get.RelaxedJSONPathExpression). */
export function relaxedJsonPath(field: string): string {
  if (field === '') return '';
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(field);
  if (match === null) throw new UsageError(`unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`);
  return `{.${match[1] ?? match[2]}}`;
}

async function finder(field: string): Promise<{ readonly find: Find; readonly path: string }> {
  const { parseJsonPath } = await import('../text/jsonpath.js');
  const path = relaxedJsonPath(field);
  const parsed = parseJsonPath(path, { allowMissingKeys: true });
  return { path, find: (object) => parsed.results(object)[0]?.[0] };
}

/** A stable order of rows by a field of their objects. Rows of which no object has the field are no rows at all. */
export async function tableSorter(field: string): Promise<(table: Table) => Table> {
  const { find } = await finder(field);
  return (table) => {
    const rows = table.rows.map((row) => ({ row, value: find(row.object) }));
    if (rows.every(({ value }) => value === undefined)) return { ...table, rows: [] };
    return { ...table, rows: rows.sort((a, b) => compareValues(a.value, b.value)).map(({ row }) => row) };
  };
}

export async function sortObjects(objects: readonly KubeObject[], field: string): Promise<KubeObject[]> {
  const { find, path } = await finder(field);
  const found = objects.map((object) => ({ object, value: find(object) }));
  if (objects.length > 0 && found.every(({ value }) => value === undefined)) {
    throw new UsageError(`couldn't find any field with path "${path}" in the list of objects`);
  }
  return found.sort((a, b) => compareValues(a.value, b.value)).map(({ object }) => object);
}

/** Missing values first; texts that are both quantities as such, then times, else by bytes. */
function compareValues(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'string' && typeof b === 'string') {
    const times = [parseTime(a), parseTime(b)];
    if (times[0] !== undefined && times[1] !== undefined) return times[0] - times[1];
    const [x, y] = [parseQuantity(a), parseQuantity(b)];
    if (typeof x !== 'string' && typeof y !== 'string') return compareQuantities(x, y);
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return 0;
}
