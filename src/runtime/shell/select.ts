/** `select`: a menu on standard error, an answer from standard input (execute_cmd.c of bash). */
import { readFd, writeFd } from './descriptors.js';
import { popFrame } from './ending.js';
import { enter } from './entering.js';
import { type Environment, nodeOf } from './environment.js';
import { expandWords } from './expand.js';
import { shellOf } from './shell.js';
import type { FrameOf, Machine, Process, ShellProcess } from './state.js';
import { withExpansion } from './substitution.js';

export function stepSelect(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'select'>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'Select') return;
  const self = shellOf(machine, environment, process);
  if (frame.words === undefined) {
    const isDone = withExpansion(machine, environment, process, frame.memo, (x) => {
      frame.words = node.wordlist === undefined ? [...shell.args] : expandWords(node.wordlist, x);
    });
    if (!isDone) return;
    frame.shows = true;
  }
  const words = frame.words as string[];
  const end = (status: number): void => {
    popFrame(process, frame);
    shell.status = status;
  };
  if (words.length === 0) {
    end(0);
    return;
  }
  if (frame.asked !== true) {
    // What the body has left in REPLY says whether the menu comes again.
    if (frame.shows === true || self.value('REPLY') === '') writeFd(machine, environment, process, 2, menuOf(words, Number(self.value('COLUMNS') ?? 80)));
    writeFd(machine, environment, process, 2, self.value('PS3') ?? '#? ');
    frame.asked = true;
  }
  const line = readFd(machine, environment, process, 0, true);
  if (line === '') {
    process.block = { on: 'read', file: process.fds['0'] as number };
    return;
  }
  delete frame.asked;
  if (line === undefined || !line.endsWith('\n')) {
    if (line !== undefined) self.setVariable('REPLY', line);
    self.out('\n');
    end(1);
    return;
  }
  const reply = line.slice(0, -1);
  self.setVariable('REPLY', reply);
  frame.shows = reply === '';
  if (reply === '') return;
  self.setVariable(node.name.value, (/^\s*[-+]?\d+\s*$/.test(reply) ? words[Number(reply) - 1] : undefined) ?? '');
  enter(machine, environment, process, frame.s, node.body);
}

/** The words with their numbers in as many columns as a line holds, filled downwards (print_select_list). */
function menuOf(words: readonly string[], width: number): string {
  const digits = String(words.length).length;
  const cell = Math.max(...words.map((word) => word.length)) + digits + 4;
  let columns = Math.max(1, Math.floor(width / cell));
  let rows = Math.ceil(words.length / columns);
  columns = Math.ceil(words.length / rows);
  if (rows === 1) rows = columns;
  let out = '';
  for (let row = 0; row < rows; row += 1) {
    let at = 0;
    for (let i = row; i < words.length; i += rows) {
      const text = `${String(i + 1).padStart(at === 0 ? String(rows).length : digits)}) ${words[i]}`;
      out += text;
      if (i + rows >= words.length) break;
      out += indentation(at + text.length, at + cell);
      at += cell;
    }
    out += '\n';
  }
  return out;
}

/** From column to column by tabs where one fits. */
function indentation(from: number, to: number): string {
  let out = '';
  for (let at = from; at < to; ) {
    const isTab = Math.floor(to / 8) > Math.floor(at / 8);
    out += isTab ? '\t' : ' ';
    at += isTab ? 8 - (at % 8) : 1;
  }
  return out;
}
