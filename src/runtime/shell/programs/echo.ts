/** echo(1), printf(1), test(1) as programs: what `exec echo`, `env echo` and a container's own command run. */
import { unescapeEcho } from '../escapes.js';
import { formatPrintf } from '../printf.js';
import type { Program } from '../program.js';

export const echo: Program = {
  name: 'echo',
  run(context) {
    let newline = true;
    let escapes = false;
    let i = 0;
    for (; /^-[neE]+$/.test(context.args[i] ?? ''); i += 1)
      for (const letter of (context.args[i] as string).slice(1)) {
        if (letter === 'n') newline = false;
        else escapes = letter === 'e';
      }
    const text = context.args.slice(i).join(' ');
    const done = escapes ? unescapeEcho(text) : { text, stopped: false };
    context.out(`${done.text}${newline && !done.stopped ? '\n' : ''}`);
    return 0;
  },
};

export const printf: Program = {
  name: 'printf',
  run(context) {
    if (context.args.length === 0) {
      context.err("printf: missing operand\nTry 'printf --help' for more information.\n");
      return 1;
    }
    const result = formatPrintf(context.args[0] as string, context.args.slice(1), context.flavour);
    context.out(result.text);
    for (const { message } of result.errors) context.err(context.flavour === 'ash' ? `printf: ${message}\n` : `printf: ${gnuWords(message)}\n`);
    return result.errors.length > 0 ? 1 : 0;
  },
};

/** GNU's printf quotes what it cannot read. */
const gnuWords = (message: string): string =>
  message.replace(
    /^(.*): (expected numeric value|not completely converted|expected a numeric value)$/s,
    (_, text: string, why: string) => `'${text}': ${why === 'expected numeric value' ? 'expected a numeric value' : 'value not completely converted'}`,
  );
