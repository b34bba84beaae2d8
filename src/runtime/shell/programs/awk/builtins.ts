/** awk's own functions. What is none of them, and none of the program's, is 0. */
import { posixRegExp } from '../regex.js';
import type { Machine } from './machine.js';
import type { Expression } from './parser.js';
import { splitFields } from './record.js';
import { fromInput, toNumber, type Value } from './values.js';

type Arguments = readonly Expression[];
type Builtin = (machine: Machine, args: Arguments) => Value;

const WHOLE_RECORD: Expression = { e: 'field', index: { e: 'number', value: 0 } };

const argument = (machine: Machine, args: Arguments, i: number): Value => {
  const expression = args[i];
  return expression === undefined ? '' : machine.evaluate(expression);
};
const text = (machine: Machine, args: Arguments, i: number): string => machine.variables.textOf(argument(machine, args, i));
const number = (machine: Machine, args: Arguments, i: number): number => toNumber(argument(machine, args, i));

const mathematical =
  (calculate: (x: number, y: number) => number): Builtin =>
  (machine, args) =>
    calculate(number(machine, args, 0), args.length > 1 ? number(machine, args, 1) : 0);

const length: Builtin = (machine, args) => {
  const [first] = args;
  if (first === undefined) return machine.record.text.length;
  const array = first.e === 'variable' ? machine.variables.arrayIfAny(first.name) : undefined;
  return array === undefined ? text(machine, args, 0).length : array.size;
};

const substr: Builtin = (machine, args) => {
  const whole = text(machine, args, 0);
  // A start before the text counts as its start (onetrue-awk, mawk and busybox; POSIX says otherwise).
  const from = Math.max(1, Math.round(number(machine, args, 1)));
  const count = args[2] === undefined ? Number.POSITIVE_INFINITY : Math.round(number(machine, args, 2));
  return whole.slice(from - 1, Math.max(0, from - 1 + count));
};

const split: Builtin = (machine, args) => {
  const [, target, by] = args;
  if (target?.e !== 'variable') return 0;
  const { variables } = machine;
  const whole = text(machine, args, 0);
  const parts =
    by?.e === 'regex'
      ? whole === ''
        ? []
        : whole.split(posixRegExp(by.source, { extended: true }))
      : splitFields(whole, by === undefined ? variables.text('FS') : variables.textOf(machine.evaluate(by)));
  const array = variables.array(target.name);
  array.clear();
  for (const [i, part] of parts.entries()) array.set(String(i + 1), fromInput(part));
  return parts.length;
};

const substitute =
  (isGlobal: boolean): Builtin =>
  (machine, args) => {
    const { source, flags } = machine.expressionOf(args[0] as Expression);
    const replacement = text(machine, args, 1);
    const target = args[2] ?? WHOLE_RECORD;
    let count = 0;
    const pattern = new RegExp(source, `${flags.replace('g', '')}${isGlobal ? 'g' : ''}`);
    const result = machine.variables.textOf(machine.evaluate(target)).replace(pattern, (match) => {
      count += 1;
      return replacement.replace(/\\\\|\\&|&/g, (mark) => (mark === '&' ? match : mark.slice(1)));
    });
    if (count > 0) machine.assign(target, result);
    return count;
  };

const match: Builtin = (machine, args) => {
  const found = machine.expressionOf(args[1] as Expression).exec(text(machine, args, 0));
  const start = found === null ? 0 : found.index + 1;
  machine.variables.setGlobal('RSTART', start);
  machine.variables.setGlobal('RLENGTH', found === null ? -1 : found[0].length);
  return start;
};

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['length', length],
  ['substr', substr],
  ['index', (machine, args) => text(machine, args, 0).indexOf(text(machine, args, 1)) + 1],
  ['split', split],
  ['sub', substitute(false)],
  ['gsub', substitute(true)],
  ['match', match],
  ['sprintf', (machine, args) => machine.format(args)],
  ['tolower', (machine, args) => text(machine, args, 0).toLowerCase()],
  ['toupper', (machine, args) => text(machine, args, 0).toUpperCase()],
  ['int', mathematical(Math.trunc)],
  ['sin', mathematical(Math.sin)],
  ['cos', mathematical(Math.cos)],
  ['atan2', mathematical(Math.atan2)],
  ['exp', mathematical(Math.exp)],
  ['log', mathematical(Math.log)],
  ['sqrt', mathematical(Math.sqrt)],
  ['rand', ({ context }) => context.host.random()],
  ['system', (machine, args) => machine.streams.run(text(machine, args, 0), {}).status],
  ['close', (machine, args) => machine.streams.close(text(machine, args, 0))],
  ['systime', ({ context }) => Math.floor(context.now / 1000)],
  ['strftime', ({ context }) => new Date(context.now).toISOString()],
]);
