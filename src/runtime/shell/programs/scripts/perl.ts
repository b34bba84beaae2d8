/** The functions of perl that one-liners use. */
import { piDigits } from '../../../log-template.js';
import { formatPrintf } from '../../printf.js';
import { formatDate } from '../date.js';
import { numberOf } from './functions.js';
import type { Hands } from './machine.js';
import { bigText, isBig, isFloat, isList, ScriptError, type Value } from './values.js';

export function perlText(value: Value): string {
  if (isBig(value)) return bigText(value);
  if (value === null) return '';
  if (isList(value)) return value.map(perlText).join('');
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(15)));
  return isFloat(value) ? String(value.float) : String(value);
}

export function perlFunctions(name: string, args: readonly Value[], _named: Readonly<Record<string, Value>>, hands: Hands): Value | undefined {
  const { context, state } = hands;
  const given = args.length === 0 ? [state.vars['$_'] ?? ''] : args;
  const [first = ''] = given;
  const end = state.vars['$\\'] === undefined ? '' : perlText(state.vars['$\\']);
  const to = (words: readonly Value[], text: (words: readonly Value[]) => string): number => {
    if (words[0] === 'STDERR') context.err(text(words.slice(1)));
    else context.out(text(words[0] === 'STDOUT' ? words.slice(1) : words));
    return 1;
  };
  switch (name.replace(/\(\)$/, '')) {
    case 'print':
      return to(given, (words) => words.map(perlText).join(state.vars['$,'] === undefined ? '' : perlText(state.vars['$,'])) + end);
    case 'say':
      return to(given, (words) => `${words.map(perlText).join('')}\n`);
    case 'printf':
      return to(given, (words) => formatPrintf(perlText(words[0] ?? '').replace(/\\/g, '\\\\'), words.slice(1).map(perlText), 'bash').text);
    case 'sprintf':
      return formatPrintf(perlText(first).replace(/\\/g, '\\\\'), args.slice(1).map(perlText), 'bash').text;
    case 'sleep':
      hands.sleep(args.length === 0 ? 8.64e15 : Math.floor(numberOf(first)) * 1000);
      return Math.floor(numberOf(first));
    case 'select':
      if (args.length === 4) hands.sleep(numberOf(args[3]) * 1000);
      return 0;
    case 'exit':
      return hands.exit(args.length === 0 ? 0 : numberOf(first));
    case 'die':
      throw new ScriptError(perlText(first).endsWith('\n') ? perlText(first) : `${perlText(first) || 'Died'} at -e line 1.\n`, 255);
    case 'warn':
      context.err(perlText(first).endsWith('\n') ? perlText(first) : `${perlText(first)} at -e line 1.\n`);
      return 1;
    case 'time':
      return Math.floor(context.now / 1000);
    case 'localtime':
    case 'gmtime':
      return formatDate(context.now, '%a %b %e %H:%M:%S %Y');
    case 'hostname':
      return context.host.hostname;
    case 'bpi':
      if (!context.args.some((arg) => /^-M?big(num|float|int)=.*bpi/.test(arg) || /^-Mbig/.test(arg))) return undefined;
      return piDigits(Math.min(5000, Math.max(1, numberOf(first))));
    case 'join':
      return args.slice(1).map(perlText).join(perlText(first));
    case 'uc':
      return perlText(first).toUpperCase();
    case 'lc':
      return perlText(first).toLowerCase();
    case 'ucfirst':
      return perlText(first).slice(0, 1).toUpperCase() + perlText(first).slice(1);
    case 'length':
      return perlText(first).length;
    case 'int':
      return Math.trunc(numberOf(first));
    case 'sqrt':
      return Math.sqrt(numberOf(first));
    case 'abs':
      return Math.abs(numberOf(first));
    case 'rand':
      return context.host.random() * (args.length === 0 ? 1 : numberOf(first));
    case 'reverse':
      return [...perlText(first)].reverse().join('');
    case 'defined':
      return first === null ? '' : 1;
    case 'chomp':
      state.vars['$_'] = perlText(state.vars['$_'] ?? '').replace(/\n$/, '');
      return 1;
    case '%ENV':
      return context.env;
    case '$$':
      return context.pid;
    case '$0':
      return '-e';
    case '@ARGV':
      return [];
    case '$|':
      return 0;
    default:
      return undefined;
  }
}
