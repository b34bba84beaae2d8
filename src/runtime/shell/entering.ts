/** Commands are put on the stack of a shell as frames, each with where it stands: {@link enter}. */
import type { Executable } from './ast.js';
import type { Environment } from './environment.js';
import { openFile } from './kernel.js';
import { startSource } from './loading.js';
import { forkShell, shellOf } from './shell.js';
import type { Machine, Process, ShellProcess } from './state.js';

/** Puts a node to be executed on the stack. */
export function enter(machine: Machine, environment: Environment, process: Process, s: number, node: Executable): void {
  const shell = process.shell as ShellProcess;
  const source = machine.sources[s] as string;
  const n = environment.parser(source).numbers.get(node) as number;
  environment.entered?.(node, source);
  switch (node.type) {
    case 'Script':
    case 'CompoundList':
      shell.stack.push({ t: 'list', s, n, i: 0 });
      break;
    case 'Statement':
      if (node.background === true) {
        const child = forkShell(machine, process, process.fds);
        const nul = openFile(machine, { kind: 'null' });
        if (shell.interactive !== true) child.fds['0'] = nul;
        (child.shell as ShellProcess).traps['INT'] = '';
        (child.shell as ShellProcess).traps['QUIT'] = '';
        enter(machine, environment, child, s, node.command);
        shell.bang = child.pid;
        shell.jobs.push({ pid: child.pid, id: shell.jobs.length + 1, text: source.slice(node.pos, node.end).replace(/\s*&\s*$/, '') });
        shell.status = 0;
        // The new process has its first slice before its parent goes on.
        process.block = { on: 'time', until: machine.instant };
      } else enter(machine, environment, process, s, node.command);
      break;
    case 'AndOr':
      shell.stack.push({ t: 'andor', s, n, i: 0 });
      break;
    case 'Pipeline':
      if (node.prefixes.some((prefixNode) => prefixNode.type === 'Negation')) shell.stack.push({ t: 'not' });
      for (const prefixNode of node.prefixes) {
        if (prefixNode.type !== 'Time') continue;
        // Debian's images have no such program, and dash no such word.
        if (shell.flavour === 'dash') {
          notFound(machine, environment, process, 'time');
          return;
        }
        shell.stack.push({ t: 'timed', since: machine.instant, ...(prefixNode.posix === undefined ? {} : { posix: true }) });
      }
      if (node.commands.length === 0) break;
      if (node.commands.length === 1) enter(machine, environment, process, s, node.commands[0] as Executable);
      else shell.stack.push({ t: 'pipeline', s, n, pids: [], started: false });
      break;
    case 'If':
      shell.stack.push({ t: 'if', s, n, i: 0 });
      enter(machine, environment, process, s, node.clause);
      break;
    case 'While':
      shell.stack.push({ t: 'while', s, n, inBody: false, last: 0 });
      enter(machine, environment, process, s, node.clause);
      break;
    case 'For':
      shell.stack.push({ t: 'for', s, n, i: 0, memo: [], last: 0 });
      break;
    case 'Select':
      shell.stack.push({ t: 'select', s, n, memo: [], last: 0 });
      break;
    case 'ArithmeticFor':
      shell.stack.push({ t: 'cfor', s, n, phase: 'init', last: 0 });
      break;
    case 'Case':
      shell.stack.push({ t: 'case', s, n, memo: [] });
      break;
    case 'Subshell': {
      const child = forkShell(machine, process, process.fds);
      enter(machine, environment, child, s, node.body);
      awaitChild(process, child);
      break;
    }
    case 'BraceGroup':
      enter(machine, environment, process, s, node.body);
      break;
    case 'Redirected':
      shell.stack.push({ t: 'redirected', s, n, memo: [], entered: false });
      break;
    case 'Function':
      shell.functions[node.name.value] = { s, n };
      shell.status = 0;
      break;
    case 'TestCommand':
      if (shell.flavour === 'dash') {
        notFound(machine, environment, process, '[[');
        return;
      }
      shell.stack.push({ t: 'test', s, n, memo: [] });
      break;
    case 'ArithmeticCommand':
      if (shell.flavour !== 'bash') {
        // A subshell in a subshell, and what stands there is a command.
        const child = forkShell(machine, process, process.fds);
        startSource(machine, environment, child, node.body);
        awaitChild(process, child);
        return;
      }
      shell.stack.push({ t: 'arith', s, n, memo: [] });
      break;
    case 'Command':
      shell.stack.push({ t: 'command', s, n, memo: [] });
      break;
    default:
      shellOf(machine, environment, process).complain(`${node.type}: not supported`);
      shell.status = 2;
  }
}

function notFound(machine: Machine, environment: Environment, process: Process, name: string): void {
  shellOf(machine, environment, process).complain(`${name}: not found`);
  (process.shell as ShellProcess).status = 127;
}

function awaitChild(process: Process, { pid }: Process): void {
  process.shell?.stack.push({ t: 'wait', pids: [pid] });
  process.block = { on: 'children', pids: [pid] };
}
