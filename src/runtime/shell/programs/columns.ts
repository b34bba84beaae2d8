/** nl, paste, fold, expand, unexpand: lines laid out anew. */
import type { Program, ProgramContext } from '../program.js';
import { gather, linesIn } from './input.js';
import { type Options, parseOptions } from './options.js';

/** A program that has read all its inputs before it lays out their lines. */
const linesProgram = (
  name: string,
  short: string,
  long: Readonly<Record<string, string>>,
  work: (context: ProgramContext, lines: readonly string[], options: Options) => void,
): Program => ({
  name,
  run(context) {
    const options = parseOptions(context, short, long);
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    work(
      context,
      state.texts.flatMap(({ text }) => linesIn(text)),
      options,
    );
    return state.failed ? 1 : 0;
  },
});

const nl = linesProgram('nl', 'b:w:s:v:i:n:h:f:p', { 'body-numbering': 'b=', 'number-width': 'w=', 'number-separator': 's=' }, (context, lines, options) => {
  const width = Number(options.value('w') ?? 6);
  const separator = options.value('s') ?? '\t';
  const all = options.value('b') === 'a';
  let n = Number(options.value('v') ?? 1);
  for (const line of lines) {
    if (options.value('b') === 'n' || (line === '' && !all)) context.out(`${' '.repeat(width + separator.length)}${line}\n`);
    else {
      const pads = { ln: String(n).padEnd(width), rz: String(n).padStart(width, '0') }[options.value('n') ?? ''];
      context.out(`${pads ?? String(n).padStart(width)}${separator}${line}\n`);
      n += Number(options.value('i') ?? 1);
    }
  }
});

const fold = linesProgram('fold', 'w:sb', { width: 'w=', spaces: 's' }, (context, lines, options) => {
  const width = Number(options.value('w') ?? 80);
  for (const line of lines) {
    let rest = line;
    while (rest.length > width) {
      const space = options.has('s') ? rest.slice(0, width).lastIndexOf(' ') + 1 : 0;
      const cut = space > 0 ? space : width;
      context.out(`${rest.slice(0, cut)}\n`);
      rest = rest.slice(cut);
    }
    context.out(`${rest}\n`);
  }
});

const paste: Program = {
  name: 'paste',
  run(context) {
    const options = parseOptions(context, 'd:s', { delimiters: 'd=', serial: 's' });
    if (typeof options === 'number') return options;
    const names = options.operands.length === 0 ? ['-'] : options.operands;
    // Standard input is one, however often it is named: its lines go round.
    const distinct = names.filter((name, i) => name !== '-' || names.indexOf('-') === i);
    const state = gather(context, distinct);
    if ('wait' in state) return state;
    const delimiters = [...(options.value('d') ?? '\t').replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\0/g, '')];
    const join = (parts: readonly string[]): string =>
      parts.reduce((line, part, i) => (i === 0 ? part : line + (delimiters[(i - 1) % Math.max(1, delimiters.length)] ?? '') + part), '');
    const queues = new Map(state.texts.map(({ name, text }) => [name, linesIn(text)]));
    if (options.has('s')) for (const column of queues.values()) context.out(`${join(column)}\n`);
    else while ([...queues.values()].some((queue) => queue.length > 0)) context.out(`${join(names.map((name) => queues.get(name)?.shift() ?? ''))}\n`);
    return state.failed ? 1 : 0;
  },
};

const expand = linesProgram('expand', 't:i', { tabs: 't=', initial: 'i' }, (context, lines, options) => {
  const size = Number(options.value('t') ?? 8);
  for (const line of lines) {
    let out = '';
    for (const char of line) out += char === '\t' ? ' '.repeat(size - ([...out].length % size)) : char;
    context.out(`${out}\n`);
  }
});

const unexpand = linesProgram('unexpand', 't:af', { tabs: 't=', all: 'a' }, (context, lines, options) => {
  const size = Number(options.value('t') ?? 8);
  for (const line of lines) {
    let out = '';
    let column = 0;
    let blanks = '';
    let leading = true;
    for (const char of line) {
      if ((char === ' ' || char === '\t') && (leading || options.has('a') || options.has('t'))) {
        blanks += char;
        column = char === '\t' ? (Math.floor(column / size) + 1) * size : column + 1;
        // A run that reaches a tab stop is a tab; a single blank stays one.
        if (column % size === 0) {
          out += blanks === ' ' ? ' ' : '\t';
          blanks = '';
        }
        continue;
      }
      out += blanks + char;
      blanks = '';
      leading = false;
      column += 1;
    }
    context.out(`${out}${blanks}\n`);
  }
});

export const columnPrograms: readonly Program[] = [nl, fold, paste, expand, unexpand];

/** Go's text/tabwriter with three blanks between columns that have a least width; a last cell is as wide as it is. */
export function tabulated(least: number, rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? least, cell.length + 3);
  return rows.map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] as number))).join('')}\n`).join('');
}
