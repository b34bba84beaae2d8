/** seq and factor. */
import { formatPrintf } from '../printf.js';
import type { Program, ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { gather } from './input.js';

function badSeq(context: ProgramContext, text: string): number {
  context.err(context.flavour === 'ash' ? busyboxUsage(context) : `${text}\nTry 'seq --help' for more information.\n`);
  return 1;
}

const seq: Program = {
  name: 'seq',
  run(context) {
    // By hand: `-1` is a number, not an option.
    const words = [...context.args];
    let separator = '\n';
    let equal = false;
    let format: string | undefined;
    while (words[0] !== undefined && /^-[a-z-]/.test(words[0])) {
      const word = words.shift() as string;
      const value = (): string => (word.length > 2 ? word.slice(2) : (words.shift() ?? ''));
      if (word === '--') break;
      if (word === '-w' || word === '--equal-width') equal = true;
      else if (word.startsWith('-s')) separator = value();
      else if (word.startsWith('--separator=')) separator = word.slice(12);
      else if (word.startsWith('-f') && context.flavour !== 'ash') format = value();
      else {
        context.err(`seq: invalid option -- '${word[1]}'\n`);
        return badSeq(context, '');
      }
    }
    const bad = words.find((word) => Number.isNaN(Number(word)) || word.trim() === '');
    if (words.length === 0) return badSeq(context, 'seq: missing operand');
    if (bad !== undefined) return badSeq(context, `seq: invalid floating point argument: '${bad}'`);
    if (words.length > 3) return badSeq(context, `seq: extra operand '${words[3]}'`);
    const numbers = words.map(Number);
    const first = numbers.length > 1 ? (numbers[0] as number) : 1;
    const step = numbers.length > 2 ? (numbers[1] as number) : 1;
    const last = numbers.at(-1) as number;
    if (step === 0) return badSeq(context, `seq: invalid Zero increment value: '${words[1]}'`);
    const decimals = (word: string | undefined): number => (word?.split('.')[1] ?? '').length;
    // The last number does not decide how many decimals are shown.
    const digits = words.length === 1 ? 0 : Math.max(...words.slice(0, -1).map(decimals));
    const state = (context.state ?? { i: 0 }) as { i: number };
    context.state = state;
    const width = equal ? Math.max(first.toFixed(digits).length, last.toFixed(digits).length) : 0;
    const out: string[] = [];
    let ended = false;
    for (; out.length < 10_000; state.i += 1) {
      const value = first + state.i * step;
      ended = step > 0 ? value > last + 1e-9 : value < last - 1e-9;
      if (ended) break;
      const text = format === undefined ? value.toFixed(digits) : formatPrintf(format, [String(value)], context.flavour).text;
      out.push((state.i > 0 ? separator : '') + (text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0')));
    }
    if (out.length > 0 || (ended && state.i > 0)) context.out(`${out.join('')}${ended ? '\n' : ''}`);
    return ended || context.broken ? 0 : { wait: 'time', until: context.now };
  },
};

const factor: Program = {
  name: 'factor',
  run(context) {
    const state = context.args.length > 0 ? undefined : gather(context, []);
    if (state !== undefined && 'wait' in state) return state;
    const words = state === undefined ? context.args : state.texts.flatMap(({ text }) => text.split(/\s+/)).filter((word) => word !== '');
    for (const word of words) {
      let n = Number(word);
      if (!/^\d+$/.test(word) || n > Number.MAX_SAFE_INTEGER) {
        context.err(context.flavour === 'ash' ? `factor: invalid number '${word}'\n` : `factor: '${word}' is not a valid positive integer\n`);
        return 1;
      }
      const factors: number[] = [];
      for (let by = 2; by * by <= n; by += by === 2 ? 1 : 2)
        while (n % by === 0) {
          factors.push(by);
          n /= by;
        }
      if (n > 1) factors.push(n);
      context.out(`${word}: ${factors.join(' ')}\n`);
    }
    return 0;
  },
};

export const numberPrograms: readonly Program[] = [seq, factor];
