/**
 * awk(1): gathers its input, then runs the program over it in one go. A command it starts (system, pipes) cannot run meanwhile: the
 * program is left, the command is run, and the program run again from its beginning with one more answer in its memo; what it has
 * written by then is not written again.
 */
import { errorText } from '../../kernel.js';
import type { Program, ProgramContext, Wait } from '../../program.js';
import { busyboxUsage } from '../busybox.js';
import { type InputState, newInput, readInputs } from '../input.js';
import { NeedsCommand } from './control.js';
import { Machine } from './machine.js';
import { type Awk, parseAwk } from './parser.js';
import type { InputFile } from './record.js';
import type { Ended } from './streams.js';

interface AwkState extends InputState {
  inputs: InputFile[];
  /** As far as the file has been read that is being read. */
  current: string;
  /** The command that is running. */
  command?: { readonly pid: number; readonly capture: boolean };
  /** Commands that have ended, in order. */
  memo: Ended[];
  /** Chance numbers drawn so far. */
  draws: number[];
  /** How much has been written so far: pieces, in order. */
  effects: number;
}

export const awk: Program = {
  name: 'awk',
  aliases: ['gawk', 'mawk', 'nawk'],
  run(context): number | Wait {
    const state = (context.state ?? { ...newInput(), inputs: [], current: '', memo: [], draws: [], effects: 0 }) as AwkState;
    context.state = state;
    const line = readCommandLine(context);
    if (typeof line === 'number') return line;
    const program = compile(context, line.source);
    if (program === undefined) return context.flavour === 'ash' ? 1 : 2;
    const needsInput = program.rules.length > 0 || program.end.length > 0 || /getline/.test(line.source);
    const wait = (needsInput ? gather(context, line.operands, state) : undefined) ?? endOfCommand(context, state);
    if (wait !== undefined) return wait;
    // A file that is not there ends busybox's awk at once.
    if (state.failed && context.flavour === 'ash') return 1;
    try {
      const { inputs, memo } = state;
      const code = new Machine({ ...line, context: remembering(context, state), program, inputs, memo }).run();
      return code === 0 && state.failed ? 2 : code;
    } catch (error) {
      if (!(error instanceof NeedsCommand)) throw error;
      const { command, options } = error;
      const pid = context.spawn(['sh', '-c', command], options);
      state.command = { pid, capture: options.capture === true };
      return { wait: 'children', pids: [pid] };
    }
  },
};

interface CommandLine {
  readonly source: string;
  /** `-F`. */
  readonly separator: string | undefined;
  /** `NAME=VALUE`: those of `-v` first. */
  readonly assignments: readonly string[];
  /** Files. */
  readonly operands: readonly string[];
  readonly argv: readonly string[];
}

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word);

/** The exit code if it cannot be understood; why has been said. */
function readCommandLine(context: ProgramContext): CommandLine | number {
  const args = [...context.args];
  let separator: string | undefined;
  const given: string[] = [];
  const sources: string[] = [];
  while (args[0] !== undefined && /^-./.test(args[0])) {
    const arg = args.shift() as string;
    if (arg === '--') break;
    const value = (): string => (arg.length > 2 ? arg.slice(2) : (args.shift() ?? ''));
    if (arg.startsWith('-F')) separator = value();
    else if (arg.startsWith('-v')) given.push(value());
    else if (arg.startsWith('-f')) {
      const name = value();
      try {
        sources.push(context.files.read(context.path(name)));
      } catch (error) {
        context.err(`awk: ${name}: ${errorText(error)}\n`);
        return 2;
      }
    }
  }
  const source = sources.length > 0 ? sources.join('\n') : args.shift();
  if (source === undefined) {
    context.err(context.flavour === 'ash' ? busyboxUsage(context) : 'usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n');
    return context.flavour === 'ash' ? 1 : 2;
  }
  return {
    source,
    separator,
    assignments: [...given, ...args.filter(isAssignment)],
    operands: args.filter((arg) => arg !== '' && !isAssignment(arg)),
    argv: [context.name, ...args],
  };
}

/** undefined: it is not awk; what is wrong has been said. */
function compile(context: ProgramContext, source: string): Awk | undefined {
  try {
    return parseAwk(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.err(
      context.flavour === 'ash'
        ? 'awk: cmd. line:1: Unexpected token\n'
        : error.message === 'Unexpected end of string'
          ? `awk: line ${source.split('\n').length + 1}: missing } near end of file\n`
          : `awk: line 1: syntax error at or near ${error.message}\n`,
    );
    return undefined;
  }
}

/** Reads all files to their ends. */
const gather = (context: ProgramContext, operands: readonly string[], state: AwkState): Wait | undefined =>
  readInputs(context, operands, state, (text, ended, name) => {
    state.current += text;
    if (ended) {
      state.inputs.push({ name: name === '-' ? '' : name, text: state.current });
      state.current = '';
    }
    return true;
  });

/** Notes how the command ended that is running, if there is one. */
function endOfCommand(context: ProgramContext, state: AwkState): Wait | undefined {
  if (state.command === undefined) return undefined;
  const { pid, capture } = state.command;
  const status = context.child(pid);
  if (status === undefined) return { wait: 'children', pids: [pid] };
  state.memo.push({ status, output: capture ? context.captured(pid) : '' });
  delete state.command;
  return undefined;
}

/** A context that leaves out what an earlier run of the same program has already written and drawn. */
function remembering(context: ProgramContext, state: AwkState): ProgramContext {
  let done = 0;
  let drawn = 0;
  const once = (work: () => void): void => {
    done += 1;
    if (done <= state.effects) return;
    state.effects = done;
    work();
  };
  const files = Object.create(context.files, {
    write: { value: (...args: Parameters<typeof context.files.write>) => once(() => context.files.write(...args)) },
  });
  const host = Object.create(context.host, { random: { value: () => (state.draws[drawn++] ??= context.host.random()) } });
  return Object.create(context, {
    out: { value: (text: string) => once(() => context.out(text)) },
    err: { value: (text: string) => once(() => context.err(text)) },
    files: { value: files },
    host: { value: host },
  }) as ProgramContext;
}
