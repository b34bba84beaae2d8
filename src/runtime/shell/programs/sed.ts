/** sed(1): every command of POSIX and the usual ones of GNU, over lines as they come. */
import { binaryOf } from '../../../api/bytes.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { type InputState, linesOf, newInput, readInputs } from './input.js';
import { type Options, parseOptions, withArgs } from './options.js';
import { type Address, parseSed, type SedCommand, SedError } from './sed-parser.js';

/** How many commands it may run before others get their turn: `:a;ba` has no end. */
const STEPS_PER_TURN = 50_000;

interface SedState extends InputState {
  /** Lines that have come and are not yet worked on. The last one waits until it is known whether it is the last. */
  lines: { readonly text: string; readonly file: string; readonly endsFile: boolean }[];
  ended: boolean;
  number: number;
  space: string;
  hold: string;
  /** The command that comes next, when a cycle is under way. */
  pc?: number;
  /** It waits for the next line, which it takes in place of its own or behind it. */
  wants?: 'n' | 'N';
  replaced: boolean;
  /** Its own line had no end: nor has what it prints. */
  bare: boolean;
  append: string;
  active: Record<string, number>;
  /** Of -i: what the file becomes. */
  output: string;
  file: string;
  quit?: number;
  /** Files of w that have been emptied. */
  written: string[];
}

export const sed: Program = {
  name: 'sed',
  run(context) {
    const suffix = context.args.map((arg) => /^(?:-i|--in-place=?)(.*)$/.exec(arg)?.[1]).find((text) => text !== undefined) ?? '';
    const words = context.args.map((arg) => (/^-i.|^--in-place/.test(arg) ? '-i' : arg));
    const gnu = { quiet: 'n', silent: 'n', expression: 'e=', file: 'f=', 'regexp-extended': 'E', unbuffered: 'u', separate: 's', 'null-data': 'z' };
    const options = parseOptions(withArgs(context, words), context.flavour === 'ash' ? 'nrEe:f:i' : 'nrEe:f:isuz', gnu);
    if (typeof options === 'number') return 1;
    const operands = [...options.operands];
    let source: string;
    try {
      const given = [...(options.all.get('e') ?? []), ...(options.all.get('f') ?? []).map((name) => context.files.read(context.path(name)).replace(/\n$/, ''))];
      source = given.length > 0 ? given.join('\n') : (operands.shift() ?? '');
    } catch (error) {
      context.err(
        context.flavour === 'ash'
          ? `sed: ${options.value('f')}: ${errorText(error)}\n`
          : `sed: couldn't open file ${options.value('f')}: ${errorText(error)}\n`,
      );
      return 1;
    }
    let commands: readonly SedCommand[];
    try {
      commands = parseSed(source, options.has('E') || options.has('r'), context.flavour !== 'ash');
    } catch (error) {
      if (!(error instanceof SedError) && !(error instanceof SyntaxError)) throw error;
      context.err(
        context.flavour === 'ash'
          ? `sed: ${error.message === 'unterminated' ? "unmatched '/'" : error.message}\n`
          : `sed: -e expression #1, char ${source.length}: ${error.message === 'unterminated' ? "unterminated `s' command" : error.message}\n`,
      );
      return 1;
    }
    const fresh: SedState = {
      ...newInput(),
      lines: [],
      ended: false,
      number: 0,
      space: '',
      hold: '',
      replaced: false,
      bare: false,
      append: '',
      active: {},
      output: '',
      file: '',
      written: [],
    };
    const state = (context.state ?? fresh) as SedState;
    context.state = state;
    const wait = new Sed(context, options, commands, operands, state, suffix).run();
    return wait ?? state.quit ?? (state.failed ? (context.flavour === 'ash' ? 1 : 2) : 0);
  },
};

class Sed {
  private steps = 0;
  private readonly inPlace: boolean;
  private readonly separate: boolean;
  constructor(
    private readonly context: ProgramContext,
    private readonly options: Options,
    private readonly commands: readonly SedCommand[],
    private readonly operands: readonly string[],
    private readonly state: SedState,
    private readonly suffix: string,
  ) {
    this.inPlace = options.has('i');
    this.separate = this.inPlace || options.has('s');
  }

  run(): Wait | undefined {
    const { state } = this;
    let wait: Wait | undefined;
    for (;;) {
      while (state.quit === undefined && this.isReady()) {
        if (this.steps > STEPS_PER_TURN) return { wait: 'time', until: this.context.now, worked: STEPS_PER_TURN / 100 };
        if (state.pc === undefined || state.wants !== undefined) this.take();
        this.execute();
      }
      if (state.quit !== undefined || state.ended || this.context.broken) {
        if (this.inPlace && state.file !== '') this.save();
        return undefined;
      }
      if (wait !== undefined) return wait;
      wait = this.fetch();
      if (wait === undefined) state.ended = true;
    }
  }

  /** A cycle can go on: it needs no line, or there is one of which it is known whether it is the last. */
  private isReady(): boolean {
    const { state } = this;
    if (state.pc !== undefined && state.wants === undefined) return true;
    return state.lines.length > 1 || (state.lines.length === 1 && (state.ended || (this.separate && state.lines[0]?.endsFile === true)));
  }

  private fetch(): Wait | undefined {
    const { context, state } = this;
    return readInputs(
      context,
      this.operands,
      state,
      (text, ended, name) => {
        const lines = linesOf(state, text, ended);
        lines.forEach((line, i) => {
          state.lines.push({ text: line, file: name, endsFile: ended && i === lines.length - 1 });
        });
        if (this.inPlace && ended && lines.length === 0) state.file = name;
        return true;
      },
      (name, error) => {
        const why = errorText(error);
        context.err(
          context.flavour === 'ash'
            ? `sed: ${name}: ${why}\n`
            : why === 'Is a directory'
              ? `sed: couldn't edit ${name}: not a regular file\n`
              : `sed: can't read ${name}: ${why}\n`,
        );
      },
    );
  }

  private take(): void {
    const { state } = this;
    const next = state.lines.shift();
    if (next === undefined) return;
    if (this.separate && next.file !== state.file) {
      if (this.inPlace && state.file !== '') this.save();
      state.number = 0;
    }
    state.file = next.file;
    state.number += 1;
    const text = next.text.replace(/\n$/, '');
    state.bare = !next.text.endsWith('\n');
    state.space = state.wants === 'N' ? `${state.space}\n${text}` : text;
    if (state.wants === undefined) state.replaced = false;
    state.pc ??= 0;
    delete state.wants;
  }

  private isLast(): boolean {
    const { state } = this;
    return state.lines.length === 0 || (this.separate && state.lines[0]?.file !== state.file);
  }

  private out(text: string): void {
    if (this.inPlace) this.state.output += text;
    else this.context.out(text);
  }

  private save(): void {
    const { context, state } = this;
    const path = context.path(state.file);
    if (this.suffix !== '') {
      const backup = this.suffix.includes('*') ? this.suffix.replaceAll('*', state.file.replace(/^.*\//, '')) : `${state.file}${this.suffix}`;
      context.files.write(context.path(backup), context.files.read(path), { at: context.now });
    }
    context.files.write(path, state.output, { at: context.now });
    state.output = '';
    state.file = '';
  }

  /** The end of a cycle: what is left is printed, then what was to be appended. */
  private finish(print: boolean): void {
    const { state } = this;
    const isBare = state.bare && this.isLast();
    if (print && !this.options.has('n')) this.out(`${state.space}${isBare ? '' : '\n'}`);
    if (state.append !== '') this.out(isBare && print ? `\n${state.append.replace(/\n$/, '')}` : state.append);
    state.append = '';
    delete state.pc;
  }

  private matches(address: Address): boolean {
    const { state } = this;
    if ('line' in address) return state.number === address.line;
    if ('last' in address) return this.isLast();
    if ('step' in address) {
      const [first, step] = address.step;
      return step === 0 ? state.number === first : state.number >= first && (state.number - first) % step === 0;
    }
    if ('plus' in address || 'multiple' in address) return false;
    address.pattern.lastIndex = 0;
    return address.pattern.test(state.space);
  }

  private isChosen(command: SedCommand, index: number): boolean {
    const { state } = this;
    const { from, to } = command;
    if (from === undefined) return !command.negated;
    if (to === undefined) return this.matches(from) !== command.negated;
    const end = state.active[index];
    let within = end !== undefined;
    if (end !== undefined) {
      const isLineEnd = 'plus' in to || 'multiple' in to || 'line' in to;
      if (isLineEnd && state.number > end) {
        // A range whose last line has gone by unseen: only a new first line begins it again.
        delete state.active[index];
        within = this.begins(command, index);
      } else if (isLineEnd ? state.number >= end : this.matches(to)) delete state.active[index];
    } else within = this.begins(command, index);
    return within !== command.negated;
  }

  /** Whether a range begins here; remembered unless it also ends here. */
  private begins(command: SedCommand, index: number): boolean {
    const { state } = this;
    const to = command.to as Address;
    const isZero = 'line' in (command.from as Address) && (command.from as { line: number }).line === 0;
    if (isZero ? state.number !== 1 : !this.matches(command.from as Address)) return false;
    if (isZero && this.matches(to)) return true;
    const end = 'plus' in to ? state.number + to.plus : 'multiple' in to ? Math.ceil(state.number / to.multiple) * to.multiple : 'line' in to ? to.line : 0;
    if (!('plus' in to || 'multiple' in to || 'line' in to) || end > state.number) state.active[index] = end;
    return true;
  }

  /** Runs commands until the cycle ends, or needs a line that has not come. */
  private execute(): void {
    const { state, context } = this;
    while (state.pc !== undefined && state.wants === undefined) {
      this.steps += 1;
      if (this.steps > STEPS_PER_TURN) return;
      const index = state.pc;
      const command = this.commands[index];
      if (command === undefined) {
        this.finish(true);
        return;
      }
      state.pc = index + 1;
      if (!this.isChosen(command, index)) {
        if (command.name === '{') state.pc = command.jump as number;
        continue;
      }
      switch (command.name) {
        case 's':
          this.substitute(command);
          break;
        case 'y':
          state.space = [...state.space].map((char) => command.map?.[char] ?? char).join('');
          break;
        case 'p':
          this.out(`${state.space}\n`);
          break;
        case 'P':
          this.out(`${state.space.split('\n')[0]}\n`);
          break;
        case 'l':
          if (context.flavour !== 'ash') this.out(`${unambiguous(state.space)}$\n`);
          break;
        case '=':
          this.out(`${state.number}\n`);
          break;
        case 'F':
          this.out(`${state.file}\n`);
          break;
        case 'd':
          this.finish(false);
          return;
        case 'D':
          if (!state.space.includes('\n')) this.finish(false);
          else {
            state.space = state.space.slice(state.space.indexOf('\n') + 1);
            state.pc = 0;
          }
          break;
        case 'n':
          if (this.isLast()) {
            // Without a next line the cycle ends here, and with it sed.
            this.finish(true);
            if (!this.separate) state.quit = 0;
            return;
          }
          if (!this.options.has('n')) this.out(`${state.space}\n`);
          state.wants = 'n';
          return;
        case 'N':
          if (this.isLast()) {
            this.finish(true);
            if (!this.separate) state.quit = 0;
            return;
          }
          state.wants = 'N';
          return;
        case 'a':
          state.append += `${command.text}\n`;
          break;
        case 'i':
          this.out(`${command.text}\n`);
          break;
        case 'c':
          // Of a range the text stands once, at its end.
          if (command.to === undefined || command.negated || state.active[index] === undefined) this.out(`${command.text}\n`);
          this.finish(false);
          return;
        case 'q':
        case 'Q':
          this.finish(command.name === 'q');
          state.quit = Number(command.text ?? 0);
          return;
        case 'r':
          try {
            state.append += context.files.read(context.path(command.text ?? ''));
          } catch {
            // A file that cannot be read adds nothing.
          }
          break;
        case 'w':
          this.write(command.text ?? '');
          break;
        case 'h':
          state.hold = state.space;
          break;
        case 'H':
          state.hold += `\n${state.space}`;
          break;
        case 'g':
          state.space = state.hold;
          break;
        case 'G':
          state.space += `\n${state.hold}`;
          break;
        case 'x':
          [state.space, state.hold] = [state.hold, state.space];
          break;
        case 'z':
          state.space = '';
          break;
        case 'b':
          state.pc = command.jump as number;
          break;
        case 't':
        case 'T':
          if (state.replaced === (command.name === 't')) state.pc = command.jump as number;
          state.replaced = false;
          break;
        default:
          break;
      }
    }
  }

  private substitute(command: SedCommand): void {
    const { state } = this;
    const result = replace(state.space, command, this.context.flavour !== 'ash');
    if (!result.changed) return;
    state.space = result.text;
    state.replaced = true;
    if (command.flags?.includes('p') === true) this.out(`${state.space}\n`);
    if (command.text !== undefined) this.write(command.text);
  }

  private write(name: string): void {
    const { context, state } = this;
    if (name === '/dev/stdout') this.out(`${state.space}\n`);
    else if (name === '/dev/stderr') context.err(`${state.space}\n`);
    else {
      const isFirst = !state.written.includes(name);
      if (isFirst) state.written.push(name);
      context.files.write(context.path(name), `${state.space}\n`, { append: !isFirst, at: context.now });
    }
  }
}

function replace(text: string, command: SedCommand, gnu: boolean): { readonly text: string; readonly changed: boolean } {
  const pattern = command.pattern as RegExp;
  const nth = Number(/\d+/.exec(command.flags ?? '')?.[0] ?? 1);
  const all = command.flags?.includes('g') === true;
  let seen = 0;
  let changed = false;
  let end = -1;
  const result = text.replace(pattern, (match, ...rest) => {
    const groups = rest.slice(
      0,
      rest.findIndex((one) => typeof one === 'number'),
    );
    const at = rest.find((one) => typeof one === 'number') as number;
    // An empty match right behind another is none (POSIX).
    if (match === '' && at === end) return '';
    end = at + match.length;
    seen += 1;
    if (seen < nth || (!all && seen > nth)) return match;
    changed = true;
    return replacementOf(command.replacement as string, match, groups as readonly (string | undefined)[], gnu);
  });
  return { text: result, changed };
}

/** `&`, `\1`, `\n`; GNU's changes of case. */
function replacementOf(template: string, match: string, groups: readonly (string | undefined)[], gnu: boolean): string {
  let mode = '';
  let once = '';
  return template.replace(/\\([\s\S])|&|[^\\&]/g, (piece, escaped: string | undefined) => {
    let out = piece;
    if (piece === '&') out = match;
    else if (escaped !== undefined) {
      if (/[0-9]/.test(escaped)) out = escaped === '0' ? match : (groups[Number(escaped) - 1] ?? '');
      else if (escaped === 'n') out = '\n';
      else if (escaped === 't') out = '\t';
      else if (escaped === 'r') out = '\r';
      else if (gnu && 'ULE'.includes(escaped)) {
        mode = escaped === 'E' ? '' : escaped;
        return '';
      } else if (gnu && 'ul'.includes(escaped)) {
        once = escaped;
        return '';
      } else out = escaped;
    }
    out = mode === 'U' ? out.toUpperCase() : mode === 'L' ? out.toLowerCase() : out;
    if (once !== '' && out !== '') {
      out = (once === 'u' ? out.charAt(0).toUpperCase() : out.charAt(0).toLowerCase()) + out.slice(1);
      once = '';
    }
    return out;
  });
}

/** `l`: every byte so that it can be told, in lines of at most 69 characters. */
function unambiguous(text: string): string {
  const names: Readonly<Record<string, string>> = { '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };
  let out = '';
  let width = 0;
  for (const char of binaryOf(text)) {
    const code = char.charCodeAt(0);
    const piece = names[char] ?? (code < 32 || code > 126 ? `\\${code.toString(8).padStart(3, '0')}` : char);
    if (width + piece.length > 69) {
      out += '\\\n';
      width = 0;
    }
    out += piece;
    width += piece.length;
  }
  return out;
}
