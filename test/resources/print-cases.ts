/** Runs a print-cases file (object → cells, recorded from upstream's printers and their tests) against a kind's columns. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { AnyResourceView, Cell } from '../../src/api/resource.js';
import { parseTime, type Time } from '../../src/api/time.js';

interface PrintCases {
  readonly kind: string;
  readonly columns: readonly { readonly name: string; readonly wide: boolean }[];
  readonly cases: readonly {
    readonly name: string;
    readonly object: KubeObject;
    readonly wide: boolean;
    readonly now: string;
    readonly expected: readonly (Cell | '*')[];
  }[];
}

export function runPrintCases(view: AnyResourceView, file: URL): void {
  const { columns, cases } = JSON.parse(readFileSync(file, 'utf8')) as PrintCases;
  test('columns', () => {
    expect(view.columns.map((column) => ({ name: column.name.toUpperCase(), wide: (column.priority ?? 0) > 0 }))).toEqual(columns);
  });
  test.each(cases)('$name', ({ object, wide, now, expected }) => {
    const cells = view.columns.filter((column) => wide || !column.priority).map((column) => column.cell(object, parseTime(now) as Time));
    // '*' stands for an age upstream's test does not look at; numbers may be recorded as text.
    expect(cells.map((cell, i) => (expected[i] === '*' ? '*' : String(cell)))).toEqual(expected.map(String));
  });
}
