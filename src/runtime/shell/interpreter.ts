/**
 * The shell proper: an explicit stack of frames over the numbered tree. {@link stepShell} does one transition of the top frame;
 * everything it needs to go on later is in the frame. Children are processes of the same machine.
 */
import { stepAndOr, stepArithmetic, stepCase, stepIf, stepList, stepPipeline, stepRedirected, stepTest, stepWait } from './compound.js';
import { writeFd } from './descriptors.js';
import { afterFailure, exitShell, popFrame } from './ending.js';
import type { Environment } from './environment.js';
import { interactiveInput } from './interactive.js';
import { SIGNALS } from './kernel.js';
import { stepArithmeticFor, stepFor, stepWhile } from './loops.js';
import { stepSelect } from './select.js';
import { shellOf } from './shell.js';
import { stepCommand } from './simple-command.js';
import type { Flavour, Machine, Process, ShellProcess } from './state.js';

/** One transition of the top frame. The process may block, spawn, or end by it. */
export function stepShell(machine: Machine, environment: Environment, process: Process): void {
  const shell = process.shell as ShellProcess;
  if (takeSignal(machine, environment, process)) return;
  const frame = shell.stack.at(-1);
  if (frame === undefined) {
    if (shell.interactive === true && interactiveInput(machine, environment, process)) return;
    exitShell(machine, environment, process, shell.status);
    return;
  }
  switch (frame.t) {
    case 'list':
      stepList(machine, environment, process, frame);
      return;
    case 'andor':
      stepAndOr(machine, environment, process, frame);
      return;
    case 'not':
      popFrame(process, frame);
      shell.status = shell.status === 0 ? 1 : 0;
      return;
    case 'timed':
      popFrame(process, frame);
      writeFd(machine, environment, process, 2, timeText(machine.instant - frame.since, shell.flavour, frame.posix === true));
      return;
    case 'pipeline':
      stepPipeline(machine, environment, process, frame);
      return;
    case 'if':
      stepIf(machine, environment, process, frame);
      return;
    case 'while':
      stepWhile(machine, environment, process, frame);
      return;
    case 'for':
      stepFor(machine, environment, process, frame);
      return;
    case 'select':
      stepSelect(machine, environment, process, frame);
      return;
    case 'cfor':
      stepArithmeticFor(machine, environment, process, frame);
      return;
    case 'case':
      stepCase(machine, environment, process, frame);
      return;
    case 'redirected':
      stepRedirected(machine, environment, process, frame);
      return;
    case 'command':
      stepCommand(machine, environment, process, frame);
      return;
    case 'test':
      stepTest(machine, environment, process, frame);
      return;
    case 'arith':
      stepArithmetic(machine, environment, process, frame);
      return;
    case 'wait':
      stepWait(machine, environment, process, frame);
      return;
    case 'fault':
      writeFd(machine, environment, process, 2, frame.text);
      process.exit = frame.status;
      return;
    case 'trap':
      popFrame(process, frame);
      if (frame.name === 'EXIT') process.exit = (shell.exiting === true ? frame.status : shell.status) & 255;
      return;
    case 'function':
    case 'source':
    case 'restore':
      popFrame(process, frame);
      if (frame.t === 'function' || frame.t === 'restore') afterFailure(machine, environment, process);
      return;
  }
}

/** Lets the trap of a signal that has come begin. False: there is none to run. */
function takeSignal(machine: Machine, environment: Environment, process: Process): boolean {
  if (process.pending.length === 0 || process.capture !== undefined) return false;
  const shell = process.shell as ShellProcess;
  const signal = process.pending.shift() as string;
  const action = shell.traps[signal];
  if (action === undefined || action === '') return false;
  // A signal ends the `wait` builtin at once: take its second try off the stack (POSIX 2.11).
  const top = shell.stack.at(-1);
  if (top?.t === 'list' && top.i === 0 && /^wait /.test(machine.sources[top.s] as string)) {
    shell.stack.pop();
    shell.status = 128 + (SIGNALS[signal] as number);
  }
  shell.stack.push({ t: 'trap', status: shell.status, name: signal });
  shellOf(machine, environment, process).run(action);
  return true;
}

/** What `time` says when the command has ended; of busybox it is a program. */
function timeText(span: number, flavour: Flavour, posix: boolean): string {
  const seconds = (span / 1000) % 60;
  const minutes = Math.floor(span / 60_000);
  if (posix) return `real ${(span / 1000).toFixed(2)}\nuser 0.00\nsys 0.00\n`;
  if (flavour === 'ash') return `real\t${minutes}m ${seconds.toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`;
  return `\nreal\t${minutes}m${seconds.toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}
