/**
 * The shell proper: an explicit stack of frames over the numbered tree. {@link stepShell} does one transition of the top frame;
 * everything it needs to go on later is in the frame. Children are processes of the same machine.
 */
import type { Executable } from './ast.js';
import { writeFd } from './descriptors.js';
import { afterFailure, exitShell, leave, sayKilled } from './ending.js';
import { type Environment, nodeOf } from './environment.js';
import { arithmetic, expandPattern, expandString, expandWords } from './expand.js';
import { interactiveInput } from './interactive.js';
import { makePipe, openFile, SIGNALS } from './kernel.js';
import { startSource } from './loading.js';
import { patternRegExp } from './pattern.js';
import { redirect } from './redirection.js';
import { stepSelect } from './select.js';
import { forkShell, shellOf } from './shell.js';
import { lineOf, stepCommand } from './simple-command.js';
import type { Flavour, Frame, Machine, Process, ShellProcess, Variable } from './state.js';
import { withExpansion } from './substitution.js';
import { evaluateTest } from './test-expression.js';

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

/** One transition of the top frame. The process may block, spawn, or end by it. */
export function stepShell(machine: Machine, environment: Environment, process: Process): void {
  const shell = process.shell as ShellProcess;
  if (process.pending.length > 0 && process.capture === undefined) {
    const signal = process.pending.shift() as string;
    const action = shell.traps[signal];
    if (action !== undefined && action !== '') {
      // A signal ends the `wait` builtin at once: take its second try off the stack (POSIX 2.11).
      const top = shell.stack.at(-1);
      if (top?.t === 'list' && top.i === 0 && /^wait /.test(machine.sources[top.s] as string)) {
        shell.stack.pop();
        shell.status = 128 + (SIGNALS[signal] as number);
      }
      shell.stack.push({ t: 'trap', status: shell.status, name: signal });
      shellOf(machine, environment, process).run(action);
      return;
    }
  }
  const frame = shell.stack.at(-1);
  if (frame === undefined) {
    if (shell.interactive === true && interactiveInput(machine, environment, process)) return;
    exitShell(machine, environment, process, shell.status);
    return;
  }
  const pop = (): void => {
    shell.stack.pop();
    leave(machine, process, frame);
  };
  switch (frame.t) {
    case 'list': {
      if (shell.options['n'] === true && shell.interactive !== true) {
        shell.stack.pop();
        return;
      }
      const node = nodeOf(machine, environment, frame.s, frame.n);
      const commands = node.type === 'Script' || node.type === 'CompoundList' ? node.commands : [];
      const next = commands[frame.i];
      if (next === undefined) {
        shell.stack.pop();
        if (commands.length === 0) shell.status = 0;
        return;
      }
      frame.i += 1;
      shell.line = lineOf(machine.sources[frame.s] as string, next.pos);
      enter(machine, environment, process, frame.s, next);
      return;
    }
    case 'andor': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'AndOr') return;
      while (frame.i > 0 && frame.i < node.commands.length) {
        const operator = node.operators[frame.i - 1];
        if ((operator === '&&') === (shell.status === 0)) break;
        frame.i += 1;
      }
      const next = node.commands[frame.i];
      if (next === undefined) {
        pop();
        return;
      }
      frame.i += 1;
      enter(machine, environment, process, frame.s, next);
      return;
    }
    case 'not':
      pop();
      shell.status = shell.status === 0 ? 1 : 0;
      return;
    case 'timed':
      pop();
      writeFd(machine, environment, process, 2, timeText(machine.instant - frame.since, shell.flavour, frame.posix === true));
      return;
    case 'pipeline':
      stepPipeline(machine, environment, process, frame);
      return;
    case 'if': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'If') return;
      if (frame.taken === true) {
        pop();
        return;
      }
      const branch = frame.i === 0 ? node.then : node.elif[frame.i - 1]?.then;
      if (shell.status === 0 && branch !== undefined) {
        frame.taken = true;
        enter(machine, environment, process, frame.s, branch);
        return;
      }
      const elif = node.elif[frame.i];
      if (elif !== undefined) {
        frame.i += 1;
        enter(machine, environment, process, frame.s, elif.clause);
        return;
      }
      frame.taken = true;
      if (node.else === undefined) shell.status = 0;
      else enter(machine, environment, process, frame.s, node.else);
      return;
    }
    case 'while': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'While') return;
      if (frame.inBody) {
        frame.last = shell.status;
        frame.inBody = false;
        enter(machine, environment, process, frame.s, node.clause);
        return;
      }
      if ((shell.status === 0) === (node.kind === 'while')) {
        frame.inBody = true;
        enter(machine, environment, process, frame.s, node.body);
        return;
      }
      pop();
      shell.status = frame.last;
      return;
    }
    case 'for': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'For') return;
      if (!/^[A-Za-z_]\w*$/.test(node.name.value)) {
        shellOf(machine, environment, process).complain(`\`${node.name.value}': not a valid identifier`);
        pop();
        shell.status = 1;
        return;
      }
      if (frame.words === undefined) {
        if (
          !withExpansion(machine, environment, process, frame.memo, (x) => {
            frame.words = node.wordlist === undefined ? [...shell.args] : expandWords(node.wordlist, x);
          })
        )
          return;
      } else if (frame.i > 0) frame.last = shell.status;
      const word = (frame.words as string[])[frame.i];
      if (word === undefined) {
        pop();
        shell.status = frame.last;
        return;
      }
      frame.i += 1;
      // To a reference its words are names.
      if (shell.vars[node.name.value]?.ref === true) (shell.vars[node.name.value] as Variable).value = word;
      else shellOf(machine, environment, process).setVariable(node.name.value, word);
      enter(machine, environment, process, frame.s, node.body);
      return;
    }
    case 'select':
      stepSelect(machine, environment, process, frame, pop);
      return;
    case 'cfor': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'ArithmeticFor') return;
      const source = machine.sources[frame.s] as string;
      const header = /^for\s*\(\(([\s\S]*?)\)\)/.exec(source.slice(node.pos))?.[1]?.split(';') ?? [];
      const evaluate = (i: number): bigint => {
        let result = 1n;
        const text = header[i]?.trim() ?? '';
        if (text !== '')
          withExpansion(machine, environment, process, [], (x) => {
            result = arithmetic(text, x);
          });
        return result;
      };
      if (frame.phase === 'init') evaluate(0);
      if (frame.phase === 'update') {
        frame.last = shell.status;
        evaluate(2);
      }
      if (process.exit !== undefined) return;
      frame.phase = 'test';
      if (evaluate(1) === 0n) {
        pop();
        shell.status = frame.last;
        return;
      }
      frame.phase = 'update';
      enter(machine, environment, process, frame.s, node.body);
      return;
    }
    case 'case':
      stepCase(machine, environment, process, frame, pop);
      return;
    case 'redirected': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'Redirected') return;
      if (frame.entered) {
        pop();
        return;
      }
      let saved: Record<string, number | null> | undefined;
      if (
        !withExpansion(machine, environment, process, frame.memo, (x) => {
          saved = redirect(machine, environment, process, node.redirects, x);
        })
      )
        return;
      if (saved === undefined) {
        shell.stack.pop();
        afterFailure(machine, environment, process);
        return;
      }
      frame.saved = saved;
      frame.entered = true;
      enter(machine, environment, process, frame.s, node.command);
      return;
    }
    case 'command':
      stepCommand(machine, environment, process, frame);
      return;
    case 'test': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'TestCommand') return;
      let result = false;
      let failed: string | undefined;
      if (
        !withExpansion(machine, environment, process, frame.memo, (x) => {
          try {
            result = evaluateTest(node.expression, x, shellOf(machine, environment, process));
          } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
            failed = error.message;
          }
        })
      )
        return;
      pop();
      if (failed !== undefined) shellOf(machine, environment, process).complain(failed);
      shell.status = failed !== undefined ? 2 : result ? 0 : 1;
      afterFailure(machine, environment, process);
      return;
    }
    case 'arith': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'ArithmeticCommand') return;
      let result = 0n;
      if (
        !withExpansion(machine, environment, process, frame.memo, (x) => {
          result = arithmetic(node.body, x);
        })
      )
        return;
      pop();
      shell.status = result !== 0n ? 0 : 1;
      afterFailure(machine, environment, process);
      return;
    }
    case 'wait':
      stepWait(machine, environment, process, frame);
      return;
    case 'fault':
      writeFd(machine, environment, process, 2, frame.text);
      process.exit = frame.status;
      return;
    case 'trap':
      pop();
      if (frame.name === 'EXIT') process.exit = (shell.exiting === true ? frame.status : shell.status) & 255;
      return;
    case 'function':
    case 'source':
    case 'restore':
      pop();
      if (frame.t === 'function' || frame.t === 'restore') afterFailure(machine, environment, process);
      return;
  }
}

/** What `time` says when the command has ended; of busybox it is a program. */
function timeText(span: number, flavour: Flavour, posix: boolean): string {
  const seconds = (span / 1000) % 60;
  const minutes = Math.floor(span / 60_000);
  if (posix) return `real ${(span / 1000).toFixed(2)}\nuser 0.00\nsys 0.00\n`;
  if (flavour === 'ash') return `real\t${minutes}m ${seconds.toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`;
  return `\nreal\t${minutes}m${seconds.toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}

function stepPipeline(machine: Machine, environment: Environment, process: Process, frame: Extract<Frame, { t: 'pipeline' }>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'Pipeline') return;
  if (!frame.started) {
    let input = process.fds['0'];
    node.commands.forEach((command, i) => {
      const last = i === node.commands.length - 1;
      const pipe = last ? undefined : makePipe(machine);
      const fds: Record<string, number> = { ...process.fds };
      if (input !== undefined) fds['0'] = input;
      if (pipe !== undefined) {
        fds['1'] = pipe.write;
        if (node.operators[i] === '|&') fds['2'] = pipe.write;
      }
      const child = forkShell(machine, process, fds);
      enter(machine, environment, child, frame.s, command);
      frame.pids.push(child.pid);
      input = pipe?.read;
    });
    frame.started = true;
    process.block = { on: 'children', pids: frame.pids };
    return;
  }
  const statuses = frame.pids.map((pid) => machine.procs[pid]?.exit);
  if (statuses.some((status) => status === undefined)) {
    process.block = { on: 'children', pids: frame.pids };
    return;
  }
  for (const pid of frame.pids) delete machine.procs[pid];
  shell.stack.pop();
  if (shell.flavour === 'bash')
    shell.vars['PIPESTATUS'] = { value: String(statuses[0]), list: Object.fromEntries(statuses.map((status, i) => [i, String(status)])) };
  const failed = statuses.filter((status) => status !== 0);
  shell.status = shell.options['pipefail'] === true && failed.length > 0 ? (failed.at(-1) as number) : (statuses.at(-1) as number);
  afterFailure(machine, environment, process);
}

function stepWait(machine: Machine, environment: Environment, process: Process, frame: Extract<Frame, { t: 'wait' }>): void {
  const shell = process.shell as ShellProcess;
  const exits = frame.pids.map((pid) => machine.procs[pid]?.exit);
  if (exits.some((status) => status === undefined)) {
    process.block = { on: 'children', pids: frame.pids };
    return;
  }
  shell.stack.pop();
  const child = machine.procs[frame.pids.at(-1) as number];
  shell.status = (exits.at(-1) ?? 0) as number;
  if (child?.signal !== undefined && shell.interactive !== true)
    sayKilled(machine, environment, process, child, frame.s === undefined ? '' : commandText(machine, environment, frame.s, frame.n as number));
  for (const pid of frame.pids) delete machine.procs[pid];
  afterFailure(machine, environment, process);
}

function commandText(machine: Machine, environment: Environment, s: number, n: number): string {
  const { pos, end } = nodeOf(machine, environment, s, n);
  return (machine.sources[s] as string).slice(pos, end);
}

function stepCase(machine: Machine, environment: Environment, process: Process, frame: Extract<Frame, { t: 'case' }>, pop: () => void): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'Case') return;
  let from = 0;
  if (frame.item !== undefined) {
    const terminator = node.items[frame.item]?.terminator;
    if (terminator === ';;&') from = frame.item + 1;
    else if (terminator === ';&' && node.items[frame.item + 1] !== undefined) {
      frame.item += 1;
      enter(machine, environment, process, frame.s, (node.items[frame.item] as { body: Executable }).body);
      return;
    } else {
      pop();
      return;
    }
  }
  let chosen = -1;
  if (
    !withExpansion(machine, environment, process, frame.memo, (x) => {
      const word = expandString(node.word, x);
      chosen = node.items.findIndex((item, i) => i >= from && item.pattern.some((pattern) => patternRegExp(expandPattern(pattern, x)).test(word)));
    })
  )
    return;
  const item = node.items[chosen];
  if (item === undefined) {
    pop();
    if (frame.item === undefined) shell.status = 0;
    return;
  }
  frame.item = chosen;
  if (item.body.commands.length === 0) shell.status = 0;
  enter(machine, environment, process, frame.s, item.body);
}
