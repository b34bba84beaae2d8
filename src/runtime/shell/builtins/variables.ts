/** `export`, `readonly`, `local`, `declare`. */
import { exitShell } from '../ending.js';
import type { Shell } from '../shell.js';
import type { Variable } from '../state.js';

const NAME = /^[A-Za-z_]\w*$/;

export function declare(self: Shell, args: readonly string[], how: 'export' | 'readonly' | 'local' | 'declare'): number {
  const { shell } = self;
  let status = 0;
  const flags = args.filter((arg) => /^-\w+$/.test(arg)).join('');
  const names = args.filter((arg) => !/^-\w*$/.test(arg));
  const bad = shell.flavour === 'dash' && how !== 'local' ? /[^p]/.exec(flags.replace(/-/g, ''))?.[0] : undefined;
  if (bad !== undefined) {
    self.complain(`${how}: Illegal option -${bad}`);
    exitShell(self.machine, self.environment, self.process, 2);
    return 2;
  }
  if (names.length === 0 && how !== 'local') {
    const chosen = Object.keys(shell.vars)
      .sort()
      .filter((name) => (how === 'export' ? shell.vars[name]?.exported === true : how === 'readonly' ? shell.vars[name]?.readonly === true : true));
    const word = shell.flavour === 'bash' ? (how === 'readonly' ? 'declare -r' : how === 'export' ? 'declare -x' : 'declare --') : how;
    self.out(
      chosen
        .map(
          (name) =>
            `${word} ${name}=${shell.flavour === 'bash' ? `"${(shell.vars[name] as Variable).value.replace(/["\\$`]/g, '\\$&')}"` : `'${(shell.vars[name] as Variable).value.replace(/'/g, `'\\''`)}'`}\n`,
        )
        .join(''),
    );
    return 0;
  }
  const frame = shell.stack.findLast((candidate) => candidate.t === 'function');
  if (how === 'local' && frame === undefined) {
    self.complain(
      shell.flavour === 'bash' ? 'local: can only be used in a function' : shell.flavour === 'dash' ? 'local: not in a function' : 'local: not in a function',
    );
    return 1;
  }
  for (const item of names) {
    const equals = item.indexOf('=');
    const name = (equals < 0 ? item : item.slice(0, equals)).replace(/\+$/, '');
    if (!NAME.test(name)) {
      self.complain(
        shell.flavour === 'bash'
          ? `${how}: \`${item}': not a valid identifier`
          : shell.flavour === 'dash'
            ? `${how}: ${item}: bad variable name`
            : `${how}: ${item}: bad variable name`,
      );
      status = shell.flavour === 'bash' ? 1 : 2;
      continue;
    }
    if (frame?.t === 'function' && (how === 'local' || how === 'declare') && !(name in frame.locals)) {
      frame.locals[name] = shell.vars[name] === undefined ? null : { ...(shell.vars[name] as Variable) };
      if (equals < 0 && shell.flavour !== 'dash') delete shell.vars[name];
    }
    if (flags.includes('A') && equals < 0 && shell.flavour === 'bash') shell.vars[name] = { value: '', list: {}, map: true };
    if (equals >= 0) {
      const value = item.slice(equals + 1);
      if (!self.setVariable(name, item[equals - 1] === '+' ? (shell.vars[name]?.value ?? '') + value : value)) {
        status = 1;
        continue;
      }
    }
    const variable = shell.vars[name];
    if (how === 'export' || flags.includes('x')) {
      if (variable === undefined) shell.vars[name] = { value: '', exported: true };
      else variable.exported = !flags.includes('n');
    }
    if (how === 'readonly' || flags.includes('r')) {
      if (variable === undefined) shell.vars[name] = { value: '', readonly: true };
      else (shell.vars[name] as { readonly?: boolean }).readonly = true;
    }
  }
  return status;
}
