/** jq(1): filters over JSON, as far as shell scripts use them. */
import type { Program, ProgramContext } from '../../program.js';
import { gather } from '../input.js';
import { type Options, parseOptions } from '../options.js';
import { run, Unknown, type Variables } from './filters.js';
import { type Filter, JqSyntaxError, type Json, parseFilter } from './parser.js';
import { isArray, isObject, isTrue, JqError, sortedKeys } from './values.js';

/** Texts of JSON one after the other; what follows the last that is whole is an error. */
function* documents(text: string): Generator<Json> {
  let at = 0;
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  for (skip(); at < text.length; skip()) {
    const end = endOf(text, at);
    try {
      yield JSON.parse(text.slice(at, end)) as Json;
    } catch {
      const isUnfinished = /^[[{"]/.test(text.slice(at)) && end === text.length;
      const before = text.slice(0, isUnfinished ? text.length : end + 1);
      const place = `line ${before.split('\n').length}, column ${before.length - 1 - before.lastIndexOf('\n')}`;
      if (isUnfinished) throw new JqError(`Unfinished JSON term at EOF at ${place}`);
      throw new JqError(`Invalid ${/^[tfn]/.test(text.slice(at)) ? '' : 'numeric '}literal at ${place}`);
    }
    at = end;
  }
}

function endOf(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char === '"') {
      for (i += 1; i < text.length && text[i] !== '"'; i += 1) if (text[i] === '\\') i += 1;
      if (depth === 0) return i + 1;
    } else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && /\s/.test(char)) return i;
  }
  return text.length;
}

const sorted = (value: Json): Json =>
  isArray(value) ? value.map(sorted) : isObject(value) ? Object.fromEntries(sortedKeys(value).map((key) => [key, sorted(value[key] as Json)])) : value;

function written(value: Json, options: Options): string {
  const own = options.has('S') ? sorted(value) : value;
  if ((options.has('r') || options.has('j')) && typeof own === 'string') return own;
  const indent = options.has('c') ? undefined : options.has('tab') ? '\t' : Number(options.value('indent') ?? 2);
  return JSON.stringify(own, undefined, indent).replace(/\x7f/g, '\\u007f');
}

const LONG: Readonly<Record<string, string>> = {
  'raw-output': 'r',
  'compact-output': 'c',
  'exit-status': 'e',
  'null-input': 'n',
  'raw-input': 'R',
  slurp: 's',
  'join-output': 'j',
  'sort-keys': 'S',
  'color-output': 'C',
  'monochrome-output': 'M',
  tab: 'tab',
  indent: 'indent=',
  'from-file': 'f=',
};

/** `--arg name value` takes two words: they are taken out first. */
function argumentsOf(context: ProgramContext): { readonly args: readonly string[]; readonly vars: Variables } {
  const args: string[] = [];
  const named: Record<string, Json> = {};
  for (let i = 0; i < context.args.length; i += 1) {
    const arg = context.args[i] as string;
    const [name = '', value = ''] = context.args.slice(i + 1, i + 3);
    if (arg !== '--arg' && arg !== '--argjson') {
      args.push(arg);
      continue;
    }
    named[`$${name}`] = arg === '--arg' ? value : (JSON.parse(value) as Json);
    i += 2;
  }
  const all = Object.fromEntries(Object.entries(named).map(([name, value]) => [name.slice(1), value]));
  return { args, vars: { ...named, $ENV: context.env, $now: context.now / 1000, $__prog_args: [], $named: all } };
}

export const jq: Program = {
  name: 'jq',
  run(context) {
    const { args, vars } = argumentsOf(context);
    if (args[0] === '--version' || args[0] === '-V') {
      context.out('jq-1.7.1\n');
      return 0;
    }
    const options = parseOptions(Object.create(context, { args: { value: args } }) as ProgramContext, 'rcensRjSCMf:a', LONG);
    if (typeof options === 'number') return 2;
    const script = options.value('f');
    const [first, ...others] = options.operands;
    if (first === undefined && script === undefined) {
      context.err('jq - commandline JSON processor [version 1.7.1]\n\nUsage:\tjq [OPTIONS] FILTER [FILES...]\n');
      return 2;
    }
    const source = script === undefined ? (first as string) : context.files.read(context.path(script));
    let filter: Filter;
    try {
      filter = parseFilter(source);
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error;
      context.err(`jq: error: ${error.message} (Unix shell quoting issues?) at <top-level>, line 1:\n${source}\njq: 1 compile error\n`);
      return 3;
    }
    const files = script === undefined || first === undefined ? others : [first, ...others];
    const input = options.has('n') ? { texts: [], failed: false } : gather(context, files);
    if ('wait' in input) return input;
    const text = input.texts.map((one) => one.text).join('');
    let status = input.failed ? 2 : 0;
    let last: Json | undefined;
    const give = (value: Json): void => {
      for (const one of run(filter, { value, path: [] }, vars)) {
        last = one.value;
        context.out(`${written(one.value, options)}${options.has('j') ? '' : '\n'}`);
      }
    };
    try {
      const raw = (): Json[] => (options.has('s') ? [text] : text.replace(/\n$/, '').split('\n'));
      const inputs: Iterable<Json> = options.has('n') ? [null] : options.has('R') ? raw() : options.has('s') ? [[...documents(text)]] : documents(text);
      for (const value of inputs) {
        try {
          give(value);
        } catch (error) {
          if (!(error instanceof JqError)) throw error;
          context.err(
            `jq: error (at ${files.at(-1) ?? (options.has('n') ? '<unknown>' : '<stdin>')}${options.has('n') ? '' : `:${text.split('\n').length - 1}`}): ${error.message}\n`,
          );
          status = 5;
        }
      }
    } catch (error) {
      if (error instanceof JqError) {
        context.err(`jq: parse error: ${error.message}\n`);
        return 2;
      }
      if (error instanceof Unknown || error instanceof JqSyntaxError) {
        context.err(
          `jq: error: ${error.message}${error instanceof Unknown ? ' is not defined' : ''} at <top-level>, line 1:\n${source}\njq: 1 compile error\n`,
        );
        return 3;
      }
      throw error;
    }
    if (status !== 0 || !options.has('e')) return status;
    return last === undefined ? 4 : isTrue(last) ? 0 : 1;
  },
};
