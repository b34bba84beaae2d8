/** Steps of the compound commands that are no loops, and of lists and pipelines. */
import type { Executable } from './ast.js';
import { afterFailure, popFrame, sayKilled } from './ending.js';
import { enter } from './entering.js';
import { type Environment, nodeOf } from './environment.js';
import { arithmetic, expandPattern, expandString } from './expand.js';
import { makePipe } from './kernel.js';
import { patternRegExp } from './pattern.js';
import { redirect } from './redirection.js';
import { forkShell, shellOf } from './shell.js';
import { lineOf } from './simple-command.js';
import type { FrameOf, Machine, Process, ShellProcess } from './state.js';
import { withExpansion } from './substitution.js';
import { evaluateTest } from './test-expression.js';

export function stepList(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'list'>): void {
  const shell = process.shell as ShellProcess;
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
}

export function stepAndOr(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'andor'>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'AndOr') return;
  while (frame.i > 0 && frame.i < node.commands.length) {
    const operator = node.operators[frame.i - 1];
    if ((operator === '&&') === (shell.status === 0)) break;
    frame.i += 1;
  }
  const next = node.commands[frame.i];
  if (next === undefined) {
    popFrame(process, frame);
    return;
  }
  frame.i += 1;
  enter(machine, environment, process, frame.s, next);
}

export function stepIf(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'if'>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'If') return;
  if (frame.taken === true) {
    popFrame(process, frame);
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
}

export function stepPipeline(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'pipeline'>): void {
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

export function stepWait(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'wait'>): void {
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

export function stepCase(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'case'>): void {
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
      popFrame(process, frame);
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
    popFrame(process, frame);
    if (frame.item === undefined) shell.status = 0;
    return;
  }
  frame.item = chosen;
  if (item.body.commands.length === 0) shell.status = 0;
  enter(machine, environment, process, frame.s, item.body);
}

export function stepRedirected(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'redirected'>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'Redirected') return;
  if (frame.entered) {
    popFrame(process, frame);
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
}

/** `[[ … ]]`. */
export function stepTest(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'test'>): void {
  const shell = process.shell as ShellProcess;
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
  popFrame(process, frame);
  if (failed !== undefined) shellOf(machine, environment, process).complain(failed);
  shell.status = failed !== undefined ? 2 : result ? 0 : 1;
  afterFailure(machine, environment, process);
}

/** `(( … ))`. */
export function stepArithmetic(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'arith'>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'ArithmeticCommand') return;
  let result = 0n;
  if (
    !withExpansion(machine, environment, process, frame.memo, (x) => {
      result = arithmetic(node.body, x);
    })
  )
    return;
  popFrame(process, frame);
  shell.status = result !== 0n ? 0 : 1;
  afterFailure(machine, environment, process);
}
