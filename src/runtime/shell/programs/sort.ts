/** sort(1) with keys, as POSIX has them: `-k 2,2n -k 1,1r -t :`. */
import { binaryOf, textOfBinary } from '../../../api/bytes.js';
import { errorText } from '../kernel.js';
import type { Program } from '../program.js';
import { gather, linesIn } from './input.js';
import { type Options, parseOptions } from './options.js';

interface Key {
  readonly from: Place;
  readonly to?: Place;
  /** Its own letters; none: the command's. */
  readonly letters: string;
}
/** A field from 1 and a character in it; 0: to the field's end. */
interface Place {
  readonly field: number;
  readonly char: number;
}

function parseKey(text: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([bdfghiMnrVR]*)(?:,(\d+)(?:\.(\d+))?([bdfghiMnrVR]*))?$/.exec(text);
  if (match === null || match[1] === '0') return undefined;
  return {
    from: { field: Number(match[1]), char: Number(match[2] ?? 1) },
    ...(match[4] === undefined ? {} : { to: { field: Number(match[4]), char: Number(match[5] ?? 0) } }),
    letters: (match[3] ?? '') + (match[6] ?? ''),
  };
}

/** Where each field of the line begins and ends; without -t a field has the blanks before it. */
function fieldsOf(line: string, separator: string | undefined): readonly (readonly [number, number])[] {
  const out: [number, number][] = [];
  if (separator === undefined) {
    for (const match of line.matchAll(/[ \t]*[^ \t]+/g)) out.push([match.index, match.index + match[0].length]);
    return out;
  }
  let from = 0;
  for (;;) {
    const end = line.indexOf(separator, from);
    out.push([from, end < 0 ? line.length : end]);
    if (end < 0) return out;
    from = end + 1;
  }
}

function keyOf(line: string, key: Key, separator: string | undefined, letters: string): string {
  const fields = fieldsOf(line, separator);
  const first = fields[key.from.field - 1];
  if (first === undefined) return '';
  const skip = letters.includes('b') ? (/^[ \t]*/.exec(line.slice(first[0]))?.[0].length ?? 0) : 0;
  const from = first[0] + skip + key.from.char - 1;
  const last = key.to === undefined ? undefined : fields[key.to.field - 1];
  const to = last === undefined ? line.length : key.to?.char === 0 ? last[1] : last[0] + (key.to?.char ?? 0);
  return line.slice(from, Math.max(from, to));
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function sizeOf(text: string): number {
  const match = /^\s*(-?\d*\.?\d+)([KMGTPE]?)/i.exec(text);
  return match === null ? 0 : Number(match[1]) * 1024 ** ' KMGTPE'.indexOf((match[2] as string).toUpperCase() || ' ');
}

/** `1.9` before `1.10`: runs of digits as numbers, the rest by its bytes. */
function compareVersions(a: string, b: string): number {
  const partsOf = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
  const [x, y] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i += 1) {
    const [p = '', q = ''] = [x[i], y[i]];
    const order = /^\d/.test(p) && /^\d/.test(q) ? Number(p) - Number(q) : compareBytes(p, q);
    if (order !== 0) return order;
  }
  return 0;
}

const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareBy(a: string, b: string, letters: string): number {
  let order: number;
  if (letters.includes('n')) order = numberOf(a) - numberOf(b);
  else if (letters.includes('g')) order = (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0);
  else if (letters.includes('h')) order = sizeOf(a) - sizeOf(b);
  else if (letters.includes('M')) order = monthOf(a) - monthOf(b);
  else if (letters.includes('V')) order = compareVersions(a, b);
  else {
    const change = (text: string): string => {
      let out = letters.includes('b') ? text.replace(/^[ \t]+/, '') : text;
      if (letters.includes('d')) out = out.replace(/[^\w \t]|_/g, '');
      return letters.includes('f') ? out.toUpperCase() : out;
    };
    order = compareBytes(change(a), change(b));
  }
  return letters.includes('r') ? -order : order;
}

const numberOf = (text: string): number => Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] ?? 0) || 0;
const monthOf = (text: string): number => MONTHS.indexOf(text.trim().slice(0, 3).toUpperCase());

/** All keys in order, then the whole line (not with -s and -u). */
function comparison(options: Options, keys: readonly Key[], lastResort: boolean): (a: string, b: string) => number {
  const own = [...'bdfghiMnrV'].filter((letter) => options.has(letter)).join('');
  const separator = options.value('t') === '\\t' ? '\t' : options.value('t');
  return (a, b) => {
    for (const key of keys) {
      const letters = key.letters === '' ? own : key.letters;
      const order = compareBy(keyOf(a, key, separator, letters), keyOf(b, key, separator, letters), letters);
      if (order !== 0) return order;
    }
    const order = keys.length === 0 ? compareBy(a, b, own) : 0;
    if (order !== 0 || !lastResort) return order;
    return own.includes('r') ? compareBytes(b, a) : compareBytes(a, b);
  };
}

export const sort: Program = {
  name: 'sort',
  run(context) {
    const gnu = {
      reverse: 'r',
      unique: 'u',
      'numeric-sort': 'n',
      'human-numeric-sort': 'h',
      'version-sort': 'V',
      'ignore-case': 'f',
      stable: 's',
      check: 'c',
      key: 'k=',
      'field-separator': 't=',
      output: 'o=',
      'zero-terminated': 'z',
    };
    const options = parseOptions(context, 'nrufghiVsbdMk:t:o:czmR', context.flavour === 'ash' ? {} : gnu);
    if (typeof options === 'number') return 2;
    const keys = (options.all.get('k') ?? []).map(parseKey);
    if (keys.includes(undefined)) {
      const bad = (options.all.get('k') ?? [])[keys.indexOf(undefined)] as string;
      context.err(context.flavour === 'ash' ? `sort: invalid number '${bad}'\n` : `sort: invalid number at field start: invalid count at start of '${bad}'\n`);
      return 2;
    }
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    if (state.failed) return 2;
    const end = options.has('z') ? '\0' : '\n';
    // By bytes, as in the C locale.
    const texts = state.texts.map(({ text }) => binaryOf(text));
    let lines = options.has('z') ? texts.flatMap((text) => text.replace(/\0$/, '').split('\0')) : texts.flatMap(linesIn);
    const compare = comparison(options, keys as readonly Key[], !options.has('s') && !options.has('u'));
    if (options.has('c')) {
      const at = lines.findIndex((line, i) => i > 0 && compare(lines[i - 1] as string, line) > 0);
      if (at < 0) return 0;
      context.err(
        context.flavour === 'ash' ? `Check line ${at}\n` : `sort: ${options.operands[0] ?? '-'}:${at + 1}: disorder: ${textOfBinary(lines[at] as string)}\n`,
      );
      return 1;
    }
    lines.sort(compare);
    if (options.has('u')) lines = lines.filter((line, i) => i === 0 || compare(lines[i - 1] as string, line) !== 0);
    const text = textOfBinary(lines.map((line) => `${line}${end}`).join(''));
    const target = options.value('o');
    if (target === undefined) context.out(text);
    else {
      try {
        context.files.write(context.path(target), text, { at: context.now });
      } catch (error) {
        context.err(context.flavour === 'ash' ? `sort: can't open '${target}': ${errorText(error)}\n` : `sort: open failed: ${target}: ${errorText(error)}\n`);
        return 2;
      }
    }
    return 0;
  },
};
