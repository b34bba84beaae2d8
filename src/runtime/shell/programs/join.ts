/** join(1): lines of two sorted files that have a field in common. */
import type { Program, ProgramContext } from '../program.js';
import { gather, linesIn } from './input.js';
import { parseOptions } from './options.js';

interface Row {
  readonly key: string;
  readonly fields: readonly string[];
}

export const join: Program = {
  name: 'join',
  run(context) {
    const options = parseOptions(context, '1:2:j:t:a:v:e:o:i', { 'ignore-case': 'i', 'check-order': 'c', nocheck: 'n' });
    if (typeof options === 'number') return options;
    if (options.operands.length < 2) {
      const [only] = options.operands;
      context.err(`join: missing operand${only === undefined ? '' : ` after '${only}'`}\nTry 'join --help' for more information.\n`);
      return 1;
    }
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    if (state.failed) return 1;
    const separator = options.value('t');
    const keys = ['1', '2'].map((side) => Number(options.value(side) ?? options.value('j') ?? 1) - 1);
    const fold = (text: string): string => (options.has('i') ? text.toLowerCase() : text);
    const tables = state.texts.map(({ text }, side) =>
      linesIn(text).map((line): Row => {
        const fields = separator === undefined ? line.trim().split(/[ \t]+/) : line.split(separator);
        return { key: fold(fields[keys[side] as number] ?? ''), fields };
      }),
    );
    const shown = (options.value('o') ?? '').split(/[ ,]+/).filter((one) => one !== '');
    const between = separator ?? ' ';
    const empty = options.value('e') ?? '';
    const show = (left: Row | undefined, right: Row | undefined): void => {
      const rows = [left, right];
      const one = (left ?? right) as Row;
      const keyText = one.fields[keys[left === undefined ? 1 : 0] as number] ?? '';
      const others = (row: Row | undefined, side: number): readonly string[] => (row === undefined ? [] : row.fields.filter((_, i) => i !== keys[side]));
      const fields =
        shown.length === 0
          ? [keyText, ...others(left, 0), ...others(right, 1)]
          : shown.map((spec) => (spec === '0' ? keyText : (rows[Number(spec[0]) - 1]?.fields[Number(spec.slice(2)) - 1] ?? empty)));
      context.out(`${fields.join(between)}\n`);
    };
    merge(tables[0] ?? [], tables[1] ?? [], {
      both: options.has('v') ? () => undefined : show,
      one: (side, row) => {
        const asked = [...(options.all.get('a') ?? []), ...(options.all.get('v') ?? [])];
        if (asked.includes(side)) show(...((side === '1' ? [row, undefined] : [undefined, row]) as [Row, undefined]));
      },
    });
    return unsorted(context, tables);
  },
};

/** Walks down both; lines of one key are paired each with each. */
function merge(left: readonly Row[], right: readonly Row[], found: { both(a: Row, b: Row): void; one(side: '1' | '2', row: Row): void }): void {
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [a, b] = [left[i], right[j]];
    if (b === undefined || (a !== undefined && a.key < b.key)) {
      found.one('1', a as Row);
      i += 1;
    } else if (a === undefined || b.key < a.key) {
      found.one('2', b);
      j += 1;
    } else {
      const same = (rows: readonly Row[], from: number): readonly Row[] => {
        let to = from;
        while (rows[to]?.key === a.key) to += 1;
        return rows.slice(from, to);
      };
      const [mine, others] = [same(left, i), same(right, j)];
      for (const one of mine) for (const other of others) found.both(one, other);
      i += mine.length;
      j += others.length;
    }
  }
}

/** Says which file is not sorted, if lines could not be paired for it. */
function unsorted(context: ProgramContext, tables: readonly (readonly Row[])[]): number {
  const operands = context.args.filter((arg) => !arg.startsWith('-') || arg === '-').slice(-2);
  for (const [side, rows] of tables.entries()) {
    const at = rows.findIndex((row, i) => i > 0 && row.key < (rows[i - 1] as Row).key);
    if (at < 0) continue;
    context.err(`join: ${operands[side]}:${at + 1}: is not sorted: ${rows[at]?.fields.join(' ')}\njoin: input is not in sorted order\n`);
    return 1;
  }
  return 0;
}
