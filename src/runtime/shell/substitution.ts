/** Expansions that may have to wait for a command's output. */
import { ArithmeticError } from './arithmetic.js';
import { exitShell, unwindToList } from './ending.js';
import type { Environment } from './environment.js';
import { type Expansion, ExpansionError, NeedsCommand } from './expand.js';
import { makePipe } from './kernel.js';
import { startSource } from './loading.js';
import { NeedsPeer } from './redirection.js';
import { forkShell, shellOf } from './shell.js';
import type { Machine, Pipe, Process, ShellProcess } from './state.js';

/** Expands with a memo: true when done; false when a command must run first, or the shell has ended. */
export function withExpansion(machine: Machine, environment: Environment, process: Process, memo: string[], work: (x: Expansion) => void): boolean {
  collectSubstitution(machine, process, memo);
  const self = shellOf(machine, environment, process);
  const x = self.expansion(memo);
  try {
    work(x);
  } catch (error) {
    if (error instanceof NeedsCommand) {
      if (error.operator === undefined) substitute(machine, environment, process, error.source, x);
      else memo.push(substituteProcess(machine, environment, process, error.source, error.operator));
      return false;
    }
    if (error instanceof NeedsPeer) {
      process.block = { on: 'open', file: error.file };
      return false;
    }
    if (error instanceof ExpansionError || error instanceof ArithmeticError) {
      const shell = self.shell;
      self.complain(expansionMessage(shell, error));
      const status = error instanceof ExpansionError ? error.status : shell.flavour === 'bash' ? 1 : 2;
      shell.status = status;
      // A failed expansion ends a shell that is not interactive; bash goes on after an arithmetic error.
      if (shell.interactive !== true) exitShell(machine, environment, process, shell.flavour === 'bash' ? status : 2);
      else {
        unwindToList(process);
      }
      return false;
    }
    throw error;
  }
  for (const [name, value] of Object.entries(x.assigned)) self.setVariable(name, value);
  return true;
}

/** Runs a command substitution as a child; its output becomes the next memo of the frame. */
function substitute(machine: Machine, environment: Environment, process: Process, source: string, x: Expansion): void {
  const pipe = makePipe(machine);
  (machine.pipes[pipe.pipe] as Pipe).capture = true;
  const child = forkShell(machine, process, { ...process.fds, '1': pipe.write });
  for (const [name, value] of Object.entries(x.assigned)) (child.shell as ShellProcess).vars[name] = { ...(child.shell as ShellProcess).vars[name], value };
  startSource(machine, environment, child, x.shell.flavour === 'bash' && /^\s*<\s*(\S+)\s*$/.test(source) ? source.replace(/^\s*</, 'cat <') : source);
  process.capture = { pid: child.pid, pipe: pipe.pipe };
  process.block = { on: 'children', pids: [child.pid] };
}

/** `<(…)`, `>(…)`: the command runs beside the one it is in, which finds the other end of a pipe at the path that is answered. */
function substituteProcess(machine: Machine, environment: Environment, process: Process, source: string, operator: '<' | '>'): string {
  const pipe = makePipe(machine);
  const [theirs, ours] = operator === '<' ? [pipe.write, pipe.read] : [pipe.read, pipe.write];
  const others = Object.fromEntries(Object.entries(process.fds).filter(([fd]) => process.substituted?.includes(fd) !== true));
  const child = forkShell(machine, process, { ...others, [operator === '<' ? '1' : '0']: theirs });
  child.unawaited = true;
  startSource(machine, environment, child, source);
  (process.shell as ShellProcess).bang = child.pid;
  let fd = 63;
  while (process.fds[fd] !== undefined) fd -= 1;
  process.fds[fd] = ours;
  process.substituted = [...(process.substituted ?? []), String(fd)];
  return `/dev/fd/${fd}`;
}

/** The captured output when the substitution's process has ended. */
function collectSubstitution(machine: Machine, process: Process, memo: string[]): void {
  const waiting = process;
  if (waiting.capture === undefined) return;
  const { pid, pipe } = waiting.capture;
  memo.push((machine.pipes[pipe]?.data ?? '').replace(/\0/g, '').replace(/\n+$/, ''));
  (process.shell as ShellProcess).substitution = machine.procs[pid]?.exit ?? 0;
  delete machine.procs[pid];
  delete machine.pipes[pipe];
  delete waiting.capture;
}

/** What an expansion that failed says of itself. Throws what is no such failure. */
export function expansionMessage(shell: ShellProcess, error: unknown): string {
  if (error instanceof ArithmeticError) return arithmeticMessage(shell, error.message);
  if (error instanceof ExpansionError) return error.message;
  throw error;
}

function arithmeticMessage(shell: ShellProcess, message: string): string {
  const [text = '', source = ''] = message.split('\n');
  if (shell.flavour === 'bash')
    return text.startsWith('division')
      ? `${source}: division by 0 (error token is "${/[/%]\s*(\S+)\s*$/.exec(source)?.[1] ?? '0'}")`
      : text.startsWith('syntax')
        ? `${source}: ${text}`
        : text;
  if (text.startsWith('division')) return shell.flavour === 'dash' ? `arithmetic expression: division by zero: "${source}"` : 'divide by zero';
  return shell.flavour === 'dash'
    ? `arithmetic expression: expecting ${/value too great|^syntax error in expression/.test(text) ? 'EOF' : 'primary'}: "${source}"`
    : 'arithmetic syntax error';
}
