/** grep(1), egrep, fgrep. */
import { errorText } from '../kernel.js';
import type { Program, ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { type InputState, linesOf, newInput, readInputs } from './input.js';
import { type Options, parseOptions } from './options.js';
import { posixRegExp } from './regex.js';

interface GrepState extends InputState {
  count: number;
  total: number;
  line: number;
  before: string[];
  after: number;
  stopped: boolean;
  skipped: boolean;
  printed: number;
  /** What is read, and whether some of it could not be looked for. */
  named?: readonly string[];
  isHidden?: true;
}

const LONG: Readonly<Record<string, string>> = {
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'perl-regexp': 'P',
  'ignore-case': 'i',
  'invert-match': 'v',
  'word-regexp': 'w',
  'line-regexp': 'x',
  count: 'c',
  'line-number': 'n',
  'files-with-matches': 'l',
  'no-filename': 'h',
  'with-filename': 'H',
  'only-matching': 'o',
  quiet: 'q',
  silent: 'q',
  recursive: 'r',
  regexp: 'e=',
  'max-count': 'm=',
  'after-context': 'A=',
  'before-context': 'B=',
  context: 'C=',
  color: 'K',
  colour: 'K',
  'line-buffered': 'K',
  'no-messages': 's',
};

/** undefined: there are none; why has been said. Without -e and -f the first operand is one, and is taken. */
function patternsOf(context: ProgramContext, options: Options, operands: string[]): readonly string[] | undefined {
  const patterns = options.has('e') || options.has('f') ? [...(options.all.get('e') ?? [])] : operands.splice(0, 1);
  if (options.has('f')) {
    const file = options.value('f') as string;
    try {
      patterns.push(...context.files.read(context.path(file)).replace(/\n$/, '').split('\n'));
    } catch (error) {
      context.err(`grep: ${file}: ${errorText(error)}\n`);
      return undefined;
    }
  }
  if (patterns.length > 0) return patterns;
  context.err(context.flavour === 'ash' ? busyboxUsage(context) : "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
  return undefined;
}

/** All patterns as one expression; undefined: one of them is none, which has been said. */
function compile(context: ProgramContext, options: Options, patterns: readonly string[]): RegExp | undefined {
  const isFixed = options.has('F') || context.name === 'fgrep';
  const extended = options.has('E') || options.has('P') || context.name === 'egrep';
  const sourceOf = (pattern: string): string => {
    if (isFixed) return pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return options.has('P') ? pattern : posixRegExp(pattern, { extended }).source;
  };
  try {
    const sources = patterns.flatMap((pattern) => pattern.split('\n')).map(sourceOf);
    const joined = sources.map((source) => `(?:${source})`).join('|');
    const bounded = options.has('x') ? `^(?:${joined})$` : options.has('w') ? `(?<!\\w)(?:${joined})(?!\\w)` : joined;
    return new RegExp(bounded, `g${options.has('i') ? 'i' : ''}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.err(`grep: ${/Unmatched/.test(error.message) ? error.message : 'Invalid regular expression'}\n`);
    return undefined;
  }
}

/** The files to read: what is named, with -r what is in it. `isBare`: nothing is named, and the names are those of the current directory. */
function filesIn(context: ProgramContext, options: Options, state: GrepState, root: string, isBare: boolean): readonly string[] {
  const recursive = options.has('r') || options.has('R');
  const walk = (name: string, isGiven: boolean): readonly string[] => {
    const path = context.path(name);
    const type = context.files.stat(path)?.type;
    try {
      // -r follows only the links of the command line; busybox reads those to files as well.
      if (recursive && !isGiven && !options.has('R') && context.files.stat(path, false)?.type === 'symlink') {
        if (context.flavour !== 'ash' || type === 'directory') return [];
        if (type === undefined) context.files.read(path);
      }
      if (!recursive || type !== 'directory') return [name];
      return context.files.list(path).flatMap((child) => walk(name === '.' && isBare ? child : `${name.replace(/\/$/, '')}/${child}`, false));
    } catch (error) {
      if (!options.has('s')) context.err(`grep: ${name}: ${errorText(error)}\n`);
      state.isHidden = true;
      return [];
    }
  };
  return walk(root, true);
}

export const grep: Program = {
  name: 'grep',
  aliases: ['egrep', 'fgrep'],
  run(context) {
    const options = parseOptions(context, 'EFGPivwxcnlLhHosqrRe:f:m:A:B:C:a', LONG);
    if (typeof options === 'number') return 2;
    const operands = [...options.operands];
    const patterns = patternsOf(context, options, operands);
    const expression = patterns === undefined ? undefined : compile(context, options, patterns);
    if (expression === undefined) return 2;
    const recursive = options.has('r') || options.has('R');
    const state = (context.state ?? {
      ...newInput(),
      count: 0,
      total: 0,
      line: 0,
      before: [],
      after: 0,
      stopped: false,
      skipped: false,
      printed: 0,
    }) as GrepState;
    context.state = state;
    state.named ??= (operands.length === 0 && recursive ? ['.'] : operands).flatMap((name) => filesIn(context, options, state, name, operands.length === 0));
    const { named } = state;
    const titled = (named.length > 1 || recursive || options.has('H')) && !options.has('h');
    const before = Number(options.value('B') ?? options.value('C') ?? 0);
    const after = Number(options.value('A') ?? options.value('C') ?? 0);
    const most = options.has('m') ? Number(options.value('m')) : Number.POSITIVE_INFINITY;
    const title = (name: string, separator: string): string => (titled ? `${name === '-' ? '(standard input)' : name}${separator}` : '');
    const wait = readInputs(
      context,
      named,
      state,
      (text, ended, name) => {
        for (const raw of linesOf(state, text, ended)) {
          if (state.count >= most) break;
          const line = raw.replace(/\n$/, '');
          state.line += 1;
          expression.lastIndex = 0;
          const matched = expression.test(line) !== options.has('v');
          const number = options.has('n') ? `${state.line}` : '';
          if (!matched) {
            if (state.after > 0) {
              state.after -= 1;
              context.out(`${title(name, '-')}${number === '' ? '' : `${number}-`}${line}\n`);
              state.printed = state.line;
            } else if (before > 0) {
              state.before.push(line);
              if (state.before.length > before) state.before.shift();
            }
            continue;
          }
          state.count += 1;
          state.total += 1;
          if (options.has('q')) {
            state.stopped = true;
            return false;
          }
          if (options.has('c') || options.has('l') || options.has('L')) {
            if (options.has('l')) break;
            continue;
          }
          if ((before > 0 || after > 0) && state.printed > 0 && state.line - state.before.length > state.printed + 1) context.out('--\n');
          for (const [i, earlier] of state.before.entries()) {
            const at = options.has('n') ? `${state.line - state.before.length + i}-` : '';
            context.out(`${title(name, '-')}${at}${earlier}\n`);
          }
          state.before = [];
          state.after = after;
          state.printed = state.line;
          if (options.has('o') && !options.has('v')) {
            expression.lastIndex = 0;
            for (const match of line.matchAll(expression))
              if (match[0] !== '') context.out(`${title(name, ':')}${number === '' ? '' : `${number}:`}${match[0]}\n`);
          } else context.out(`${title(name, ':')}${number === '' ? '' : `${number}:`}${line}\n`);
        }
        if (ended) {
          if (options.has('c')) context.out(`${title(name, ':')}${state.count}\n`);
          if (options.has('l') && state.count > 0) context.out(`${name === '-' ? '(standard input)' : name}\n`);
          if (options.has('L') && state.count === 0) context.out(`${name === '-' ? '(standard input)' : name}\n`);
          state.count = 0;
          state.line = 0;
          state.before = [];
          state.after = 0;
          state.printed = 0;
        } else if (state.count >= most) return false;
        return true;
      },
      (name, error) => {
        const why = errorText(error);
        // busybox opens a directory and reads nothing.
        if (context.flavour === 'ash' && why === 'Is a directory') state.skipped = true;
        else if (!options.has('s')) context.err(`grep: ${name}: ${why}\n`);
      },
    );
    if (state.skipped) {
      state.failed = false;
      state.skipped = false;
    }
    if (wait !== undefined && !state.stopped) return wait;
    // busybox forgets what it could not open on its way.
    const failed = state.failed || (state.isHidden === true && context.flavour !== 'ash');
    return state.total > 0 && (!failed || options.has('q')) ? 0 : failed ? 2 : state.total > 0 ? 0 : 1;
  },
};
