/** dd, shuf, truncate, expr, less and more, cmp, diff, od, hexdump, usleep, factor: the rest of the small tools. */
import { binaryOf, byteLength, textOfBinary } from '../../../api/bytes.js';
import { FileError } from '../../process.js';
import { errorText } from '../kernel.js';
import { isBytewise } from '../locale.js';
import type { Program, ProgramContext } from '../program.js';
import { gather, type InputState, linesIn, newInput, readInputs } from './input.js';
import { parseOptions } from './options.js';
import { posixRegExp } from './regex.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, c: 1, w: 2, b: 512, k: 1024, K: 1024, kB: 1000, M: 1024 ** 2, MB: 1e6, G: 1024 ** 3, GB: 1e9 };
function sizeOf(text: string): number | undefined {
  const match = /^(\d+)([a-zA-Z]*?)(?:iB|B(?<!kB|MB|GB))?$/.exec(text);
  const unit = match === null ? undefined : UNITS[match[2] as string];
  return unit === undefined ? undefined : Number((match as RegExpExecArray)[1]) * unit;
}

/** What one simulated file may hold; beyond it the disk is full. */
const MAX_FILE = 16 * 1024 * 1024;
const SPEED = 2e9;

interface DdState {
  done: number;
  until: number;
  data: string;
  since: number;
}

const CONVERSIONS: Readonly<Record<'busybox' | 'gnu', readonly string[]>> = {
  busybox: ['notrunc', 'sync', 'noerror', 'fsync', 'swab'],
  gnu: [
    'notrunc',
    'sync',
    'noerror',
    'fsync',
    'fdatasync',
    'swab',
    'ucase',
    'lcase',
    'ascii',
    'ebcdic',
    'ibm',
    'block',
    'unblock',
    'sparse',
    'excl',
    'nocreat',
  ],
};

const dd: Program = {
  name: 'dd',
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context) {
    const values = new Map(context.args.map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]));
    const bad = [...values].find(([name, text]) => ['bs', 'count', 'skip', 'seek', 'ibs', 'obs'].includes(name) && sizeOf(text) === undefined);
    if (bad !== undefined) {
      context.err(context.flavour === 'ash' ? `dd: invalid number '${bad[1]}'\n` : `dd: invalid number: '${bad[1]}'\n`);
      return 1;
    }
    const conversions = (values.get('conv') ?? '').split(',').filter((one) => one !== '');
    const unknown = conversions.find((one) => !CONVERSIONS[context.flavour === 'ash' ? 'busybox' : 'gnu'].includes(one));
    if (unknown !== undefined) {
      context.err(
        context.flavour === 'ash'
          ? `dd: invalid argument '${unknown}' to 'conv'\n`
          : `dd: invalid conversion: '${unknown}'\nTry 'dd --help' for more information.\n`,
      );
      return 1;
    }
    const size = sizeOf(values.get('bs') ?? values.get('ibs') ?? '512') as number;
    const count = values.has('count') ? (sizeOf(values.get('count') as string) as number) : Number.POSITIVE_INFINITY;
    const from = values.get('if');
    const to = values.get('of');
    const wanted = size * count;
    const source = from === undefined ? undefined : context.path(from);
    const endless = source === '/dev/zero' || source === '/dev/urandom' || source === '/dev/random';
    const target = to === undefined ? undefined : context.path(to);
    const state = (context.state ?? { done: -1, until: 0, data: '', since: context.now }) as DdState;
    context.state = state;
    if (state.done < 0) {
      if (endless && wanted === Number.POSITIVE_INFINITY && (target === '/dev/null' || target === undefined)) {
        // A burner of processor time: it has no end, and nothing to show.
        context.uses(size, 1_000_000_000);
        if (target === '/dev/null') return { wait: 'forever' };
      }
      let data: string;
      if (endless) {
        const bytes = Math.min(wanted, target === '/dev/null' ? 0 : MAX_FILE + 1);
        data = source === '/dev/zero' ? '\0'.repeat(bytes) : drawnBytes(context, Math.min(bytes, 65_536), bytes);
        state.done = Math.min(wanted, target === '/dev/null' ? wanted : MAX_FILE + 1);
      } else {
        if (source === undefined) {
          for (let text = context.read(); text !== undefined && state.data.length < wanted; text = context.read()) {
            if (text === '') return { wait: 'stdin' };
            state.data += binaryOf(text);
          }
          data = state.data;
          state.data = '';
        } else {
          try {
            data = binaryOf(context.files.read(source));
          } catch (error) {
            context.err(context.flavour === 'ash' ? `dd: can't open '${from}': ${errorText(error)}\n` : `dd: failed to open '${from}': ${errorText(error)}\n`);
            return 1;
          }
        }
        const skip = values.has('skip') ? (sizeOf(values.get('skip') as string) as number) * size : 0;
        data = data.slice(skip, skip + Math.min(wanted, data.length));
        state.done = data.length;
        if (conversions.includes('ucase')) data = data.replace(/[a-z]/g, (letter) => letter.toUpperCase());
        if (conversions.includes('lcase')) data = data.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      }
      let full = false;
      if (target === undefined) context.out(textOfBinary(data));
      else if (target !== '/dev/null') {
        try {
          const seek = values.has('seek') ? (sizeOf(values.get('seek') as string) as number) * size : 0;
          const old = conversions.includes('notrunc') || seek > 0 ? (context.files.stat(target) === undefined ? '' : binaryOf(context.files.read(target))) : '';
          const whole = old.slice(0, seek).padEnd(seek, '\0') + data + (conversions.includes('notrunc') ? old.slice(seek + data.length) : '');
          full = whole.length > MAX_FILE;
          context.files.write(target, textOfBinary(full ? whole.slice(0, MAX_FILE) : whole), { at: context.now });
          if (full) state.done = MAX_FILE;
        } catch (error) {
          full = error instanceof FileError && error.code === 'ENOSPC';
          if (!full) {
            context.err(context.flavour === 'ash' ? `dd: can't open '${to}': ${errorText(error)}\n` : `dd: failed to open '${to}': ${errorText(error)}\n`);
            return 1;
          }
          state.done = context.files.look(target).size;
        }
      }
      if (full) context.err(`dd: error writing '${to}': No space left on device\n`);
      state.data = full ? 'full' : '';
      state.until = context.now + Math.round((state.done / SPEED) * 1000);
    }
    if (context.now < state.until) return { wait: 'time', until: state.until as ProgramContext['now'] };
    const { done } = state;
    const whole = Math.floor(done / size);
    const part = done % size > 0 ? 1 : 0;
    const seconds = Math.max(0.000_05, (context.now - state.since) / 1000);
    if (values.get('status') !== 'none') {
      // What could not be written was read.
      const read = state.data === 'full' && part === 0 ? `${whole + 1}+0` : `${whole}+${part}`;
      context.err(`${read} records in\n${whole}+${part} records out\n`);
      if (values.get('status') !== 'noxfer') {
        const human = (n: number, unit: number): string => {
          const names = ['', 'K', 'M', 'G', 'T'];
          let i = 0;
          let value = n;
          while (value >= unit && i < 4) {
            value /= unit;
            i += 1;
          }
          return `${value.toFixed(1)}${names[i]}`;
        };
        if (context.flavour === 'ash')
          context.err(`${done} bytes (${human(done, 1024)}B) copied, ${seconds.toFixed(6)} seconds, ${human(done / seconds, 1024)}B/s\n`);
        else {
          const both = done >= 1024 ? ` (${trim(done, 1000)}B, ${trim(done, 1024)}iB)` : done >= 1000 ? ` (${trim(done, 1000)}B)` : '';
          context.err(`${done} byte${done === 1 ? '' : 's'}${both} copied, ${Number(seconds.toPrecision(6))} s, ${trim(done / seconds, 1000)}B/s\n`);
        }
      }
    }
    return state.data === 'full' ? 1 : 0;
  },
};

function trim(n: number, unit: number): string {
  const names = ['', unit === 1000 ? 'k' : 'K', 'M', 'G', 'T'];
  let i = 0;
  let value = n;
  while (value >= unit && i < 4) {
    value /= unit;
    i += 1;
  }
  return `${value < 10 && i > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${names[i]}`;
}

function drawnBytes(context: ProgramContext, drawn: number, length: number): string {
  let out = '';
  for (let i = 0; i < drawn; i += 1) out += String.fromCharCode(Math.floor(context.host.random() * 256));
  return drawn === 0 ? '' : out.repeat(Math.ceil(length / drawn)).slice(0, length);
}

const shuf: Program = {
  name: 'shuf',
  run(context) {
    const options = parseOptions(context, 'n:i:ezr', { 'input-range': 'i=', 'head-count': 'n=', echo: 'e', repeat: 'r' });
    if (typeof options === 'number') return options;
    let items: string[];
    const range = /^(\d+)-(\d+)$/.exec(options.value('i') ?? '');
    if (range !== null) items = Array.from({ length: Math.min(1_000_000, Number(range[2]) - Number(range[1]) + 1) }, (_, i) => String(Number(range[1]) + i));
    else if (options.has('e')) items = [...options.operands];
    else {
      const state = gather(context, options.operands.slice(0, 1));
      if ('wait' in state) return state;
      items = state.texts.flatMap(({ text }) => linesIn(text));
    }
    for (let i = items.length - 1; i > 0; i -= 1) {
      const k = Math.floor(context.host.random() * (i + 1));
      [items[i], items[k]] = [items[k] as string, items[i] as string];
    }
    const count = Number(options.value('n') ?? items.length);
    const chosen = options.has('r')
      ? Array.from({ length: count }, () => items[Math.floor(context.host.random() * items.length)] as string)
      : items.slice(0, count);
    context.out(chosen.map((item) => `${item}\n`).join(''));
    return 0;
  },
};

const truncate: Program = {
  name: 'truncate',
  aliases: ['fallocate'],
  run(context) {
    const options = parseOptions(context, 's:cl:', { size: 's=', length: 'l=' });
    if (typeof options === 'number') return options;
    const size = sizeOf((options.value('s') ?? options.value('l') ?? '0').replace(/^[+-]/, '')) ?? 0;
    for (const name of options.operands) {
      const path = context.path(name);
      try {
        const old = context.files.stat(path) === undefined ? '' : binaryOf(context.files.read(path));
        if (size > MAX_FILE) {
          context.err(`${context.name}: failed to truncate '${name}' at ${size} bytes: No space left on device\n`);
          return 1;
        }
        context.files.write(path, textOfBinary(old.slice(0, size).padEnd(size, '\0')), { at: context.now });
      } catch (error) {
        context.err(`${context.name}: cannot open '${name}' for writing: ${errorText(error)}\n`);
        return 1;
      }
    }
    return 0;
  },
};

const expr: Program = {
  name: 'expr',
  run(context) {
    const { args } = context;
    let at = 0;
    const fail = (text: string): never => {
      throw new SyntaxError(text);
    };
    const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);
    const number = (text: string): bigint =>
      /^-?\d+$/.test(text) ? BigInt(text) : fail(context.flavour === 'ash' ? 'non-numeric argument' : 'non-integer argument');
    const level = (operators: readonly string[], below: () => string, work: (operator: string, a: string, b: string) => string) => (): string => {
      let left = below();
      while (args[at] !== undefined && operators.includes(args[at] as string)) {
        const operator = args[at++] as string;
        left = work(operator, left, below());
      }
      return left;
    };
    const match = (text: string, pattern: string): string => {
      const found = posixRegExp(`^${pattern.replace(/^\^/, '')}`, { extended: false }).exec(text);
      if (/\\\(/.test(pattern)) return found?.[1] ?? '';
      return String(found?.[0].length ?? 0);
    };
    const primary = (): string => {
      const word = args[at++];
      if (word === undefined)
        return fail(
          args.length === 0
            ? context.flavour === 'ash'
              ? 'too few arguments'
              : 'missing operand'
            : context.flavour === 'ash'
              ? 'syntax error'
              : `syntax error: missing argument after '${args.at(-1)}'`,
        );
      if (word === '(') {
        const value = or();
        if (args[at++] !== ')') fail('syntax error');
        return value;
      }
      if (word === 'length') {
        const text = args[at++] ?? '';
        return String(isBytewise(context.host.os, (one) => context.env[one]) ? byteLength(text) : [...text].length);
      }
      if (word === 'substr') {
        const [text = '', from = '0', count = '0'] = args.slice(at, at + 3);
        at += 3;
        return text.slice(Math.max(0, Number(from) - 1), Math.max(0, Number(from) - 1 + Number(count)));
      }
      if (word === 'index') {
        const [text = '', chars = ''] = args.slice(at, at + 2);
        at += 2;
        return String([...text].findIndex((char) => chars.includes(char)) + 1);
      }
      if (word === 'match') {
        const [text = '', pattern = ''] = args.slice(at, at + 2);
        at += 2;
        return match(text, pattern);
      }
      return word;
    };
    const matching = level([':'], primary, (_, a, b) => match(a, b));
    const product = level(['*', '/', '%'], matching, (operator, a, b) => {
      const [x, y] = [number(a), number(b)];
      if (operator === '*') return String(x * y);
      if (y === 0n) return fail('division by zero');
      return String(operator === '/' ? x / y : x % y);
    });
    const sum = level(['+', '-'], product, (operator, a, b) => String(operator === '+' ? number(a) + number(b) : number(a) - number(b)));
    const compare = level(['<', '<=', '=', '==', '!=', '>=', '>'], sum, (operator, a, b) => {
      const numbers = /^-?\d+$/.test(a) && /^-?\d+$/.test(b);
      const order = numbers ? (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0) : a < b ? -1 : a > b ? 1 : 0;
      const holds = { '<': order < 0, '<=': order <= 0, '=': order === 0, '==': order === 0, '!=': order !== 0, '>=': order >= 0, '>': order > 0 }[operator];
      return holds === true ? '1' : '0';
    });
    const and = level(['&'], compare, (_, a, b) => (isNull(a) || isNull(b) ? '0' : a));
    const or: () => string = level(['|'], and, (_, a, b) => (isNull(a) ? (isNull(b) ? '0' : b) : a));
    try {
      const value = or();
      if (at < args.length) fail(context.flavour === 'ash' ? 'syntax error' : `syntax error: unexpected argument '${args[at]}'`);
      context.out(`${value}\n`);
      return isNull(value) ? 1 : 0;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      context.err(
        `expr: ${error.message}\n${context.flavour !== 'ash' && error.message === 'missing operand' ? "Try 'expr --help' for more information.\n" : ''}`,
      );
      return 2;
    }
  },
};

/** Shows everything: there is nobody to turn pages. */
const pager = (name: string): Program => ({
  name,
  run(context) {
    const names = context.args.filter((arg) => !/^[-+]/.test(arg));
    const state = (context.state ?? newInput()) as InputState;
    context.state = state;
    const wait = readInputs(context, names, state, (text, _ended, file) => {
      // util-linux's more puts the name above each file when it does not write to a terminal.
      if (name === 'more' && context.flavour !== 'ash' && file !== '-') context.out(`::::::::::::::\n${file}\n::::::::::::::\n`);
      context.out(text);
      return true;
    });
    return wait ?? (state.failed ? 1 : 0);
  },
});

const comm: Program = {
  name: 'comm',
  run(context) {
    const options = parseOptions(context, '123', {});
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    const [left = [], right = []] = state.texts.map(({ text }) => linesIn(text));
    let [i, k] = [0, 0];
    const show = (column: number, line: string): void => {
      if (options.has(String(column))) return;
      context.out(`${'\t'.repeat([1, 2].filter((one) => one < column && !options.has(String(one))).length)}${line}\n`);
    };
    while (i < left.length || k < right.length) {
      const [a, b] = [left[i], right[k]];
      if (b === undefined || (a !== undefined && a < b)) show(1, left[i++] as string);
      else if (a === undefined || b < a) show(2, right[k++] as string);
      else {
        show(3, a);
        i += 1;
        k += 1;
      }
    }
    return state.failed ? 1 : 0;
  },
};

const cmp: Program = {
  name: 'cmp',
  run(context) {
    const options = parseOptions(context, 'sln:', { silent: 's', quiet: 's' });
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands.slice(0, 2));
    if ('wait' in state) return state;
    if (state.failed) return 2;
    const [a = '', b = ''] = state.texts.map(({ text }) => binaryOf(text));
    if (a === b) return 0;
    if (options.has('s')) return 1;
    let i = 0;
    while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
    const line = a.slice(0, i).split('\n').length;
    if (i >= a.length || i >= b.length)
      context.err(`cmp: EOF on ${options.operands[i >= a.length ? 0 : 1]}${context.flavour === 'ash' ? '' : ` after byte ${i}, in line ${line}`}\n`);
    else context.out(`${options.operands[0]} ${options.operands[1]} differ: char ${i + 1}, line ${line}\n`);
    return 1;
  },
};

/** Unified or classic differences, by the longest common subsequence. */
const diff: Program = {
  name: 'diff',
  run(context) {
    const options = parseOptions(context, 'uqrNbBwiU:s', { brief: 'q', unified: 'u' });
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands.slice(0, 2));
    if ('wait' in state) return state;
    if (state.failed) return 2;
    const [a = [], b = []] = state.texts.map(({ text }) => linesIn(text));
    if (state.texts[0]?.text === state.texts[1]?.text) return 0;
    if (options.has('q')) {
      context.out(`Files ${options.operands[0]} and ${options.operands[1]} differ\n`);
      return 1;
    }
    const edits = editsOf(a, b);
    if (options.has('u') || context.flavour === 'ash') {
      context.out(
        `--- ${options.operands[0]}\n+++ ${options.operands[1]}\n@@ -${a.length === 0 ? '0,0' : a.length === 1 ? '1' : `1,${a.length}`} +${b.length === 0 ? '0,0' : b.length === 1 ? '1' : `1,${b.length}`} @@\n`,
      );
      for (const [mark, line] of edits) context.out(`${mark}${line}\n`);
      return 1;
    }
    let [i, k] = [0, 0];
    for (let n = 0; n < edits.length; ) {
      if (edits[n]?.[0] === ' ') {
        i += 1;
        k += 1;
        n += 1;
        continue;
      }
      const removed: string[] = [];
      const added: string[] = [];
      for (; n < edits.length && edits[n]?.[0] !== ' '; n += 1)
        ((edits[n] as [string, string])[0] === '-' ? removed : added).push((edits[n] as [string, string])[1]);
      const span = (from: number, count: number): string => (count <= 1 ? String(from + count) : `${from + 1},${from + count}`);
      context.out(`${span(i, removed.length)}${removed.length === 0 ? 'a' : added.length === 0 ? 'd' : 'c'}${span(k, added.length)}\n`);
      context.out(removed.map((line) => `< ${line}\n`).join(''));
      if (removed.length > 0 && added.length > 0) context.out('---\n');
      context.out(added.map((line) => `> ${line}\n`).join(''));
      i += removed.length;
      k += added.length;
    }
    return 1;
  },
};

function editsOf(a: readonly string[], b: readonly string[]): [string, string][] {
  if (a.length * b.length > 4_000_000) return [...a.map((line): [string, string] => ['-', line]), ...b.map((line): [string, string] => ['+', line])];
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const cell = (i: number, k: number): number => (table[i] as Uint32Array)[k] as number;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let k = b.length - 1; k >= 0; k -= 1) (table[i] as Uint32Array)[k] = a[i] === b[k] ? cell(i + 1, k + 1) + 1 : Math.max(cell(i + 1, k), cell(i, k + 1));
  const out: [string, string][] = [];
  let [i, k] = [0, 0];
  while (i < a.length || k < b.length) {
    if (i < a.length && k < b.length && a[i] === b[k]) {
      out.push([' ', a[i] as string]);
      i += 1;
      k += 1;
    } else if (k >= b.length || (i < a.length && cell(i + 1, k) >= cell(i, k + 1))) out.push(['-', a[i++] as string]);
    else out.push(['+', b[k++] as string]);
  }
  return out;
}

const hex = (code: number): string => code.toString(16).padStart(2, '0');

const hexdump: Program = {
  name: 'hexdump',
  aliases: ['xxd', 'od'],
  run(context) {
    const options = parseOptions(context, 'Cn:vA:t:cxps:', {});
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    const text = binaryOf(state.texts.map((one) => one.text).join('')).slice(0, options.has('n') ? Number(options.value('n')) : undefined);
    if (context.name === 'xxd' && options.has('p')) {
      context.out(`${[...text].map((char) => hex(char.charCodeAt(0))).join('')}\n`);
      return 0;
    }
    const canonical = options.has('C') || context.name === 'xxd';
    const od = context.name === 'od';
    const bare = options.value('A') === 'n';
    for (let i = 0; i < text.length; i += 16) {
      const codes = [...text.slice(i, i + 16)].map((char) => char.charCodeAt(0));
      const shown = codes.map((code) => (code >= 32 && code < 127 ? String.fromCharCode(code) : '.')).join('');
      if (context.name === 'xxd')
        context.out(
          `${i.toString(16).padStart(8, '0')}: ${codes
            .map((code, n) => hex(code) + (n % 2 === 1 ? ' ' : ''))
            .join('')
            .padEnd(40)} ${shown}\n`,
        );
      else if (canonical)
        context.out(
          `${i.toString(16).padStart(8, '0')}  ${codes
            .map((code, n) => hex(code) + (n === 7 ? '  ' : ' '))
            .join('')
            .padEnd(50)}|${shown}|\n`,
        );
      else if (od && options.has('c'))
        context.out(
          `${bare ? '' : i.toString(8).padStart(7, '0')}${codes.map((code) => ({ 10: '\\n', 9: '\\t', 0: '\\0', 13: '\\r' })[code]?.padStart(4) ?? (code >= 32 && code < 127 ? `   ${String.fromCharCode(code)}` : ` ${code.toString(8).padStart(3, '0')}`)).join('')}\n`,
        );
      else if (od && /x1/.test(options.value('t') ?? ''))
        context.out(`${bare ? '' : i.toString(8).padStart(7, '0')}${codes.map((code) => ` ${hex(code)}`).join('')}\n`);
      else {
        const words: string[] = [];
        for (let n = 0; n < codes.length; n += 2) {
          const word = (codes[n] as number) + ((codes[n + 1] ?? 0) << 8);
          words.push(od && !options.has('x') && !/x/.test(options.value('t') ?? '') ? word.toString(8).padStart(6, '0') : word.toString(16).padStart(4, '0'));
        }
        context.out(`${bare ? '' : i.toString(od ? 8 : 16).padStart(7, '0')} ${words.join(' ')}\n`);
      }
    }
    if (context.name !== 'xxd' && text.length > 0 && !bare) context.out(`${text.length.toString(od ? 8 : 16).padStart(canonical ? 8 : 7, '0')}\n`);
    return 0;
  },
};

const usleep: Program = {
  name: 'usleep',
  run(context) {
    const state = (context.state ?? { until: context.now + Math.ceil(Number(context.args[0] ?? 0) / 1000) }) as { until: number };
    context.state = state;
    return context.now >= state.until ? 0 : { wait: 'time', until: state.until as ProgramContext['now'] };
  },
};

const split: Program = {
  name: 'split',
  run(context) {
    const options = parseOptions(context, 'l:b:a:d', {});
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands.slice(0, 1));
    if ('wait' in state) return state;
    const text = state.texts.map((one) => one.text).join('');
    const binary = binaryOf(text);
    const lines = text.split(/(?<=\n)/);
    const count = Number(options.value('l') ?? 1000);
    const bytes = options.has('b') ? (sizeOf(options.value('b') as string) ?? 1) : 0;
    const parts =
      bytes > 0
        ? Array.from({ length: Math.ceil(binary.length / bytes) }, (_, i) => textOfBinary(binary.slice(i * bytes, (i + 1) * bytes)))
        : Array.from({ length: Math.ceil(lines.length / count) }, (_, i) => lines.slice(i * count, (i + 1) * count).join(''));
    parts.slice(0, 676).forEach((part, i) => {
      const suffix = options.has('d') ? String(i).padStart(2, '0') : String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26));
      context.files.write(context.path(`${options.operands[1] ?? 'x'}${suffix}`), part, { at: context.now });
    });
    return 0;
  },
};

export const dataPrograms: readonly Program[] = [dd, shuf, truncate, expr, pager('less'), pager('more'), comm, cmp, diff, hexdump, usleep, split];
