/** cat(1). */
import { binaryOf } from '../../../api/bytes.js';
import type { Program } from '../program.js';
import { type InputState, linesOf, newInput, readInputs } from './input.js';
import { parseOptions } from './options.js';

export const cat: Program = {
  name: 'cat',
  run(context) {
    const options = parseOptions(
      context,
      context.flavour === 'ash' ? 'nbsvetAu' : 'nbsvetAEuT',
      context.flavour === 'ash' ? {} : { number: 'n', 'show-all': 'A' },
    );
    if (typeof options === 'number') return options;
    const state = (context.state ?? { ...newInput(), line: 0, blank: false }) as InputState & { line: number; blank: boolean };
    context.state = state;
    const plain = options.flags.size === 0 || (options.flags.size === 1 && options.has('u'));
    const wait = readInputs(context, options.operands, state, (text, ended) => {
      if (plain) {
        context.out(text);
        return true;
      }
      for (const line of linesOf(state, text, ended)) {
        const empty = line === '\n';
        if (options.has('s') && empty && state.blank) continue;
        state.blank = empty;
        const numbered = options.has('b') ? !empty : options.has('n');
        if (numbered) state.line += 1;
        let body = ['v', 'e', 't', 'A'].some((letter) => options.has(letter)) ? visible(line) : line;
        if (options.has('E') || options.has('e') || options.has('A')) body = body.replace(/\n$/, '$\n');
        if (options.has('T') || options.has('t') || options.has('A')) body = body.replace(/\t/g, '^I');
        context.out(`${numbered ? `${String(state.line).padStart(6)}\t` : ''}${body}`);
      }
      return true;
    });
    return wait ?? (state.failed ? 1 : 0);
  },
};

/** Bytes that do not print as `^X` and `M-x`; tabs and line ends stay. */
function visible(line: string): string {
  let out = '';
  for (const byte of binaryOf(line)) {
    const code = byte.charCodeAt(0);
    const low = code & 127;
    if (byte === '\t' || byte === '\n') out += byte;
    else out += (code > 127 ? 'M-' : '') + (low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low));
  }
  return out;
}
