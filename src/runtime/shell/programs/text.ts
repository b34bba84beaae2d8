/** wc, uniq, cut, tr, rev, tac, base64: programs over text. */

import { binaryOf, byteLength, bytesOf, textOfBase64, textOfBinary } from '../../../api/bytes.js';
import { errorText } from '../kernel.js';
import { isBytewise } from '../locale.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { cannotOpen, gather, type InputState, linesIn, newInput, readInputs, type Whole } from './input.js';
import { parseOptions } from './options.js';

/** Reads everything, then works on it: for programs that need all their input. */
function whole(context: ProgramContext, operands: readonly string[], work: (texts: Whole['texts']) => number | undefined): number | Wait {
  const state = gather(context, operands);
  if ('wait' in state) return state;
  return work(state.texts) ?? (state.failed ? 1 : 0);
}

const wc: Program = {
  name: 'wc',
  run(context) {
    const options = parseOptions(context, 'lwcmL', { lines: 'l', words: 'w', bytes: 'c', chars: 'm', 'max-line-length': 'L' });
    if (typeof options === 'number') return options;
    const { operands } = options;
    const shown = options.flags.size === 0 ? ['l', 'w', 'c'] : ['l', 'w', 'm', 'c', 'L'].filter((letter) => options.has(letter));
    const width = columnWidth(context, operands, shown.length);
    const state = (context.state ?? { ...newInput(), current: '', totals: shown.map(() => 0) }) as InputState & { current: string; totals: number[] };
    context.state = state;
    const show = (counts: readonly number[], name: string): void =>
      context.out(`${counts.map((count) => String(count).padStart(width)).join(' ')}${operands.length > 0 ? ` ${name}` : ''}\n`);
    const wait = readInputs(
      context,
      operands,
      state,
      (text, ended, name) => {
        state.current += text;
        if (!ended) return true;
        const counts = shown.map((letter) =>
          countOf(
            state.current,
            letter,
            isBytewise(context.host.os, (one) => context.env[one]),
          ),
        );
        state.totals = state.totals.map((total, i) => (shown[i] === 'L' ? Math.max(total, counts[i] as number) : total + (counts[i] as number)));
        state.current = '';
        show(counts, name);
        return true;
      },
      (name, error) => {
        context.err(cannotOpen(context, name, error));
        // A directory opens, but nothing can be read from it.
        if (errorText(error) === 'Is a directory')
          show(
            shown.map(() => 0),
            name,
          );
      },
    );
    if (wait !== undefined) return wait;
    if (operands.length > 1) show(state.totals, 'total');
    return state.failed ? 1 : 0;
  },
};

/** busybox's columns are nine wide; GNU's as wide as the files' sizes together need, seven with a stream. A lone number has none. */
function columnWidth(context: ProgramContext, operands: readonly string[], columns: number): number {
  if (columns === 1 && operands.length < 2) return 0;
  if (context.flavour === 'ash') return 9;
  const found = (operands.length === 0 ? ['-'] : operands).map((name) => (name === '-' ? undefined : context.files.stat(context.path(name))));
  const isStream = operands.length === 0 || operands.includes('-') || found.some((stat) => stat !== undefined && stat.type !== 'file');
  const size = found.reduce((sum, stat) => sum + (stat?.type === 'file' ? stat.size : 0), 0);
  return Math.max(String(size).length, isStream ? 7 : 1);
}

/** A word has at least one character that prints: bytes of longer characters do not. */
function countOf(text: string, letter: string, isAscii: boolean): number {
  switch (letter) {
    case 'l':
      return text.split('\n').length - 1;
    case 'w':
      return (text.match(isAscii ? /[^ \t\n\v\f\r]*[\x21-\x7e][^ \t\n\v\f\r]*/g : /[^ \t\n\v\f\r]+/g) ?? []).length;
    case 'm':
      return isAscii ? byteLength(text) : [...text].length;
    case 'L':
      return Math.max(0, ...linesIn(text).map((line) => (isAscii ? byteLength(line) : [...line].length)));
    default:
      return byteLength(text);
  }
}

const uniq: Program = {
  name: 'uniq',
  run(context) {
    const options = parseOptions(context, 'cduif:s:w:z', {
      count: 'c',
      repeated: 'd',
      unique: 'u',
      'ignore-case': 'i',
      'skip-fields': 'f=',
      'skip-chars': 's=',
      'check-chars': 'w=',
    });
    if (typeof options === 'number') return options;
    const [fields, chars, most] = ['f', 's', 'w'].map((name) => options.value(name));
    const compared = (line: string): string => {
      const text = line
        .replace(new RegExp(`^(?:[ \\t]*[^ \\t]+){0,${Number(fields ?? 0)}}`), '')
        .slice(Number(chars ?? 0), most === undefined ? undefined : Number(chars ?? 0) + Number(most));
      return options.has('i') ? text.toLowerCase() : text;
    };
    return whole(context, options.operands.slice(0, 1), (texts) => {
      const groups: { line: string; count: number }[] = [];
      for (const line of texts.flatMap(({ text }) => linesIn(text))) {
        const last = groups.at(-1);
        if (last !== undefined && compared(last.line) === compared(line)) last.count += 1;
        else groups.push({ line, count: 1 });
      }
      const kept = groups.filter(({ count }) => !(options.has('d') && count < 2) && !(options.has('u') && count > 1));
      const text = kept.map(({ line, count }) => `${options.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`).join('');
      const target = options.operands[1];
      if (target === undefined) context.out(text);
      else context.files.write(context.path(target), text, { at: context.now });
      return undefined;
    });
  },
};

/** `1,3-5,7-` as a test of positions (from 1). */
function positions(list: string): (n: number) => boolean {
  const ranges = list.split(',').map((part) => {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    const from = Number(match?.[1] || 1);
    return { from, to: match?.[2] === '-' ? Number(match[3] || Number.POSITIVE_INFINITY) : from };
  });
  return (n) => ranges.some(({ from, to }) => n >= from && n <= to);
}

const cut: Program = {
  name: 'cut',
  run(context) {
    const gnu = { delimiter: 'd=', fields: 'f=', characters: 'c=', bytes: 'b=', 'only-delimited': 's', 'output-delimiter': 'O=', complement: 'complement' };
    const options = parseOptions(context, context.flavour === 'ash' ? 'd:f:c:b:snO:' : 'd:f:c:b:sn', context.flavour === 'ash' ? {} : gnu);
    if (typeof options === 'number') return options;
    const list = options.value('f') ?? options.value('c') ?? options.value('b');
    if (list === undefined) {
      context.err(
        context.flavour === 'ash'
          ? 'cut: expected a list of bytes, characters, or fields\n'
          : "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.\n",
      );
      return 1;
    }
    const within = positions(list);
    const chosen = (n: number): boolean => within(n) !== options.has('complement');
    const delimiter = options.value('d') ?? '\t';
    // Neither knows characters of several bytes: GNU's -c is its -b, busybox has no locale.
    const cutBytes = (line: string): string => textOfBinary([...binaryOf(line)].filter((_, i) => chosen(i + 1)).join(''));
    return whole(context, options.operands, (texts) => {
      let out = '';
      for (const line of texts.flatMap(({ text }) => linesIn(text))) {
        if (!options.has('f')) out += `${cutBytes(line)}\n`;
        else if (line.includes(delimiter)) {
          const fields = line.split(delimiter).filter((_, i) => chosen(i + 1));
          out += `${fields.join(options.value('O') ?? delimiter)}\n`;
        } else if (!options.has('s')) out += `${line}\n`;
      }
      context.out(out);
      return undefined;
    });
  },
};

/** tr's sets: ranges, classes, escapes. Of bytes: neither GNU's nor busybox's knows longer characters. */
function expandSet(given: string): string {
  const text = binaryOf(given);
  const classes: Readonly<Record<string, string>> = {
    alpha: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    lower: 'abcdefghijklmnopqrstuvwxyz',
    digit: '0123456789',
    alnum: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    space: '\t\n\v\f\r ',
    blank: '\t ',
    punct: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  };
  const plain = text
    .replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '')
    .replace(/\\([0-7]{1,3}|[\s\S])/g, (_, code: string) =>
      /^[0-7]/.test(code)
        ? String.fromCharCode(Number.parseInt(code, 8))
        : ({ n: '\n', t: '\t', r: '\r', '\\': '\\', a: '\x07', b: '\b', f: '\f', v: '\v' }[code] ?? code),
    );
  let out = '';
  for (let i = 0; i < plain.length; i += 1) {
    if (plain[i + 1] === '-' && plain[i + 2] !== undefined && plain.charCodeAt(i) <= plain.charCodeAt(i + 2)) {
      for (let code = plain.charCodeAt(i); code <= plain.charCodeAt(i + 2); code += 1) out += String.fromCharCode(code);
      i += 2;
    } else out += plain[i];
  }
  return out;
}

const tr: Program = {
  name: 'tr',
  run(context) {
    const options = parseOptions(context, 'dscCt', { delete: 'd', 'squeeze-repeats': 's', complement: 'c' }, { stopAtOperand: true });
    if (typeof options === 'number') return options;
    const from = expandSet(options.operands[0] ?? '');
    const to = expandSet(options.operands[1] ?? '');
    const complement = options.has('c') || options.has('C');
    const within = (char: string): boolean => from.includes(char) !== complement;
    const state = (context.state ?? { ...newInput(), last: '' }) as InputState & { last: string };
    context.state = state;
    const wait = readInputs(context, [], state, (text) => {
      let out = '';
      for (const char of binaryOf(text)) {
        if (options.has('d') && within(char)) continue;
        const mapped =
          !options.has('d') && to !== '' && within(char)
            ? complement
              ? (to.at(-1) as string)
              : (to[Math.min(from.indexOf(char), to.length - 1)] as string)
            : char;
        const squeezed =
          options.has('s') &&
          mapped === state.last &&
          (to === '' || options.has('d') ? (options.has('d') ? to.includes(mapped) : within(char)) : to.includes(mapped));
        if (!squeezed) out += mapped;
        state.last = mapped;
      }
      context.out(textOfBinary(out));
      return true;
    });
    return wait ?? 0;
  },
};

const lineWise = (name: string, change: (lines: readonly string[], isAscii: boolean) => readonly string[]): Program => ({
  name,
  run: (context) =>
    whole(
      context,
      context.args.filter((arg) => !/^-\w/.test(arg)),
      (texts) => {
        context.out(
          change(
            texts.flatMap(({ text }) => linesIn(text)),
            isBytewise(context.host.os, (one) => context.env[one]),
          )
            .map((line) => `${line}\n`)
            .join(''),
        );
        return undefined;
      },
    ),
});

const base64: Program = {
  name: 'base64',
  run(context) {
    const options = parseOptions(context, 'dDiw:', context.flavour === 'ash' ? {} : { decode: 'd', wrap: 'w=', 'ignore-garbage': 'i' });
    if (typeof options === 'number') return options;
    return whole(context, options.operands, (texts) => {
      const text = texts.map((one) => one.text).join('');
      if (options.has('d') || options.has('D')) {
        const clean = text.replace(/\s+/g, '');
        // What is good before the first fault is decoded.
        context.out(textOfBase64(/^[A-Za-z0-9+/]*={0,2}/.exec(clean)?.[0] ?? ''));
        if (!/^[A-Za-z0-9+/]*={0,2}$/.test(clean) || clean.length % 4 !== 0) {
          context.err(context.flavour === 'ash' ? 'base64: truncated input\n' : 'base64: invalid input\n');
          return 1;
        }
        return 0;
      }
      const encoded = Buffer.from(bytesOf(text)).toString('base64');
      const width = Number(options.value('w') ?? 76);
      context.out(width === 0 ? encoded : encoded === '' ? '' : `${encoded.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n')}\n`);
      return 0;
    });
  },
};

export const textPrograms: readonly Program[] = [
  wc,
  uniq,
  cut,
  tr,
  lineWise('rev', (lines, isAscii) => lines.map((line) => (isAscii ? textOfBinary([...binaryOf(line)].reverse().join('')) : [...line].reverse().join('')))),
  lineWise('tac', (lines) => [...lines].reverse()),
  base64,
];
