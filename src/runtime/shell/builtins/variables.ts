/** `export`, `readonly`, `local`, `declare`. */
import { exitShell } from '../ending.js';
import { elementsOf, referent } from '../expand.js';
import type { Shell } from '../shell.js';
import type { Variable } from '../state.js';

const NAME = /^[A-Za-z_]\w*$/;
const ELEMENT = /^[A-Za-z_]\w*(\[.+\])?$/s;

type How = 'export' | 'readonly' | 'local' | 'declare';

export function declare(self: Shell, args: readonly string[], how: How): number {
  const { shell } = self;
  const isBash = shell.flavour === 'bash';
  let status = 0;
  const end = args.findIndex((arg) => !/^[-+]\w+$/.test(arg));
  const options = end < 0 ? args : args.slice(0, end);
  const flags = options.filter((arg) => arg.startsWith('-')).join('');
  const takes = options.filter((arg) => arg.startsWith('+')).join('');
  const names = (end < 0 ? [] : args.slice(end)).filter((arg, i) => !(i === 0 && arg === '--'));
  const bad = shell.flavour === 'dash' && how !== 'local' ? /[^p]/.exec(flags.replace(/-/g, ''))?.[0] : undefined;
  if (bad !== undefined) {
    self.complain(`${how}: Illegal option -${bad}`);
    exitShell(self.machine, self.environment, self.process, 2);
    return 2;
  }
  if (isBash && /[fF]/.test(flags)) return showFunctions(self, names);
  if (names.length === 0 && how !== 'local') {
    const chosen = Object.keys(shell.vars)
      .sort()
      .filter((name) => isChosen(shell.vars[name] as Variable, how, flags));
    self.out(
      chosen.map((name) => (isBash ? declaration(name, shell.vars[name] as Variable) : plainDeclaration(how, name, shell.vars[name] as Variable))).join(''),
    );
    return 0;
  }
  if (isBash && flags.includes('p')) {
    for (const name of names) {
      const variable = shell.vars[name];
      if (variable !== undefined) self.out(declaration(name, variable));
      else {
        self.complain(`${how}: ${name}: not found`);
        status = 1;
      }
    }
    return status;
  }
  const frame = shell.stack.findLast((candidate) => candidate.t === 'function');
  if (how === 'local' && frame === undefined) {
    self.complain(isBash ? 'local: can only be used in a function' : 'local: not in a function');
    return 1;
  }
  for (const item of names) {
    const equals = item.indexOf('=');
    const given = (equals < 0 ? item : item.slice(0, equals)).replace(/\+$/, '');
    if (!NAME.test(given)) {
      self.complain(isBash ? `${how}: \`${item}': not a valid identifier` : `${how}: ${item}: bad variable name`);
      status = isBash ? 1 : 2;
      continue;
    }
    const isLocal = frame?.t === 'function' && (how === 'local' || (how === 'declare' && !flags.includes('g')));
    const name = isLocal || flags.includes('n') || takes.includes('n') ? given : referent(shell.vars, given);
    if (isLocal && !(name in frame.locals)) {
      frame.locals[name] = shell.vars[name] === undefined ? null : { ...(shell.vars[name] as Variable) };
      if (equals < 0 && shell.flavour !== 'dash') delete shell.vars[name];
      else if (isBash) shell.vars[name] = { value: '' };
    }
    if (isBash) takeAttributes(self, name, flags, takes);
    if (equals >= 0) {
      const value = item.slice(equals + 1);
      const variable = shell.vars[name];
      if (variable?.ref === true && flags.includes('n')) {
        if (!ELEMENT.test(value)) {
          self.complain(`${how}: \`${value}': invalid variable name for name reference`);
          delete shell.vars[name];
          status = 1;
        } else variable.value = value;
        continue;
      }
      const old = item[equals - 1] === '+' ? (self.value(name) ?? '') : '';
      if (!self.setVariable(name, variable?.integer === true && old !== '' ? `${old}+(${value})` : old + value)) {
        status = 1;
        continue;
      }
    }
    const variable = shell.vars[name];
    if (how === 'export' || flags.includes('x')) {
      if (variable === undefined) shell.vars[name] = { value: '', exported: true };
      else variable.exported = !(how === 'export' && flags.includes('n'));
    }
    if (how === 'readonly' || flags.includes('r')) {
      if (variable === undefined) shell.vars[name] = { value: '', readonly: true };
      else variable.readonly = true;
    }
  }
  return status;
}

/** bash's own: what a variable is, and what becomes of what it is given. */
function takeAttributes({ shell }: Shell, name: string, flags: string, takes: string): void {
  const old = shell.vars[name];
  const isArray = /[aA]/.test(flags);
  if (!isArray && !/[niul]/.test(flags) && takes === '') return;
  const variable: Variable = { ...(old ?? { value: '' }) };
  if (isArray) variable.list ??= variable.value === '' ? {} : { '0': variable.value };
  if (flags.includes('A')) variable.map = true;
  if (flags.includes('n')) variable.ref = true;
  if (flags.includes('i')) variable.integer = true;
  if (/[ul]/.test(flags)) variable.letters = flags.includes('u') ? 'upper' : 'lower';
  if (takes.includes('n')) delete variable.ref;
  if (takes.includes('i')) delete variable.integer;
  if (takes.includes('x')) delete variable.exported;
  if (/[ul]/.test(takes)) delete variable.letters;
  shell.vars[name] = variable;
}

function isChosen(variable: Variable, how: How, flags: string): boolean {
  if (how === 'export' || flags.includes('x')) return variable.exported === true;
  if (how === 'readonly' || flags.includes('r')) return variable.readonly === true;
  if (flags.includes('A')) return variable.map === true;
  if (flags.includes('a')) return variable.list !== undefined && variable.map !== true;
  if (flags.includes('n')) return variable.ref === true;
  return !flags.includes('i') || variable.integer === true;
}

/** As `declare -p` shows it. */
function declaration(name: string, variable: Variable): string {
  const { list, map, integer, ref, readonly, exported, letters, value } = variable;
  const marks = [
    list !== undefined && map !== true && 'a',
    map && 'A',
    integer && 'i',
    letters === 'lower' && 'l',
    ref && 'n',
    readonly && 'r',
    letters === 'upper' && 'u',
    exported && 'x',
  ];
  const key = (text: string): string => (map === true && /[^\w@%+:,./-]/.test(text) ? quoted(text) : text);
  const text =
    list === undefined
      ? quoted(value)
      : `(${elementsOf(variable)
          .map(([one, element]) => `[${key(one)}]=${quoted(element)}${map === true ? ' ' : ''}`)
          .join(map === true ? '' : ' ')})`;
  return `declare -${marks.filter(Boolean).join('') || '-'} ${name}=${text}\n`;
}

/** In double quotes, or as `$'…'` if something does not print. */
function quoted(text: string): string {
  if (!/[\x00-\x1f\x7f]/.test(text)) return `"${text.replace(/["\\$`]/g, '\\$&')}"`;
  const escapes: Readonly<Record<string, string>> = {
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
    '\x1b': '\\E',
    '\x07': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\v': '\\v',
    "'": "\\'",
    '\\': '\\\\',
  };
  return `$'${text.replace(/[\x00-\x1f\x7f'\\]/g, (char) => escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)}'`;
}

const plainDeclaration = (how: How, name: string, { value }: Variable): string => `${how} ${name}='${value.replace(/'/g, `'\\''`)}'\n`;

/** `declare -F`: their names alone. */
function showFunctions({ shell, out }: Shell, names: readonly string[]): number {
  if (names.length === 0) {
    out(
      Object.keys(shell.functions)
        .sort()
        .map((name) => `declare -f ${name}\n`)
        .join(''),
    );
    return 0;
  }
  const known = names.filter((name) => Object.hasOwn(shell.functions, name));
  out(known.map((name) => `${name}\n`).join(''));
  return known.length === names.length ? 0 : 1;
}
