/** wc, sort, uniq, cut, tr, seq, rev, tac, nl, paste, fold, base64, md5sum and its like: programs over text. */

import { createHash } from 'node:crypto';
import { byteLength, bytesOf, textOfBase64 } from '../../../api/bytes.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { type InputState, newInput, readInputs } from './input.js';
import { parseOptions } from './options.js';

/** Reads everything, then works on it: for programs that need all their input. */
function whole(
  context: ProgramContext,
  operands: readonly string[],
  work: (texts: readonly { readonly name: string; readonly text: string }[]) => number | undefined,
): number | Wait {
  const state = (context.state ?? { ...newInput(), texts: [], current: '' }) as InputState & { texts: { name: string; text: string }[]; current: string };
  context.state = state;
  const wait = readInputs(context, operands, state, (text, ended, name) => {
    state.current += text;
    if (ended) {
      state.texts.push({ name, text: state.current });
      state.current = '';
    }
    return true;
  });
  return wait ?? work(state.texts) ?? (state.failed ? 1 : 0);
}

const linesIn = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const wc: Program = {
  name: 'wc',
  run(context) {
    const options = parseOptions(context, 'lwcmL', { lines: 'l', words: 'w', bytes: 'c', chars: 'm' });
    if (typeof options === 'number') return options;
    return whole(context, options.operands, (texts) => {
      const all = options.flags.size === 0;
      const rows = texts.map(({ name, text }) => ({
        name,
        counts: [
          ...(all || options.has('l') ? [(text.match(/\n/g) ?? []).length] : []),
          ...(all || options.has('w') ? [(text.match(/\S+/g) ?? []).length] : []),
          ...(options.has('m') ? [[...text].length] : []),
          ...(all || options.has('c') ? [byteLength(text)] : []),
          ...(options.has('L') ? [Math.max(0, ...linesIn(text).map((line) => line.length))] : []),
        ],
      }));
      if (rows.length > 1)
        rows.push({
          name: 'total',
          counts: (rows[0] as { counts: number[] }).counts.map((_, i) => rows.reduce((sum, row) => sum + (row.counts[i] as number), 0)),
        });
      const named = options.operands.length > 0;
      const single = (rows[0]?.counts.length ?? 0) === 1;
      const width =
        context.flavour === 'ash'
          ? single
            ? 0
            : 9
          : single && rows.length === 1
            ? 0
            : named
              ? Math.max(...rows.flatMap((row) => row.counts.map((count) => String(count).length)))
              : 7;
      for (const row of rows) {
        const numbers = row.counts
          .map((count, i) => (i === 0 && context.flavour === 'ash' && !single ? String(count).padStart(9) : String(count).padStart(width)))
          .join(context.flavour === 'ash' && !single ? ' ' : ' ');
        context.out(`${numbers}${named ? ` ${row.name}` : ''}\n`);
      }
      return undefined;
    });
  },
};

/** Key comparison of sort -k, -t, -n, -r, -h, -f. */
function comparison(options: { has(name: string): boolean; value(name: string): string | undefined }): (a: string, b: string) => number {
  const separator = options.value('t');
  const keySpec = options.value('k');
  const key = (line: string): string => {
    if (keySpec === undefined) return line;
    const match = /^(\d+)(?:\.\d+)?[a-zA-Z]*(?:,(\d+))?/.exec(keySpec);
    const from = Number(match?.[1] ?? 1) - 1;
    const to = match?.[2] === undefined ? undefined : Number(match[2]);
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    return fields.slice(from, to).join(separator ?? ' ');
  };
  const numeric = options.has('n') || /n/.test(keySpec?.replace(/[\d.,]/g, '') ?? '');
  const human = options.has('h');
  const reverse = options.has('r') || /r/.test(keySpec?.replace(/[\d.,]/g, '') ?? '');
  const size = (text: string): number => {
    const match = /^\s*(-?\d*\.?\d+)\s*([KMGTP]?)/i.exec(text);
    return match ? Number(match[1]) * 1024 ** ' KMGTP'.indexOf((match[2] as string).toUpperCase() || ' ') : 0;
  };
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    let order: number;
    if (numeric) order = (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0);
    else if (human) order = size(x) - size(y);
    else if (options.has('V')) order = x.localeCompare(y, 'en', { numeric: true });
    else {
      const [p, q] = options.has('f') ? [x.toUpperCase(), y.toUpperCase()] : [x, y];
      order = p < q ? -1 : p > q ? 1 : 0;
    }
    if (order === 0 && !options.has('s')) order = a < b ? -1 : a > b ? 1 : 0;
    return reverse ? -order : order;
  };
}

const sort: Program = {
  name: 'sort',
  run(context) {
    const options = parseOptions(context, 'nrufhVsbk:t:o:cz', {
      reverse: 'r',
      unique: 'u',
      'numeric-sort': 'n',
      key: 'k=',
      'field-separator': 't=',
      output: 'o=',
    });
    if (typeof options === 'number') return options;
    return whole(context, options.operands, (texts) => {
      const compare = comparison(options);
      let lines = texts.flatMap(({ text }) => linesIn(text)).sort(compare);
      if (options.has('u'))
        lines = lines.filter(
          (line, i) =>
            i === 0 ||
            (options.has('k') || options.has('n')
              ? comparison({ ...options, has: (name) => name === 's' || options.has(name) })(lines[i - 1] as string, line) !== 0
              : lines[i - 1] !== line),
        );
      const text = lines.map((line) => `${line}\n`).join('');
      const target = options.value('o');
      if (target === undefined) context.out(text);
      else context.files.write(context.path(target), text, { at: context.now });
      return undefined;
    });
  },
};

const uniq: Program = {
  name: 'uniq',
  run(context) {
    const options = parseOptions(context, 'cdui', { count: 'c', repeated: 'd', unique: 'u' });
    if (typeof options === 'number') return options;
    return whole(context, options.operands.slice(0, 1), (texts) => {
      const groups: { line: string; count: number }[] = [];
      const same = (a: string, b: string): boolean => (options.has('i') ? a.toLowerCase() === b.toLowerCase() : a === b);
      for (const line of linesIn(texts[0]?.text ?? '')) {
        const last = groups.at(-1);
        if (last !== undefined && same(last.line, line)) last.count += 1;
        else groups.push({ line, count: 1 });
      }
      for (const { line, count } of groups) {
        if ((options.has('d') && count < 2) || (options.has('u') && count > 1)) continue;
        context.out(`${options.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`);
      }
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
    const options = parseOptions(context, 'd:f:c:b:sn', {
      delimiter: 'd=',
      fields: 'f=',
      characters: 'c=',
      bytes: 'b=',
      'only-delimited': 's',
      'output-delimiter': 'O=',
    });
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
    const chosen = positions(list);
    const delimiter = options.value('d') ?? '\t';
    return whole(context, options.operands, (texts) => {
      for (const line of texts.flatMap(({ text }) => linesIn(text))) {
        if (!options.has('f')) context.out(`${[...line].filter((_, i) => chosen(i + 1)).join('')}\n`);
        else if (!line.includes(delimiter)) options.has('s') || context.out(`${line}\n`);
        else
          context.out(
            `${line
              .split(delimiter)
              .filter((_, i) => chosen(i + 1))
              .join(options.value('O') ?? delimiter)}\n`,
          );
      }
      return undefined;
    });
  },
};

/** tr's sets: ranges, classes, escapes. */
function expandSet(text: string): string {
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
      for (const char of text) {
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
      context.out(out);
      return true;
    });
    return wait ?? 0;
  },
};

const seq: Program = {
  name: 'seq',
  run(context) {
    const words = [...context.args];
    let separator = '\n';
    let equal = false;
    while (words[0] === '-w' || words[0] === '-s') {
      if (words.shift() === '-w') equal = true;
      else separator = words.shift() ?? '\n';
    }
    const numbers = words.map(Number);
    if (numbers.length === 0 || numbers.some(Number.isNaN)) {
      context.err(
        numbers.length === 0
          ? "seq: missing operand\nTry 'seq --help' for more information.\n"
          : `seq: invalid floating point argument: '${words.find((word) => Number.isNaN(Number(word)))}'\nTry 'seq --help' for more information.\n`,
      );
      return 1;
    }
    const first = numbers.length > 1 ? (numbers[0] as number) : 1;
    const step = numbers.length > 2 ? (numbers[1] as number) : 1;
    const last = numbers.at(-1) as number;
    const digits = Math.max(...words.map((word) => (word.split('.')[1] ?? '').length));
    const out: string[] = [];
    for (let i = 0; out.length < 1_000_000; i += 1) {
      const value = first + i * step;
      if (step > 0 ? value > last + 1e-9 : value < last - 1e-9) break;
      if (step === 0) break;
      out.push(value.toFixed(digits));
    }
    const width = equal ? Math.max(...out.map((text) => text.length)) : 0;
    if (out.length > 0) context.out(`${out.map((text) => text.padStart(width, '0')).join(separator)}\n`);
    return 0;
  },
};

const lineWise = (name: string, change: (lines: readonly string[]) => readonly string[]): Program => ({
  name,
  run: (context) =>
    whole(
      context,
      context.args.filter((arg) => !/^-\w/.test(arg)),
      (texts) => {
        context.out(
          change(texts.flatMap(({ text }) => linesIn(text)))
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
    const options = parseOptions(context, 'dDiw:', { decode: 'd', wrap: 'w=', 'ignore-garbage': 'i' });
    if (typeof options === 'number') return options;
    return whole(context, options.operands, (texts) => {
      const text = texts.map((one) => one.text).join('');
      if (options.has('d') || options.has('D')) {
        const clean = text.replace(/\s+/g, '');
        context.out(textOfBase64(clean));
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

const sum = (name: string, algorithm: string): Program => ({
  name,
  run(context) {
    const options = parseOptions(context, 'cbts', { check: 'c' });
    if (typeof options === 'number') return options;
    return whole(context, options.operands, (texts) => {
      const digest = (text: string): string => createHash(algorithm).update(bytesOf(text)).digest('hex');
      if (!options.has('c')) {
        for (const { name: file, text } of texts) context.out(`${digest(text)}  ${file}\n`);
        return undefined;
      }
      let failed = 0;
      for (const line of texts.flatMap(({ text }) => linesIn(text))) {
        const match = /^([0-9a-f]+) [ *](.+)$/.exec(line);
        if (!match) continue;
        let ok = false;
        try {
          ok = digest(context.files.read(context.path(match[2] as string))) === match[1];
        } catch (error) {
          context.err(`${name}: ${match[2]}: ${errorText(error)}\n`);
        }
        if (!ok) failed += 1;
        context.out(`${match[2]}: ${ok ? 'OK' : 'FAILED'}\n`);
      }
      if (failed > 0) context.err(`${name}: WARNING: ${failed} computed checksum${failed === 1 ? '' : 's'} did NOT match\n`);
      return failed > 0 ? 1 : 0;
    });
  },
});

export const textPrograms: readonly Program[] = [
  wc,
  sort,
  uniq,
  cut,
  tr,
  seq,
  lineWise('rev', (lines) => lines.map((line) => [...line].reverse().join(''))),
  lineWise('tac', (lines) => [...lines].reverse()),
  lineWise('nl', (lines) => {
    let n = 0;
    return lines.map((line) => {
      if (line === '') return '       ';
      n += 1;
      return `${String(n).padStart(6)}\t${line}`;
    });
  }),
  base64,
  sum('md5sum', 'md5'),
  sum('sha1sum', 'sha1'),
  sum('sha256sum', 'sha256'),
  sum('sha512sum', 'sha512'),
];
