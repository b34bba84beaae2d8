/** Command-line flags by pflag's rules (github.com/spf13/pflag flag.go): parsing, values, the words of its errors. */
import { parseDuration } from '../api/time.js';
import { type Flag, type FlagValues, UsageError } from './command.js';

/** Flags by name and by letter. */
export interface FlagSet {
  readonly byName: ReadonlyMap<string, Flag>;
  readonly byShort: ReadonlyMap<string, Flag>;
}

/** Earlier lists win, as pflag's AddFlagSet. */
export function flagSet(...lists: readonly (readonly Flag[])[]): FlagSet {
  const byName = new Map<string, Flag>();
  const byShort = new Map<string, Flag>();
  for (const list of lists)
    for (const flag of list) {
      if (byName.has(flag.name)) continue;
      byName.set(flag.name, flag);
      if (flag.short !== undefined && !byShort.has(flag.short)) byShort.set(flag.short, flag);
    }
  return { byName, byShort };
}

export interface ParsedLine {
  readonly args: readonly string[];
  readonly values: FlagValues;
  /** How many arguments stood before `--`; -1 without one. */
  readonly dash: number;
  readonly help: boolean;
  /** Flags given, in order, with their values. */
  readonly given: readonly (readonly [Flag, string])[];
}

/** The value of a flag that takes none: a bool's `true`, or the NoOptDefVal. */
const bareValue = (flag: Flag): string | undefined => flag.bare ?? (flag.type === 'bool' ? 'true' : undefined);

/** flag.go: FlagSet.parseArgs with interspersed arguments. Throws UsageError. */
export function parseFlags(argv: readonly string[], flags: FlagSet): ParsedLine {
  const given = new Map<string, string[]>();
  const args: string[] = [];
  const order: [Flag, string][] = [];
  let dash = -1;
  let help = false;
  const set = (flag: Flag, value: string) => {
    const shown = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
    const why = checkValue(flag, value);
    if (why !== undefined) throw new UsageError(`invalid argument ${quote(value)} for ${quote(shown)} flag: ${why}`, 'usage');
    order.push([flag, value]);
    const values = given.get(flag.name);
    if (values === undefined) given.set(flag.name, [value]);
    else values.push(value);
  };
  let i = 0;
  for (; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word.length < 2 || !word.startsWith('-')) {
      args.push(word);
      continue;
    }
    if (word === '--') {
      dash = args.length;
      args.push(...argv.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const body = word.slice(2);
      if (body.startsWith('-') || body.startsWith('=')) throw new UsageError(`bad flag syntax: ${word}`, 'usage');
      const equals = body.indexOf('=');
      const name = equals < 0 ? body : body.slice(0, equals);
      const flag = flags.byName.get(name);
      if (flag === undefined) {
        if (name === 'help') {
          help = true;
          continue;
        }
        throw new UsageError(`unknown flag: --${name}`, 'usage');
      }
      const bare = bareValue(flag);
      if (equals >= 0) set(flag, body.slice(equals + 1));
      else if (bare !== undefined) set(flag, bare);
      else if (i + 1 < argv.length) set(flag, argv[++i] as string);
      else throw new UsageError(`flag needs an argument: ${word}`, 'usage');
      continue;
    }
    let letters = word.slice(1);
    while (letters !== '') {
      const letter = String.fromCodePoint(letters.codePointAt(0) as number);
      const flag = flags.byShort.get(letter);
      if (flag === undefined) {
        if (letter === 'h') {
          help = true;
          letters = letters.slice(1);
          continue;
        }
        throw new UsageError(`unknown shorthand flag: '${letter}' in -${letters}`, 'usage');
      }
      const bare = bareValue(flag);
      if (letters.length > 2 && letters[1] === '=') {
        set(flag, letters.slice(2));
        break;
      }
      if (bare !== undefined) {
        set(flag, bare);
        letters = letters.slice(1);
      } else if (letters.length > 1) {
        set(flag, letters.slice(1));
        break;
      } else if (i + 1 < argv.length) {
        set(flag, argv[++i] as string);
        break;
      } else throw new UsageError(`flag needs an argument: '${letter}' in -${letters}`, 'usage');
    }
  }
  return { args, values: flagValues(flags, given), dash, help, given: order };
}

/** Cobra's stripFlags: the arguments left when flags (known or not) and the values they would take are gone. */
export function stripFlags(argv: readonly string[], flags: FlagSet): string[] {
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') break;
    if (takesNext(word, flags)) i++;
    else if (word !== '' && !word.startsWith('-')) words.push(word);
  }
  return words;
}

/** Whether cobra thinks the word after this one is this flag's value. */
export function takesNext(word: string, flags: FlagSet): boolean {
  if (!word.startsWith('-') || word === '-' || word.includes('=')) return false;
  if (word.startsWith('--')) {
    const flag = flags.byName.get(word.slice(2));
    return word.length > 2 && (flag === undefined ? word !== '--help' : bareValue(flag) === undefined);
  }
  if (word.length !== 2) return false;
  const flag = flags.byShort.get(word.slice(1));
  return flag === undefined ? word !== '-h' : bareValue(flag) === undefined;
}

function flagValues(flags: FlagSet, given: ReadonlyMap<string, readonly string[]>): FlagValues {
  const flagOf = (name: string): Flag => {
    const flag = flags.byName.get(name);
    if (flag === undefined) throw new Error(`flag accessed but not defined: ${name}`);
    return flag;
  };
  const last = (name: string): string => {
    const flag = flagOf(name);
    return given.get(name)?.at(-1) ?? defaultText(flag);
  };
  return {
    bool: (name) => isTrue(last(name)),
    string: last,
    int: (name) => Number(parseGoInt(last(name)) ?? 0n),
    strings: (name) => {
      const flag = flagOf(name);
      const values = given.get(name);
      if (values === undefined) return flag.default === undefined || flag.default === '[]' ? [] : flag.default.replace(/^\[|\]$/g, '').split(',');
      return flag.type === 'stringSlice' ? values.flatMap((value) => splitCsv(value) as readonly string[]) : values;
    },
    duration: (name) => parseDuration(last(name)) ?? 0,
    changed: (name) => given.has(name),
    has: (name) => flags.byName.has(name),
  };
}

/** The default as text to parse: `'none'` in help is `none`. */
function defaultText(flag: Flag): string {
  if (flag.default === undefined) return flag.type === 'bool' ? 'false' : flag.type.startsWith('int') ? '0' : flag.type === 'duration' ? '0s' : '';
  return flag.type === 'string' || flag.type === 'tristate' ? flag.default.replace(/^'([\s\S]*)'$/, '$1') : flag.default;
}

/** What stands after `=` in help: strings quoted, the rest as Go prints it. */
export function defaultShown(flag: Flag): string {
  if (flag.type === 'string') return `'${defaultText(flag)}'`;
  if (flag.type === 'stringSlice' || flag.type === 'stringArray') return flag.default ?? '[]';
  return defaultText(flag);
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];
const isTrue = (text: string): boolean => TRUE.includes(text);

/** The parser's complaint about a value, in Go's words, or undefined. */
function checkValue(flag: Flag, value: string): string | undefined {
  switch (flag.type) {
    case 'tristate':
      if (flag.bare === undefined) return flag.name === 'vmodule' ? vmoduleError(value) : undefined;
      return isTrue(value) || FALSE.includes(value) ? undefined : `strconv.ParseBool: parsing ${quote(value)}: invalid syntax`;
    case 'bool':
      return isTrue(value) || FALSE.includes(value) ? undefined : `strconv.ParseBool: parsing ${quote(value)}: invalid syntax`;
    case 'int':
    case 'int64':
    case 'int32': {
      const number = parseGoInt(value);
      if (number === undefined) return `strconv.ParseInt: parsing ${quote(value)}: invalid syntax`;
      const bits = flag.type === 'int32' ? 31n : 63n;
      return number >= 2n ** bits || number < -(2n ** bits) ? `strconv.ParseInt: parsing ${quote(value)}: value out of range` : undefined;
    }
    case 'duration':
      // pflag's own parser of the log's flag says no more than this
      return flag.name === 'log-flush-frequency' && durationError(value) !== undefined ? 'parse error' : durationError(value);
    case 'stringSlice': {
      const words = splitCsv(value);
      return typeof words === 'string' ? words : undefined;
    }
    default:
      return undefined;
  }
}

/** strconv.ParseInt with base 0: `0x1F`, `0b1`, `0o7`, `017`, `1_000`. */
function parseGoInt(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|[1-9](?:_?\d)*|0)$/.exec(text);
  if (match === null) return undefined;
  let digits = (match[2] as string).replaceAll('_', '');
  if (/^0\d/.test(digits)) digits = `0o${digits.slice(1)}`;
  return BigInt(digits) * (match[1] === '-' ? -1n : 1n);
}

/** klog's moduleSpec.Set. */
const vmoduleError = (value: string): string | undefined =>
  value.split(',').every((part) => part === '' || /^[^=]+=\d+$/.test(part)) ? undefined : 'syntax error: expect comma-separated list of filename=N';

/** What 63 bits of nanoseconds hold, in ms. */
const MAX_DURATION = 2 ** 63 / 1e6;

/** time.ParseDuration's errors. */
function durationError(value: string): string | undefined {
  const parsed = parseDuration(value);
  if (parsed !== undefined && Math.abs(parsed) < MAX_DURATION) return undefined;
  const body = value.replace(/^[+-]/, '');
  const invalid = `time: invalid duration ${quote(value)}`;
  let rest = body;
  while (rest !== '') {
    const number = /^(\d+(\.\d*)?|\.\d+)/.exec(rest);
    if (number === null) return invalid;
    rest = rest.slice(number[0].length);
    const unit = (/^[^\d.]*/.exec(rest) as RegExpExecArray)[0];
    if (unit === '') return `time: missing unit in duration ${quote(value)}`;
    if (!['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h'].includes(unit)) return `time: unknown unit ${quote(unit)} in duration ${quote(value)}`;
    rest = rest.slice(unit.length);
  }
  return invalid;
}

/** One record of encoding/csv; a string is its error. */
function splitCsv(text: string): readonly string[] | string {
  if (text === '') return [];
  const words: string[] = [];
  let rest = text;
  let column = 1;
  for (;;) {
    if (rest.startsWith('"')) {
      const match = /^"((?:[^"]|"")*)"/.exec(rest);
      if (match === null) return `parse error on line 1, column ${text.length + 1}: extraneous or missing " in quoted-field`;
      words.push((match[1] as string).replaceAll('""', '"'));
      column += match[0].length;
      rest = rest.slice(match[0].length);
      if (rest !== '' && !rest.startsWith(',')) return `parse error on line 1, column ${column}: extraneous or missing " in quoted-field`;
    } else {
      const word = (/^[^,\n]*/.exec(rest) as RegExpExecArray)[0];
      const stray = word.indexOf('"');
      if (stray >= 0) return `parse error on line 1, column ${column + stray}: bare " in non-quoted-field`;
      words.push(word);
      column += word.length;
      rest = rest.slice(word.length);
    }
    if (!rest.startsWith(',')) return words;
    rest = rest.slice(1);
    column += 1;
  }
}

/** Go's %q, near enough for what stands on a command line. */
export function quote(text: string): string {
  return `"${text
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replace(/[\x00-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}
