/** sed(1): s, p, d, q, a, i, c, y, =, n, N, addresses, -n, -e, -E, -i. */
import { errorText } from '../kernel.js';
import type { Program } from '../program.js';
import { type InputState, linesOf, newInput, readInputs } from './input.js';
import { parseOptions, withArgs } from './options.js';
import { posixRegExp } from './regex.js';

type Address =
  | { readonly line: number }
  | { readonly last: true }
  | { readonly pattern: RegExp }
  | { readonly step: readonly [number, number] }
  | { readonly plus: number };

interface SedCommand {
  readonly from?: Address;
  readonly to?: Address;
  readonly negated: boolean;
  readonly name: string;
  readonly pattern?: RegExp;
  readonly replacement?: string;
  readonly flags?: string;
  readonly text?: string;
  readonly block?: readonly SedCommand[];
  readonly map?: Readonly<Record<string, string>>;
  readonly index: number;
}

class SedError extends Error {}

function parseSed(source: string, extended: boolean): readonly SedCommand[] {
  let at = 0;
  let count = 0;
  const skip = (what: RegExp): void => {
    while (at < source.length && what.test(source[at] as string)) at += 1;
  };
  const delimited = (end: string): string => {
    let out = '';
    while (at < source.length && source[at] !== end) {
      if (source[at] === '\\' && at + 1 < source.length) {
        if (source[at + 1] === end && end !== '\\') {
          // An escaped delimiter is the character itself.
          out += /[.*[\]^$/]/.test(end) && end !== '/' ? `\\${end}` : end;
        } else out += (source[at] as string) + source[at + 1];
        at += 2;
      } else if (source[at] === '[') {
        const close = source.indexOf(']', at + (source[at + 1] === '^' ? 3 : 2));
        if (close > 0 && !source.slice(at, close).includes(end)) {
          out += source.slice(at, close + 1);
          at = close + 1;
        } else out += source[at++];
      } else out += source[at++];
    }
    if (at >= source.length) throw new SedError('unterminated');
    at += 1;
    return out;
  };
  const address = (): Address | undefined => {
    const rest = source.slice(at);
    const step = /^(\d+)~(\d+)/.exec(rest);
    if (step) {
      at += step[0].length;
      return { step: [Number(step[1]), Number(step[2])] };
    }
    const number = /^\d+/.exec(rest);
    if (number) {
      at += number[0].length;
      return { line: Number(number[0]) };
    }
    if (rest[0] === '$') {
      at += 1;
      return { last: true };
    }
    if (rest[0] === '/' || rest[0] === '\\') {
      const end = rest[0] === '/' ? '/' : (rest[1] as string);
      at += rest[0] === '/' ? 1 : 2;
      const pattern = delimited(end);
      const ignoreCase = source[at] === 'I';
      if (ignoreCase) at += 1;
      return { pattern: posixRegExp(pattern, { extended, ignoreCase }) };
    }
    return undefined;
  };
  const commands = (nested: boolean): SedCommand[] => {
    const out: SedCommand[] = [];
    for (;;) {
      skip(/[\s;]/);
      if (at >= source.length) {
        if (nested) throw new SedError("unmatched `{'");
        return out;
      }
      if (source[at] === '}') {
        at += 1;
        return out;
      }
      if (source[at] === '#') {
        skip(/[^\n]/);
        continue;
      }
      const from = address();
      let to: Address | undefined;
      if (from !== undefined && source[at] === ',') {
        at += 1;
        skip(/\s/);
        const plus = /^\+(\d+)/.exec(source.slice(at));
        if (plus) {
          at += plus[0].length;
          to = { plus: Number(plus[1]) };
        } else to = address();
        if (to === undefined) throw new SedError("unexpected `,'");
      }
      skip(/\s/);
      let negated = false;
      while (source[at] === '!') {
        negated = true;
        at += 1;
        skip(/\s/);
      }
      const name = source[at] as string | undefined;
      at += 1;
      const base = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), negated, index: count++ };
      if (name === undefined) throw new SedError('missing command');
      if (name === '{') out.push({ ...base, name, block: commands(true) });
      else if (name === 's') {
        const end = source[at] as string;
        at += 1;
        const pattern = delimited(end);
        const replacement = delimited(end);
        const flags = /^[gpiIe0-9]*/.exec(source.slice(at))?.[0] ?? '';
        at += flags.length;
        const bad = /^[^\s;}#]/.exec(source.slice(at));
        if (bad) throw new SedError("unknown option to `s'");
        out.push({ ...base, name, pattern: posixRegExp(pattern, { extended, ignoreCase: /i/i.test(flags), flags: 'g' }), replacement, flags });
      } else if (name === 'y') {
        const end = source[at] as string;
        at += 1;
        const from_ = [...delimited(end)];
        const to_ = [...delimited(end)];
        out.push({ ...base, name, map: Object.fromEntries(from_.map((char, i) => [char, to_[i] ?? ''])) });
      } else if ('aic'.includes(name)) {
        skip(/[ \t]/);
        if (source[at] === '\\') {
          at += 1;
          skip(/[ \t]/);
          if (source[at] === '\n') at += 1;
        }
        const end = source.indexOf('\n', at);
        out.push({ ...base, name, text: source.slice(at, end < 0 ? undefined : end).replace(/\\(.)/g, '$1') });
        at = end < 0 ? source.length : end;
      } else if ('pdqnNDPGghHxl='.includes(name)) {
        const code = name === 'q' ? (/^\s*\d+/.exec(source.slice(at))?.[0] ?? '') : '';
        at += code.length;
        out.push({ ...base, name, ...(code === '' ? {} : { text: code.trim() }) });
      } else throw new SedError(`unknown command: \`${name}'`);
    }
  };
  return commands(false);
}

interface SedState extends InputState {
  line: number;
  hold: string;
  held?: { line: string; name: string };
  active: Record<string, number>;
  output: string;
}

function replace(text: string, command: SedCommand): { readonly text: string; readonly changed: boolean } {
  const pattern = command.pattern as RegExp;
  const nth = Number(/\d+/.exec(command.flags ?? '')?.[0] ?? 1);
  const all = command.flags?.includes('g') === true;
  let seen = 0;
  let changed = false;
  pattern.lastIndex = 0;
  const result = text.replace(pattern, (match, ...groups) => {
    seen += 1;
    if (seen < nth || (!all && seen > nth)) return match;
    changed = true;
    let upper: '' | 'U' | 'L' = '';
    return (command.replacement as string).replace(/\\([\s\S])|&|[^\\&]+/g, (piece, escaped: string | undefined) => {
      let out = piece;
      if (piece === '&') out = match;
      else if (escaped !== undefined) {
        if (/[0-9]/.test(escaped)) out = escaped === '0' ? match : String(groups[Number(escaped) - 1] ?? '');
        else if (escaped === 'n') out = '\n';
        else if (escaped === 't') out = '\t';
        else if (escaped === 'U' || escaped === 'L') {
          upper = escaped;
          return '';
        } else if (escaped === 'E') {
          upper = '';
          return '';
        } else out = escaped;
      }
      return upper === 'U' ? out.toUpperCase() : upper === 'L' ? out.toLowerCase() : out;
    });
  });
  return { text: result, changed };
}

export const sed: Program = {
  name: 'sed',
  run(context) {
    const words = context.args.map((arg) => (/^-i./.test(arg) || /^--in-place/.test(arg) ? '-i' : arg));
    const options = parseOptions(withArgs(context, words), 'nrEe:f:isuz', {
      quiet: 'n',
      silent: 'n',
      expression: 'e=',
      'regexp-extended': 'E',
      unbuffered: 'u',
    });
    if (typeof options === 'number') return 1;
    const operands = [...options.operands];
    let source: string;
    try {
      source =
        options.has('e') || options.has('f')
          ? [...(options.all.get('e') ?? []), ...(options.all.get('f') ?? []).map((name) => context.files.read(context.path(name)))].join('\n')
          : (operands.shift() ?? '');
    } catch (error) {
      context.err(`sed: couldn't open file ${options.value('f')}: ${errorText(error)}\n`);
      return 1;
    }
    let commands: readonly SedCommand[];
    try {
      commands = parseSed(source, options.has('E') || options.has('r'));
    } catch (error) {
      if (!(error instanceof SedError) && !(error instanceof SyntaxError)) throw error;
      context.err(
        context.flavour === 'ash'
          ? `sed: ${error.message === 'unterminated' ? "unmatched '/'" : error.message}\n`
          : `sed: -e expression #1, char ${source.length}: ${error.message === 'unterminated' ? "unterminated `s' command" : error.message}\n`,
      );
      return 1;
    }
    const state = (context.state ?? { ...newInput(), line: 0, hold: '', active: {}, output: '' }) as SedState;
    context.state = state;
    const inPlace = options.has('i');
    const out = (text: string): void => {
      if (inPlace) state.output += text;
      else context.out(text);
    };
    let quit: number | undefined;
    const one = (input: string, last: boolean): void => {
      state.line += 1;
      let space = input.replace(/\n$/, '');
      const newline = input.endsWith('\n') || !last ? '\n' : '';
      let append = '';
      let deleted = false;
      const matches = (address: Address): boolean => {
        if ('line' in address) return state.line === address.line;
        if ('last' in address) return last;
        if ('step' in address)
          return address.step[1] === 0
            ? state.line === address.step[0]
            : state.line >= address.step[0] && (state.line - address.step[0]) % address.step[1] === 0;
        if ('plus' in address) return false;
        address.pattern.lastIndex = 0;
        return address.pattern.test(space);
      };
      const chosen = (command: SedCommand): boolean => {
        if (command.from === undefined) return !command.negated;
        let within: boolean;
        if (command.to === undefined) within = matches(command.from);
        else if (state.active[command.index] !== undefined) {
          within = true;
          const end = state.active[command.index] as number;
          const done = 'plus' in command.to ? state.line >= end : 'line' in command.to ? state.line >= command.to.line : matches(command.to);
          if (done) delete state.active[command.index];
        } else {
          within = matches(command.from);
          if (within && !('line' in command.to && command.to.line <= state.line))
            state.active[command.index] = 'plus' in command.to ? state.line + command.to.plus : 0;
        }
        return within !== command.negated;
      };
      const execute = (list: readonly SedCommand[]): boolean => {
        for (const command of list) {
          if (!chosen(command)) continue;
          switch (command.name) {
            case '{':
              if (!execute(command.block as readonly SedCommand[])) return false;
              break;
            case 's': {
              const result = replace(space, command);
              space = result.text;
              if (result.changed && command.flags?.includes('p') === true) out(`${space}\n`);
              break;
            }
            case 'y':
              space = [...space].map((char) => command.map?.[char] ?? char).join('');
              break;
            case 'p':
              out(`${space}\n`);
              break;
            case 'd':
              deleted = true;
              return false;
            case 'q':
              quit = Number(command.text ?? 0);
              return false;
            case 'a':
              append += `${command.text}\n`;
              break;
            case 'i':
              out(`${command.text}\n`);
              break;
            case 'c':
              out(`${command.text}\n`);
              deleted = true;
              return false;
            case '=':
              out(`${state.line}\n`);
              break;
            case 'h':
              state.hold = space;
              break;
            case 'H':
              state.hold += `\n${space}`;
              break;
            case 'g':
              space = state.hold;
              break;
            case 'G':
              space += `\n${state.hold}`;
              break;
            case 'x':
              [space, state.hold] = [state.hold, space];
              break;
            default:
              break;
          }
        }
        return true;
      };
      execute(commands);
      if (!deleted && !options.has('n')) out(`${space}${newline}`);
      if (append !== '') out(newline === '' ? `\n${append.replace(/\n$/, '')}` : append);
    };
    // The last line is known only when the input has ended, so one line is held back.
    const wait = readInputs(
      Object.create(context, {
        err: {
          value: (text: string) =>
            context.err(
              context.flavour === 'ash'
                ? text.replace(/^sed: can't open '(.*)': (.*)$/s, 'sed: $1: $2')
                : text.replace(/^sed: (.*): (No such file or directory)\n$/, "sed: can't read $1: $2\n"),
            ),
        },
      }) as typeof context,
      operands,
      state,
      (text, ended, name) => {
        for (const line of linesOf(state, text, ended)) {
          if (state.held !== undefined && quit === undefined) one(state.held.line, false);
          state.held = { line, name };
          if (quit !== undefined) return false;
        }
        const lastFile = state.at >= Math.max(1, operands.length);
        if (ended && (lastFile || inPlace) && state.held !== undefined && quit === undefined) {
          one(state.held.line, true);
          delete state.held;
        }
        if (ended && inPlace) {
          context.files.write(context.path(name), state.output, { at: context.now });
          state.output = '';
          state.line = 0;
        }
        return quit === undefined;
      },
    );
    if (wait !== undefined && quit === undefined) return wait;
    return quit ?? (state.failed ? (context.flavour === 'ash' ? 1 : 2) : 0);
  },
};
