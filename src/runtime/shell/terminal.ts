/** A terminal: the kernel's line discipline (termios in canonical mode), and the line editors of shells on top of it. */
import type { Time } from '../../api/time.js';
import { normalizePath } from '../files.js';
import type { Environment } from './environment.js';
import { signalProcess } from './machine.js';
import type { Machine, Process } from './state.js';

export function typeInto(machine: Machine, environment: Environment, data: string): void {
  for (const key of data.match(KEYS) ?? []) {
    const reader = readerOf(machine);
    if (reader === undefined) cooked(machine, environment, key);
    else edited(machine, environment, reader, key);
  }
}

const KEYS = /\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b[bf]|[\s\S]/gu;

/** The shell that waits at its prompt, if it is one that edits lines: readline of bash, lineedit of busybox; dash has none. */
function readerOf(machine: Machine): Process | undefined {
  return Object.values(machine.procs).find(
    ({ exit, shell, block }) => exit === undefined && shell?.interactive === true && shell.flavour !== 'dash' && block?.on === 'read',
  );
}

/** The kernel's line discipline: whoever reads gets whole lines. Cursor keys edit nothing. */
function cooked(machine: Machine, environment: Environment, key: string): void {
  const echo = echoOf(machine, environment);
  const line = machine.typed?.line ?? '';
  switch (key) {
    case '\r':
    case '\n':
      return enter(machine, environment, line);
    case '\x7f':
    case '\b':
      if (line !== '') echo('\b \b');
      return keep(machine, line.slice(0, -1));
    case '\x15':
      echo('\b \b'.repeat(line.length));
      return keep(machine, '');
    case '\x04':
      return endOfFile(machine, line);
    case '\x03':
      echo('^C\r\n');
      keep(machine, '');
      return interrupt(machine, environment);
    default:
      if (key.startsWith('\x1b')) return;
      echo(key);
      keep(machine, line + key);
  }
}

/** What line editors have in common: the cursor, words, recalling lines, completing names of files. */
function edited(machine: Machine, environment: Environment, reader: Process, key: string): void {
  const { line, behind = 0 } = machine.typed ?? { line: '' };
  const cursor = line.length - behind;
  const before = line.slice(0, cursor);
  const after = line.slice(cursor);
  const show = (left: string, right: string): void => redraw(machine, environment, left, right);
  const word = /\S*\s*$/.exec(before)?.[0] ?? '';
  switch (key) {
    case '\r':
    case '\n':
      if (line.trim() !== '' && machine.history?.at(-1) !== line) machine.history = [...(machine.history ?? []), line].slice(-HISTORY);
      return enter(machine, environment, line);
    case '\x04':
      return line === '' ? endOfFile(machine, line) : show(before, after.slice(1));
    case '\x03':
      echoOf(machine, environment)('^C\r\n');
      keep(machine, '');
      return interrupt(machine, environment);
    case '\x7f':
    case '\b':
      return show(before.slice(0, -1), after);
    case '\x1b[3~':
      return show(before, after.slice(1));
    case '\x1b[D':
    case '\x02':
      return show(before.slice(0, -1), before.slice(-1) + after);
    case '\x1b[C':
    case '\x06':
      return show(before + after.slice(0, 1), after.slice(1));
    case '\x1b[H':
    case '\x1b[1~':
    case '\x01':
      return show('', line);
    case '\x1b[F':
    case '\x1b[4~':
    case '\x05':
      return show(line, '');
    case '\x15':
      return show('', after);
    case '\x0b':
      return show(before, '');
    case '\x17':
      return show(before.slice(0, before.length - word.length), after);
    case '\x1b[A':
    case '\x10':
      return recall(machine, environment, -1);
    case '\x1b[B':
    case '\x0e':
      return recall(machine, environment, 1);
    case '\t':
      return show(before + completion(environment, reader, before), after);
    default:
      if (key >= ' ' && !key.startsWith('\x1b')) show(before + key, after);
  }
}

const HISTORY = 500;

const echoOf =
  (machine: Machine, environment: Environment) =>
  (text: string): void => {
    if (text !== '') environment.host.write('stdout', text, machine.instant as Time);
  };

function keep(machine: Machine, line: string, behind = 0, recalled?: number): void {
  if (line === '' && recalled === undefined) delete machine.typed;
  else machine.typed = { line, ...(behind === 0 ? {} : { behind }), ...(recalled === undefined ? {} : { recalled }) };
}

function enter(machine: Machine, environment: Environment, line: string): void {
  echoOf(machine, environment)('\r\n');
  machine.input += `${line}\n`;
  keep(machine, '');
}

function endOfFile(machine: Machine, line: string): void {
  if (line === '') machine.inputClosed = true;
  machine.input += line;
  keep(machine, '');
}

/** Turns the line on the screen into another with the cursor between its halves; writes only from where they differ. */
function redraw(machine: Machine, environment: Environment, left: string, right: string, recalled?: number): void {
  const { line: old, behind = 0 } = machine.typed ?? { line: '' };
  const line = left + right;
  const cursor = old.length - behind;
  const echo = echoOf(machine, environment);
  if (line === old) echo('\b'.repeat(Math.max(0, cursor - left.length)) + line.slice(cursor, left.length));
  else {
    let from = 0;
    while (from < cursor && line[from] === old[from]) from += 1;
    const gone = Math.max(0, old.length - line.length);
    echo('\b'.repeat(cursor - from) + line.slice(from) + ' '.repeat(gone) + '\b'.repeat(gone + right.length));
  }
  keep(machine, line, right.length, recalled);
}

function recall(machine: Machine, environment: Environment, step: 1 | -1): void {
  const history = machine.history ?? [];
  const at = (machine.typed?.recalled ?? history.length) + step;
  if (at < 0 || at > history.length) return;
  redraw(machine, environment, history[at] ?? '', '', at);
}

/** What can be added to the word before the cursor: the rest of the one name, or as much as all that fit have in common. */
function completion(environment: Environment, reader: Process, before: string): string {
  const word = /[^\s'"=:;|&<>()]*$/.exec(before)?.[0] ?? '';
  const slash = word.lastIndexOf('/') + 1;
  const directory = normalizePath(word.startsWith('/') ? word.slice(0, slash) : `${reader.cwd}/${word.slice(0, slash)}`);
  const start = word.slice(slash);
  const { files } = environment.host;
  if (files.stat(directory)?.type !== 'directory') return '';
  const names = files.list(directory).filter((name) => name.startsWith(start) && (start !== '' || !name.startsWith('.')));
  const [first = '', ...others] = names;
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1;
  const ending = others.length > 0 || names.length === 0 ? '' : files.stat(`${directory}/${first}`)?.type === 'directory' ? '/' : ' ';
  return first.slice(start.length, length) + ending;
}

/** The foreground gets SIGINT; a shell that reads commands drops what it has of one and asks again. */
function interrupt(machine: Machine, environment: Environment): void {
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    if (process.shell?.interactive === true) {
      delete process.shell.pendingInput;
      delete process.shell.prompted;
      if (process.block?.on === 'read') delete process.block;
    } else signalProcess(machine, environment, process, 'INT');
  }
}
