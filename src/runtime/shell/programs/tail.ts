/** tail(1), with -f and -F: it looks at the file whenever time goes on a second. */
import { binaryOf, byteLength, textOfBinary } from '../../../api/bytes.js';
import { after, seconds } from '../../../api/time.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext } from '../program.js';
import { cannotOpen, type InputState, isTooMuch, newInput, readInputs } from './input.js';
import { type Options, parseOptions, withArgs } from './options.js';

interface TailState extends InputState {
  text: string;
  following?: { readonly name: string; size: number }[];
  titles: number;
  last?: string;
}

function cut(text: string, options: Options): string {
  const given = options.value('c') ?? options.value('n') ?? '10';
  const fromStart = given.startsWith('+');
  const count = Math.abs(Number(given.replace('+', '')));
  if (options.has('c')) {
    const binary = binaryOf(text);
    return textOfBinary(fromStart ? binary.slice(count - 1) : count === 0 ? '' : binary.slice(-count));
  }
  const lines = text === '' ? [] : text.split(/(?<=\n)/);
  return (fromStart ? lines.slice(Math.max(0, count - 1)) : count === 0 ? [] : lines.slice(-count)).join('');
}

export const tail: Program = {
  name: 'tail',
  run(context) {
    const options = parseOptions(plusNumbers(context), 'n:c:fFqvs:', { lines: 'n=', bytes: 'c=', follow: 'f', retry: 'F', quiet: 'q' }, { numbers: 'n' });
    if (typeof options === 'number') return options;
    const follow = options.has('f') || options.has('F');
    const state = (context.state ?? { ...newInput(), text: '', titles: 0 }) as TailState;
    context.state = state;
    const titled = options.operands.length > 1 && !options.has('q');
    const title = (name: string): void => {
      if (!titled || state.last === name) return;
      context.out(`${state.titles > 0 ? '\n' : ''}==> ${name} <==\n`);
      state.titles += 1;
      state.last = name;
    };
    if (state.following === undefined) {
      const missing: { name: string; size: number }[] = [];
      const found: { name: string; size: number }[] = [];
      const readable = options.operands.filter((name) => name === '-' || context.files.stat(context.path(name)) !== undefined || !options.has('F'));
      for (const name of options.operands)
        if (!readable.includes(name)) {
          context.err(
            context.flavour === 'ash'
              ? `tail: can't open '${name}': No such file or directory\n`
              : `tail: cannot open '${name}' for reading: No such file or directory\n`,
          );
          missing.push({ name, size: -1 });
        }
      const wait =
        readable.length === 0 && options.operands.length > 0
          ? undefined
          : readInputs(gnuWords(context), readable, state, (text, ended, name) => {
              state.text += text;
              if (name === '-' && isTooMuch(context, state.text)) state.text = '';
              if (!ended) return true;
              title(name);
              context.out(cut(state.text, options));
              if (name !== '-') found.push({ name, size: byteLength(state.text) });
              state.text = '';
              return true;
            });
      if (wait !== undefined) return wait;
      if (context.flavour === 'ash' && found.length === 0 && state.failed && missing.length === 0) context.err('tail: no files\n');
      if (!follow || (found.length === 0 && missing.length === 0)) return state.failed || missing.length > 0 ? 1 : 0;
      state.following = [...found, ...missing];
    }
    const isSmall = context.flavour === 'ash';
    for (const file of state.following) {
      try {
        const path = context.path(file.name);
        const stat = context.files.stat(path);
        if (stat === undefined && options.has('F') && file.size >= 0) {
          context.err(`tail: ${isSmall ? file.name : `'${file.name}'`} has become inaccessible: No such file or directory\n`);
          file.size = -1;
        }
        if (stat === undefined || stat.size === file.size) continue;
        const text = context.files.read(path);
        if (file.size >= 0 && stat.size < file.size) {
          if (!isSmall) context.err(`tail: ${file.name}: file truncated\n`);
          file.size = 0;
        }
        if (file.size < 0) {
          context.err(isSmall ? `tail: ${file.name} has appeared; following end of new file\n` : `tail: '${file.name}' has appeared;  following new file\n`);
          file.size = 0;
        }
        title(file.name);
        context.out(textOfBinary(binaryOf(text).slice(file.size)));
        file.size = stat.size;
      } catch (error) {
        context.err(`tail: ${file.name}: ${errorText(error)}\n`);
      }
    }
    return { wait: 'time', until: after(context.now, seconds(1)) };
  },
};

/** `tail +3 f` is `tail -n +3 f`. */
const plusNumbers = (context: ProgramContext): ProgramContext => (/^\+\d+$/.test(context.args[0] ?? '') ? withArgs(context, ['-n', ...context.args]) : context);

/** GNU tail says `cannot open … for reading`. */
function gnuWords(context: ProgramContext): ProgramContext {
  if (context.flavour === 'ash') return context;
  return Object.create(context, {
    err: {
      value: (text: string) =>
        context.err(
          text.replace(
            /^tail: (.*): (No such file or directory|Permission denied|Too many levels of symbolic links)\n$/,
            "tail: cannot open '$1' for reading: $2\n",
          ),
        ),
    },
  }) as ProgramContext;
}

export { cannotOpen };
