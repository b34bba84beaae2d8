/** awk's printf. */
import { formatPrintf } from '../../printf.js';
import type { ProgramContext } from '../../program.js';
import { numeric, toNumber } from './values.js';

/** One pass over the arguments; `%c` takes a character of a text. */
export function awkFormat(template: string, args: readonly string[], flavour: ProgramContext['flavour']): string {
  const rest = [...args];
  return template.replace(
    /%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+))?([a-zA-Z%])/g,
    (_, flags: string, width: string | undefined, precision: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const w = width === '*' ? rest.shift() : width;
      const p = precision === '*' ? rest.shift() : precision;
      const value = rest.shift() ?? '';
      const number = /[diouxXeEfFgG]/.test(kind);
      const text =
        kind === 'i' || kind === 'd' ? String(Math.trunc(toNumber(value))) : number ? (numeric(value) === undefined ? String(toNumber(value)) : value) : value;
      return formatPrintf(
        `%${flags}${w ?? ''}${p === undefined ? '' : `.${p}`}${kind === 'i' ? 'd' : kind}`,
        [kind === 'c' && numeric(value) !== undefined && value.length > 1 ? String.fromCharCode(Number(value)) : text],
        flavour,
      ).text;
    },
  );
}
