import { writeFd } from './descriptors.js';
import { type Environment, nodeOf } from './environment.js';
import { shellOf } from './shell.js';
import type { Frame, Machine, Process, ShellProcess, Variable } from './state.js';

/** Frames inside whose condition a failure does not end a `set -e` shell. */
function isTested(machine: Machine, environment: Environment, stack: readonly Frame[]): boolean {
  for (const frame of stack) {
    if (frame.t === 'not') return true;
    if (frame.t === 'if' && frame.taken !== true) return true;
    if (frame.t === 'while' && !frame.inBody) return true;
    if (frame.t === 'andor') {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type === 'AndOr' && frame.i < node.commands.length) return true;
    }
  }
  return false;
}

/** After a command has failed: `set -e`, the ERR trap. */
export function afterFailure(machine: Machine, environment: Environment, process: Process): void {
  const shell = process.shell as ShellProcess;
  if (shell.status === 0 || isTested(machine, environment, shell.stack)) return;
  const trap = shell.traps['ERR'];
  const isFree = !shell.stack.some((frame) => frame.t === 'function' || (frame.t === 'trap' && frame.name === 'ERR'));
  if (trap !== undefined && trap !== '' && isFree) {
    const { status } = shell;
    shell.stack.push({ t: 'trap', status, name: 'ERR' });
    shellOf(machine, environment, process).run(shell.options['e'] === true ? `${trap}\nexit ${status}` : trap);
  } else if (shell.options['e'] === true) exitShell(machine, environment, process, shell.status);
}

/** `exit`: the EXIT trap runs first, then the process ends. */
export function exitShell(machine: Machine, environment: Environment, process: Process, status: number): void {
  const shell = process.shell as ShellProcess;
  shell.status = status;
  unwind(process, 0);
  const trap = shell.traps['EXIT'];
  if (trap !== undefined && trap !== '' && shell.exiting !== true) {
    shell.exiting = true;
    delete shell.traps['EXIT'];
    shell.stack.push({ t: 'trap', status, name: 'EXIT' });
    shellOf(machine, environment, process).run(trap);
    return;
  }
  process.exit = status & 255;
}

/** Pops frames down to `depth`, undoing what they changed. */
export function unwind(process: Process, depth: number): void {
  const shell = process.shell as ShellProcess;
  while (shell.stack.length > depth) leave(process, shell.stack.pop() as Frame);
}

export function unwindToList(process: Process): void {
  const shell = process.shell as ShellProcess;
  while (shell.stack.length > 0 && shell.stack.at(-1)?.t !== 'list') leave(process, shell.stack.pop() as Frame);
}

export function restoreFds(process: Process, saved: Readonly<Record<string, number | null>>): void {
  for (const [fd, id] of Object.entries(saved)) {
    if (id === null) delete process.fds[fd];
    else process.fds[fd] = id;
  }
}

/** Takes the top frame away; it has come to its end. */
export function popFrame(process: Process, frame: Frame): void {
  process.shell?.stack.pop();
  leave(process, frame);
}

/** Undoes what a frame changed when it ends or is broken out of. */
export function leave(process: Process, frame: Frame): void {
  const shell = process.shell as ShellProcess;
  switch (frame.t) {
    case 'redirected':
      if (frame.saved !== undefined) restoreFds(process, frame.saved);
      break;
    case 'restore':
      restoreFds(process, frame.fds);
      restoreVariables(shell, frame.vars ?? {});
      break;
    case 'function':
      shell.args = frame.saved;
      restoreVariables(shell, frame.locals);
      if (frame.redirects !== undefined) restoreFds(process, frame.redirects);
      break;
    case 'source':
      if (frame.saved !== undefined) shell.args = frame.saved;
      break;
    case 'trap':
      if (frame.name !== 'EXIT') shell.status = frame.status;
      break;
    default:
      break;
  }
}

function restoreVariables(shell: ShellProcess, saved: Readonly<Record<string, Variable | null>>): void {
  for (const [name, variable] of Object.entries(saved)) {
    if (variable === null) delete shell.vars[name];
    else shell.vars[name] = variable;
  }
}

/** What a shell says when a signal has ended its child; bash also whom, and what that was. */
export function sayKilled(machine: Machine, environment: Environment, process: Process, { pid, signal = '' }: Process, command: string): void {
  const shell = process.shell as ShellProcess;
  const texts: Readonly<Record<string, string>> = {
    KILL: 'Killed',
    TERM: 'Terminated',
    SEGV: 'Segmentation fault',
    ABRT: 'Aborted',
    HUP: 'Hangup',
    QUIT: 'Quit',
  };
  const text = texts[signal];
  if (text === undefined) return;
  // Not of what was ended by the usual signal, or in a subshell (jobs.c notify_of_job_status).
  if (shell.flavour !== 'bash') writeFd(machine, environment, process, 2, `${text}\n`);
  else if (signal !== 'TERM') shellOf(machine, environment, process).complain(`${String(pid).padStart(5)} ${text.padEnd(23)} ${command}`);
}
