/** `set`: options and positional parameters. */
import { writeFd } from '../descriptors.js';
import { exitShell } from '../ending.js';
import type { Shell } from '../shell.js';
import type { Variable } from '../state.js';

export function setOptions(self: Shell, args: readonly string[]): number {
  const { shell } = self;
  const longNames: Readonly<Record<string, string>> = {
    errexit: 'e',
    nounset: 'u',
    xtrace: 'x',
    noglob: 'f',
    noclobber: 'C',
    allexport: 'a',
    verbose: 'v',
    noexec: 'n',
    monitor: 'm',
    ignoreeof: 'ignoreeof',
    pipefail: 'pipefail',
    posix: 'posix',
    vi: 'vi',
    emacs: 'emacs',
    nolog: 'nolog',
    notify: 'b',
  };
  if (args.length === 0) {
    const quote = (text: string): string =>
      shell.flavour === 'bash' && !/[^\w@%+=:,./-]/.test(text) && text !== '' ? text : `'${text.replace(/'/g, `'\\''`)}'`;
    self.out(
      Object.keys(shell.vars)
        .sort()
        .map((name) => `${name}=${quote((shell.vars[name] as Variable).value)}\n`)
        .join(''),
    );
    return 0;
  }
  const rest = [...args];
  if (rest[0] === '-') {
    shell.args = rest.slice(1);
    return 0;
  }
  while (rest[0] !== undefined && /^[-+]./.test(rest[0])) {
    const flag = rest.shift() as string;
    if (flag === '--') {
      shell.args = rest;
      return 0;
    }
    for (const letter of flag.slice(1)) {
      if (letter !== 'o') {
        if (!/[abCefhkmnptuvxBEHPT]/.test(letter)) {
          self.complain(
            shell.flavour === 'bash'
              ? `set: -${letter}: invalid option`
              : shell.flavour === 'dash'
                ? `set: Illegal option -${letter}`
                : `set: illegal option -${letter}`,
          );
          if (shell.flavour === 'bash')
            writeFd(self.machine, self.environment, self.process, 2, 'set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n');
          return 2;
        }
        shell.options[letter] = flag.startsWith('-');
        continue;
      }
      const name = rest.shift();
      if (name === undefined) {
        const known = ['allexport', 'errexit', 'noclobber', 'noglob', 'nounset', 'pipefail', 'verbose', 'xtrace'];
        self.out(known.map((option) => `${option.padEnd(15)}\t${shell.options[longNames[option] as string] === true ? 'on' : 'off'}\n`).join(''));
        continue;
      }
      const option = longNames[name];
      if (option === undefined || (name === 'pipefail' && shell.flavour === 'dash')) {
        self.complain(
          shell.flavour === 'bash'
            ? `set: ${name}: invalid option name`
            : shell.flavour === 'dash'
              ? `set: Illegal option -o ${name}`
              : `set: illegal option -o ${name}`,
        );
        if (shell.flavour !== 'bash') exitShell(self.machine, self.environment, self.process, 2);
        return 2;
      }
      shell.options[option] = flag.startsWith('-');
    }
    if (flag === '-' || flag === '+') break;
  }
  if (rest.length > 0) shell.args = rest;
  return 0;
}
