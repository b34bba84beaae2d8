/** getopt for programs: short options (bundled, with values), long ones, operands. */
import type { ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';

/** The same program with other arguments. */
export const withArgs = (context: ProgramContext, args: readonly string[]): ProgramContext =>
  Object.create(context, { args: { value: args } }) as ProgramContext;

export interface Options {
  readonly flags: ReadonlyMap<string, string>;
  /** Values of an option that was given several times. */
  readonly all: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
  has(name: string): boolean;
  value(name: string): string | undefined;
}

/**
 * `short` as getopt(3) has it (`n:qv`); `long` maps long names to short letters or themselves, with `=` at the end when they take a
 * value. A failed parse has been said and is the exit code.
 */
export function parseOptions(
  context: ProgramContext,
  short: string,
  long: Readonly<Record<string, string>> = {},
  options: { readonly stopAtOperand?: boolean; readonly numbers?: string } = {},
): Options | number {
  const flags = new Map<string, string>();
  const all = new Map<string, string[]>();
  const operands: string[] = [];
  const set = (name: string, value: string): void => {
    flags.set(name, value);
    all.set(name, [...(all.get(name) ?? []), value]);
  };
  const { args } = context;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (options.numbers !== undefined && /^-\d+$/.test(arg)) {
      set(options.numbers, arg.slice(1));
      continue;
    }
    if (arg.startsWith('--') && arg.length > 2) {
      const equals = arg.indexOf('=');
      const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
      const known = long[name];
      if (known === undefined) return badOption(context, arg.slice(2), true);
      const takes = known.endsWith('=');
      const key = known.replace(/=$/, '');
      if (!takes) set(key, '');
      else if (equals >= 0) set(key, arg.slice(equals + 1));
      else set(key, args[++i] ?? '');
      continue;
    }
    if (arg.startsWith('-') && arg.length > 1) {
      for (let k = 1; k < arg.length; k += 1) {
        const letter = arg[k] as string;
        const at = letter === ':' ? -1 : short.indexOf(letter);
        if (at < 0) return badOption(context, letter, false);
        if (short[at + 1] !== ':') {
          set(letter, '');
          continue;
        }
        const value = k + 1 < arg.length ? arg.slice(k + 1) : args[++i];
        if (value === undefined) {
          context.err(`${context.name}: option requires an argument -- '${letter}'\n${tryHelp(context)}`);
          return context.flavour === 'ash' ? 1 : 1;
        }
        set(letter, value);
        break;
      }
      continue;
    }
    operands.push(arg);
    if (options.stopAtOperand === true) {
      operands.push(...args.slice(i + 1));
      break;
    }
  }
  return { flags, all, operands, has: (name) => flags.has(name), value: (name) => flags.get(name) };
}

const tryHelp = (context: ProgramContext): string =>
  context.flavour === 'ash' ? busyboxUsage(context) : `Try '${context.name} --help' for more information.\n`;

function badOption(context: ProgramContext, name: string, long: boolean): number {
  context.err(
    long
      ? `${context.name}: unrecognized option '--${name}'\n${tryHelp(context)}`
      : `${context.name}: ${context.flavour === 'ash' ? 'unrecognized' : 'invalid'} option ${context.flavour === 'ash' ? `-- '${name}'` : `-- '${name}'`}\n${tryHelp(context)}`
          .replace('unrecognized option --', 'unrecognized option:')
          .replace("unrecognized option: '", context.flavour === 'ash' ? "invalid option -- '" : "unrecognized option: '"),
  );
  return context.flavour === 'ash' ? 1 : context.name === 'grep' ? 2 : 1;
}
