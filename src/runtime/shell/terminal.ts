/** A terminal: the kernel's line discipline (termios in canonical mode), and the line editors of shells on top of it. */
import type { Time } from '../../api/time.js';
import { normalizePath } from '../paths.js';
import { leave } from './ending.js';
import type { Environment } from './environment.js';
import { signalProcess } from './machine.js';
import type { Machine, Process, ShellProcess } from './state.js';

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
  if (key === '\r' || key === '\n') enter(machine, environment, line);
  else if (key === '\x04') endOfFile(machine, line);
  else if (key === '\x03') {
    echo('^C\r\n');
    keep(machine, '');
    interrupt(machine, environment);
  } else if (key === '\x15') {
    echo('\b \b'.repeat(line.length));
    keep(machine, '');
  } else if (key === '\x7f' || key === '\b') {
    echo(line === '' ? '' : '\b \b');
    keep(machine, line.slice(0, -1));
  } else if (!key.startsWith('\x1b')) {
    echo(key);
    keep(machine, line + key);
  }
}

/** What line editors have in common: the cursor, words, recalling lines, completing names of files. */
function edited(machine: Machine, environment: Environment, reader: Process, key: string): void {
  const { line, behind = 0 } = machine.typed ?? { line: '' };
  const before = line.slice(0, line.length - behind);
  const after = line.slice(line.length - behind);
  const edit = EDITS[key] ?? RECALLS[key];
  if (typeof edit === 'number') recall(machine, environment, edit);
  else if (edit !== undefined) redraw(machine, environment, ...edit(before, after));
  else if (key === '\t') redraw(machine, environment, before + completion(environment, reader, before), after);
  else if (/^[ -~\u0080-\u{10ffff}]/u.test(key)) redraw(machine, environment, before + key, after);
  else {
    if (ENDS.test(key)) remember(machine, line);
    if (key !== '\x04' || line === '') cooked(machine, environment, key);
  }
}

const ENDS = /^[\r\n]$/;

function remember(machine: Machine, line: string): void {
  if (line.trim() !== '' && machine.history?.at(-1) !== line) machine.history = [...(machine.history ?? []), line].slice(-HISTORY);
}

type Edit = (before: string, after: string) => readonly [before: string, after: string];

const left: Edit = (before, after) => [before.slice(0, -1), before.slice(-1) + after];
const right: Edit = (before, after) => [before + after.slice(0, 1), after.slice(1)];
const home: Edit = (before, after) => ['', before + after];
const end: Edit = (before, after) => [before + after, ''];
const erase: Edit = (before, after) => [before.slice(0, -1), after];
const remove: Edit = (before, after) => [before, after.slice(1)];

/** What a key makes of what stands before and behind the cursor. */
const EDITS: Readonly<Record<string, Edit>> = {
  '\x7f': erase,
  '\b': erase,
  '\x1b[3~': remove,
  '\x1b[D': left,
  '\x02': left,
  '\x1b[C': right,
  '\x06': right,
  '\x1b[H': home,
  '\x1b[1~': home,
  '\x01': home,
  '\x1b[F': end,
  '\x1b[4~': end,
  '\x05': end,
  '\x15': (_, after) => ['', after],
  '\x0b': (before) => [before, ''],
  '\x17': (before, after) => [before.replace(/\S*\s*$/, ''), after],
};

/** Up and down. */
const RECALLS: Readonly<Record<string, 1 | -1>> = { '\x1b[A': -1, '\x10': -1, '\x1b[B': 1, '\x0e': 1 };

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

/** The foreground gets SIGINT. A shell that reads commands gives up the one it has, or is at, and asks again; background jobs have groups of their own. */
function interrupt(machine: Machine, environment: Environment): void {
  const background = jobsOf(machine);
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined || background.has(process.pid)) continue;
    if (process.shell?.interactive === true && process.shell.traps['INT'] === undefined) giveUp(process, process.shell);
    else signalProcess(machine, environment, process, 'INT');
  }
  // Nobody waits for them any more.
  for (const { pid, ppid, exit } of Object.values(machine.procs))
    if (exit !== undefined && machine.procs[ppid]?.shell?.interactive === true && !background.has(pid)) delete machine.procs[pid];
}

/** What shells have put into the background, with all that it has started. */
function jobsOf(machine: Machine): ReadonlySet<number> {
  const jobs = new Set(Object.values(machine.procs).flatMap(({ shell }) => shell?.jobs.map(({ pid }) => pid) ?? []));
  // A child's number is higher than its parent's.
  for (const { pid, ppid } of Object.values(machine.procs).sort((a, b) => a.pid - b.pid)) if (jobs.has(ppid)) jobs.add(pid);
  return jobs;
}

/** What an interactive shell was at is forgotten; it asks for its next line. */
function giveUp(process: Process, shell: ShellProcess): void {
  delete shell.pendingInput;
  delete shell.prompted;
  delete process.block;
  delete process.capture;
  delete process.captures;
  delete process.partial;
  delete process.readUntil;
  shell.status = 130;
  for (let frame = shell.stack.pop(); frame !== undefined; frame = shell.stack.pop()) leave(process, frame);
}
