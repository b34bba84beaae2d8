/** Steps of `while`, `until` and `for`. */
import { popFrame } from './ending.js';
import { enter } from './entering.js';
import { type Environment, nodeOf } from './environment.js';
import { arithmetic, expandWords } from './expand.js';
import { shellOf } from './shell.js';
import type { FrameOf, Machine, Process, ShellProcess, Variable } from './state.js';
import { withExpansion } from './substitution.js';

/** `while` and `until`. */
export function stepWhile(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'while'>): void {
  const shell = process.shell as ShellProcess;
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
  popFrame(process, frame);
  shell.status = frame.last;
}

export function stepFor(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'for'>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'For') return;
  if (!/^[A-Za-z_]\w*$/.test(node.name.value)) {
    shellOf(machine, environment, process).complain(`\`${node.name.value}': not a valid identifier`);
    popFrame(process, frame);
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
    popFrame(process, frame);
    shell.status = frame.last;
    return;
  }
  frame.i += 1;
  // To a reference its words are names.
  if (shell.vars[node.name.value]?.ref === true) (shell.vars[node.name.value] as Variable).value = word;
  else shellOf(machine, environment, process).setVariable(node.name.value, word);
  enter(machine, environment, process, frame.s, node.body);
}

/** `for ((i = 0; i < 3; i++))`. */
export function stepArithmeticFor(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'cfor'>): void {
  const shell = process.shell as ShellProcess;
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
    popFrame(process, frame);
    shell.status = frame.last;
    return;
  }
  frame.phase = 'update';
  enter(machine, environment, process, frame.s, node.body);
}
