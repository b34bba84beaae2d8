/** head(1). */
import { binaryOf, textOfBinary } from '../../../api/bytes.js';
import type { Program } from '../program.js';
import { type InputState, linesOf, newInput, readInputs } from './input.js';
import { parseOptions } from './options.js';

export const head: Program = {
  name: 'head',
  run(context) {
    const options = parseOptions(context, 'n:c:qv', { lines: 'n=', bytes: 'c=', quiet: 'q', silent: 'q', verbose: 'v' }, { numbers: 'n' });
    if (typeof options === 'number') return options;
    const count = Number(options.value('c') ?? options.value('n') ?? 10);
    if (Number.isNaN(count)) {
      context.err(
        context.flavour === 'ash'
          ? `head: invalid number '${options.value('n') ?? options.value('c')}'\n`
          : `head: invalid number of ${options.has('c') ? 'bytes' : 'lines'}: '${options.value('n') ?? options.value('c')}'\n`,
      );
      return 1;
    }
    const titled = (options.operands.length > 1 || options.has('v')) && !options.has('q');
    const state = (context.state ?? { ...newInput(), seen: 0, titles: 0 }) as InputState & { seen: number; titles: number };
    context.state = state;
    const wait = readInputs(context, options.operands, state, (text, ended, name) => {
      if (titled && state.seen === 0 && state.titles < state.at) {
        context.out(`${state.titles > 0 ? '\n' : ''}==> ${name} <==\n`);
        state.titles = state.at;
      }
      if (options.has('c')) {
        const binary = binaryOf(text);
        context.out(textOfBinary(binary.slice(0, count - state.seen)));
        state.seen += binary.length;
      } else if (count < 0) {
        state.pending += text;
        if (ended)
          context.out(
            state.pending
              .split(/(?<=\n)/)
              .slice(0, count)
              .join(''),
          );
        if (ended) state.pending = '';
      } else
        for (const line of linesOf(state, text, ended)) {
          if (state.seen >= count) break;
          state.seen += 1;
          context.out(line);
        }
      const enough = count >= 0 && state.seen >= count;
      if (enough && !ended) return false;
      if (ended || enough) {
        state.seen = ended ? 0 : state.seen;
        state.pending = ended ? '' : state.pending;
        return !(enough && (name === '-' || state.at >= options.operands.length));
      }
      return true;
    });
    return wait ?? (state.failed ? 1 : 0);
  },
};
