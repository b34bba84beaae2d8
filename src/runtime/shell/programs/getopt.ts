/** getopt(1) of util-linux and busybox: a script's options put in order, for `eval set --`. */
import type { Program, ProgramContext } from '../program.js';

interface Spec {
  readonly short: string;
  readonly long: readonly string[];
  readonly words: readonly string[];
  /** `getopt abc words`: what it writes is not quoted. */
  readonly isOld: boolean;
  readonly name: string;
  readonly isQuiet: boolean;
}

/** How many values: none, one, or one that may be left out. */
type Takes = 0 | 1 | 2;
const takesOf = (colons: string): Takes => (colons === '::' ? 2 : colons === ':' ? 1 : 0);

function specOf(context: ProgramContext): Spec {
  const args = [...context.args];
  if (args[0] === undefined || !args[0].startsWith('-')) {
    const [short = '', ...words] = args;
    return { short, long: [], words: words[0] === '--' ? words.slice(1) : words, isOld: true, name: 'getopt', isQuiet: false };
  }
  let short: string | undefined;
  const long: string[] = [];
  let name = 'getopt';
  let isQuiet = false;
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === '--') break;
    const [, option, value] = /^(?:--(\w+)(?:=(.*))?)$/s.exec(arg) ?? ['', arg.slice(0, 2), arg.length > 2 ? arg.slice(2) : undefined];
    if (option === '-o' || option === 'options') short = value ?? args.shift() ?? '';
    else if (option === '-l' || option === 'longoptions' || option === 'long') long.push(...(value ?? args.shift() ?? '').split(/[,\s]+/));
    else if (option === '-n' || option === 'name') name = value ?? args.shift() ?? '';
    else if (option === '-q' || option === 'quiet') isQuiet = true;
    else if (!/^-[aQuT]$/.test(arg)) {
      args.unshift(arg);
      break;
    }
  }
  return { short: short ?? args.shift() ?? '', long: long.filter((one) => one !== ''), words: args, isOld: false, name, isQuiet };
}

const quote = (word: string): string => `'${word.replace(/'/g, `'\\''`)}'`;

export const getopt: Program = {
  name: 'getopt',
  run(context) {
    const spec = specOf(context);
    const show = (word: string): string => (spec.isOld ? word : quote(word));
    const out: string[] = [];
    const operands: string[] = [];
    let failed = false;
    const complain = (text: string): void => {
      failed = true;
      if (!spec.isQuiet) context.err(`${spec.name}: ${text}\n`);
    };
    const stopsEarly = spec.short.startsWith('+');
    const short = spec.short.replace(/^[+-]/, '');
    const words = [...spec.words];
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      if (word === '--') {
        operands.push(...words);
        break;
      }
      if (word.startsWith('--')) longOption(spec.long, word.slice(2), words, out, show, complain);
      else if (word.startsWith('-') && word.length > 1) {
        for (let i = 1; i < word.length; i += 1) {
          const letter = word[i] as string;
          const at = short.indexOf(letter);
          if (at < 0 || letter === ':') {
            complain(`invalid option -- '${letter}'`);
            continue;
          }
          const takes = takesOf(/^:{0,2}/.exec(short.slice(at + 1))?.[0] ?? '');
          if (takes === 0) {
            out.push(`-${letter}`);
            continue;
          }
          const value = i + 1 < word.length ? word.slice(i + 1) : takes === 1 ? words.shift() : '';
          if (value === undefined) complain(`option requires an argument -- '${letter}'`);
          else out.push(`-${letter}`, show(value));
          break;
        }
      } else {
        operands.push(word);
        if (stopsEarly) {
          operands.push(...words);
          break;
        }
      }
    }
    context.out(` ${[...out, '--', ...operands.map(show)].join(' ')}\n`);
    return failed ? 1 : 0;
  },
};

/** A long option may be shortened as long as it is clear which is meant. */
function longOption(
  long: readonly string[],
  text: string,
  words: string[],
  out: string[],
  show: (word: string) => string,
  complain: (text: string) => void,
): void {
  const [name = '', ...rest] = text.split('=');
  const given = rest.length > 0 ? rest.join('=') : undefined;
  const names = long.map((one) => one.replace(/:+$/, ''));
  const exact = names.indexOf(name);
  const close = names.flatMap((one, i) => (one.startsWith(name) ? [i] : []));
  const at = exact >= 0 ? exact : close.length === 1 ? (close[0] as number) : -1;
  if (at < 0) {
    complain(
      close.length > 1 ? `option '--${name}' is ambiguous; possibilities: ${close.map((i) => `'--${names[i]}'`).join(' ')}` : `unrecognized option '--${name}'`,
    );
    return;
  }
  const full = `--${names[at]}`;
  const takes = takesOf(/:*$/.exec(long[at] as string)?.[0] ?? '');
  if (takes === 0) {
    if (given !== undefined) complain(`option '${full}' doesn't allow an argument`);
    else out.push(full);
    return;
  }
  const value = given ?? (takes === 1 ? words.shift() : '');
  if (value === undefined) complain(`option '${full}' requires an argument`);
  else out.push(full, show(value));
}
