/** `echo`. */
import { unescapeEcho } from '../escapes.js';
import type { Shell } from '../shell.js';

export function echo(self: Shell, args: readonly string[]): number {
  let newline = true;
  let escapes = self.shell.flavour === 'dash';
  let i = 0;
  if (self.shell.flavour === 'dash') {
    if (args[0] === '-n') {
      newline = false;
      i = 1;
    }
  } else
    for (; i < args.length && /^-[neE]+$/.test(args[i] as string); i += 1)
      for (const letter of (args[i] as string).slice(1)) {
        if (letter === 'n') newline = false;
        else escapes = letter === 'e';
      }
  let text = args.slice(i).join(' ');
  if (escapes) {
    const stop = unescapeEcho(self.shell.flavour === 'dash' ? text.replace(/\\([1-7][0-7]{0,2})/g, '\\0$1') : text);
    text = stop.text;
    if (stop.stopped) newline = false;
  }
  self.out(newline ? `${text}\n` : text);
  return 0;
}
