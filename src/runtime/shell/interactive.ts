import { readFd, writeFd } from './descriptors.js';
import type { Environment } from './environment.js';
import { getVariable } from './expand.js';
import { hasOpenHeredoc } from './grammar.js';
import { shellOf } from './shell.js';
import type { Machine, Process, ShellProcess } from './state.js';

/** An exec -it shell reads a line at a time; false at the end of input. */
export function interactiveInput(machine: Machine, environment: Environment, process: Process): boolean {
  const shell = process.shell as ShellProcess;
  const onTerminal = machine.tty === true && machine.files[process.fds['0'] as number]?.kind === 'input';
  if (onTerminal && shell.prompted !== true) {
    writeFd(machine, environment, process, 2, promptOf(machine, environment, process));
    shell.prompted = true;
  }
  const line = readFd(machine, environment, process, 0, true);
  if (line === undefined) {
    const rest = shell.pendingInput;
    if (rest !== undefined) {
      // What was begun is all there is of it.
      delete shell.pendingInput;
      shellOf(machine, environment, process).run(rest);
      return true;
    }
    if (onTerminal && shell.flavour === 'bash') writeFd(machine, environment, process, 2, 'exit\n');
    return false;
  }
  if (line !== '') delete shell.prompted;
  if (line === '') {
    process.block = { on: 'read', file: process.fds['0'] as number };
    return true;
  }
  shell.pendingInput = (shell.pendingInput ?? '') + line;
  const parsed = environment.parser(shell.pendingInput);
  if (parsed.error !== undefined && parsed.error.pos >= shell.pendingInput.trimEnd().length && !/^\s*$/.test(shell.pendingInput)) return true;
  if (hasOpenHeredoc(shell.pendingInput, shell.flavour)) return true;
  const source = shell.pendingInput;
  delete shell.pendingInput;
  shellOf(machine, environment, process).run(source);
  return true;
}

/** PS1 (or PS2 within a command) with the escapes that images' shells use; busybox's, Debian's bash's and dash's own when none is set. */
function promptOf(machine: Machine, environment: Environment, process: Process): string {
  const shell = process.shell as ShellProcess;
  if (shell.pendingInput !== undefined) return shell.vars['PS2']?.value ?? '> ';
  const own = shell.vars['PS1']?.value;
  const unset = own === undefined || own === '$ ' || own === '\\s-\\v\\$ ';
  const root = machine.uid === 0 ? '#' : '$';
  const text = !unset ? own : shell.flavour === 'ash' ? '\\w \\$ ' : shell.flavour === 'bash' ? '\\u@\\h:\\w\\$ ' : `${root} `;
  const home = getVariable(shellOf(machine, environment, process).expansion(), 'HOME') ?? '/root';
  const cwd = process.cwd === home || process.cwd.startsWith(`${home}/`) ? `~${process.cwd.slice(home.length)}` : process.cwd;
  return text.replace(/\\([wWuh$H[\]])/g, (_, letter: string) =>
    letter === '$'
      ? root
      : letter === 'w'
        ? cwd
        : letter === 'W'
          ? (cwd.split('/').at(-1) ?? cwd)
          : letter === 'u'
            ? machine.uid === 0
              ? 'root'
              : (shell.vars['USER']?.value ?? 'I have no name!')
            : letter === '[' || letter === ']'
              ? ''
              : environment.host.hostname,
  );
}
