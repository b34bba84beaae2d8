/** nl, paste, fold, expand, unexpand: lines laid out anew. */
import type { Program } from '../program.js';
import { gather, linesIn } from './input.js';
import { parseOptions } from './options.js';

const nl: Program = {
  name: 'nl',
  run(context) {
    const options = parseOptions(context, 'b:w:s:v:i:n:h:f:p', { 'body-numbering': 'b=', 'number-width': 'w=', 'number-separator': 's=' });
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    const width = Number(options.value('w') ?? 6);
    const separator = options.value('s') ?? '\t';
    const all = options.value('b') === 'a';
    let n = Number(options.value('v') ?? 1);
    for (const line of state.texts.flatMap(({ text }) => linesIn(text))) {
      if (options.value('b') === 'n' || (line === '' && !all)) context.out(`${' '.repeat(width + separator.length)}${line}\n`);
      else {
        const pads = { ln: String(n).padEnd(width), rz: String(n).padStart(width, '0') }[options.value('n') ?? ''];
        context.out(`${pads ?? String(n).padStart(width)}${separator}${line}\n`);
        n += Number(options.value('i') ?? 1);
      }
    }
    return state.failed ? 1 : 0;
  },
};

const fold: Program = {
  name: 'fold',
  run(context) {
    const options = parseOptions(context, 'w:sb', { width: 'w=', spaces: 's' });
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    const width = Number(options.value('w') ?? 80);
    for (const { text } of state.texts)
      for (const line of linesIn(text)) {
        let rest = line;
        while (rest.length > width) {
          const space = options.has('s') ? rest.slice(0, width).lastIndexOf(' ') + 1 : 0;
          const cut = space > 0 ? space : width;
          context.out(`${rest.slice(0, cut)}\n`);
          rest = rest.slice(cut);
        }
        context.out(`${rest}\n`);
      }
    return state.failed ? 1 : 0;
  },
};

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

const expand: Program = {
  name: 'expand',
  run(context) {
    const options = parseOptions(context, 't:i', { tabs: 't=', initial: 'i' });
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    const size = Number(options.value('t') ?? 8);
    for (const line of state.texts.flatMap(({ text }) => linesIn(text))) {
      let out = '';
      for (const char of line) out += char === '\t' ? ' '.repeat(size - ([...out].length % size)) : char;
      context.out(`${out}\n`);
    }
    return state.failed ? 1 : 0;
  },
};

const unexpand: Program = {
  name: 'unexpand',
  run(context) {
    const options = parseOptions(context, 't:af', { tabs: 't=', all: 'a' });
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    const size = Number(options.value('t') ?? 8);
    for (const line of state.texts.flatMap(({ text }) => linesIn(text))) {
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
    return state.failed ? 1 : 0;
  },
};

export const columnPrograms: readonly Program[] = [nl, fold, paste, expand, unexpand];
