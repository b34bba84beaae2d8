/**
 * A loop that has come back to where it was will go round for ever: `while true; do date >> /var/log/x; sleep 5; done`. One
 * round is tried on a copy of the machine, and what it would do to the world is written down; from then on rounds are not
 * interpreted but this is repeated, each at its own time, until somebody else touches the machine or a file.
 *
 * What a round does may depend on the time only through the text of `date`. In the trial that text is a token, which must come
 * out again whole ({@link isPlain} says which commands only pass it on).
 */
import { type Time, time } from '../../api/time.js';
import type { Behaviour, FileStat, Files, ProcessHost } from '../process.js';
import type { Command, Executable, Redirection, Word } from './ast.js';
import { wordsOf } from './endless.js';
import type { Environment } from './environment.js';
import { nextWake, runMachine } from './machine.js';
import { formatDate } from './programs/date.js';
import type { Effect, Machine, Process, Text } from './state.js';

/** A round has at most so many waits. */
const MAX_WAITS = 8;
/** After how many waits it is tried: whatever came before the loop is over soon, or never. */
const ATTEMPTS: ReadonlySet<number> = new Set([4, 16, 64, 256, 1024, 4096, 16_384, 65_536]);

/** Where a machine is, but for the time and for numbers that only ever grow; undefined: not a simple sleep in a simple loop. */
function fingerprint(machine: Machine): string | undefined {
  if (machine.input !== '' || machine.puts !== undefined) return undefined;
  if (Object.keys(machine.pipes).length > 0 || Object.keys(machine.listening).length > 0) return undefined;
  const parts: unknown[] = [machine.sources.length];
  const pid = (n: number): number => (n === machine.main ? n : n - machine.nextPid);
  for (const process of Object.values(machine.procs)) {
    const { program, shell, block } = process;
    if (process.foreign !== undefined || process.exit !== undefined || process.pending.length > 0) return undefined;
    const files = Object.entries(process.fds).map(([fd, id]) => {
      const file = machine.files[id];
      const isFixed = file?.kind === 'output' || file?.kind === 'input' || file?.kind === 'null' || (file?.kind === 'file' && file.append);
      return isFixed ? [fd, id, file] : undefined;
    });
    if (files.includes(undefined)) return undefined;
    parts.push(pid(process.pid), files, process.cwd, process.memory, process.cpu);
    if (program !== undefined) {
      if (program.name !== 'sleep' || block?.on !== 'time') return undefined;
      parts.push(program.argv, block.until - machine.instant);
    }
    if (shell !== undefined) {
      const { stack, bang, jobs, substitution, ...rest } = shell;
      // Only blanks part the words of a date.
      if (jobs.length > 0 || bang !== undefined || shell.vars['IFS']?.value !== ' \t\n') return undefined;
      for (const frame of stack) parts.push(frame.t === 'wait' || frame.t === 'pipeline' ? { ...frame, pids: frame.pids.map(pid) } : frame);
      parts.push(rest, substitution, block?.on);
      if (block?.on === 'time') parts.push(block.until - machine.instant);
    }
  }
  const print = JSON.stringify(parts);
  return print.includes(JSON.stringify(BEGIN).slice(1, -1)) ? undefined : print;
}

/** Around what stands for the time. No blanks, no text of anybody's, nothing that a shell, echo or printf takes for its own. */
const BEGIN = '\x1c';
const END = '\x1d';
/** Two blanks: where words are split and put together again there is one left. */
const TOKEN = new RegExp(`${BEGIN}( {1,2})([0-9a-f]*)${END}`, 'g');

const tokenOf = (format: string): string => `${BEGIN}  ${[...format].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')}${END}`;

/** Text with tokens in its parts; undefined: a token has been taken apart. */
function partsOf(text: string): Text | undefined {
  const parts: (string | { date: string; joined?: true })[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    const date = (match[2] as string).replace(/../g, (code) => String.fromCharCode(Number.parseInt(code, 16)));
    parts.push(match[1] === ' ' ? { date, joined: true } : { date });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  const isWhole = parts.every((part) =>
    typeof part === 'string' ? !part.includes(BEGIN) && !part.includes(END) : part.joined !== true || !BLANK_ENDS.test(part.date),
  );
  return isWhole ? parts : undefined;
}

/** What may begin or end with a blank, which a split would take away. */
const BLANK_ENDS = /^(?:\s|%_|%[eklnt])|(?:\s|%[nt])$/;
/** What a shell would not leave as it is when it splits words, and what `echo` reads as an escape. */
const SPECIAL = /[*?[\]\\\x80-\uffff]/;

const textAt = (text: Text, at: Time): string =>
  text
    .map((part) => (typeof part === 'string' ? part : part.joined === true ? formatDate(at, part.date).replace(/\s+/g, ' ') : formatDate(at, part.date)))
    .join('');

/** The world of a trial: what is done to it is noted, and what may be another time tomorrow ends the trial. */
class TrialHost implements ProcessHost {
  readonly effects: Effect[] = [];
  isOver = false;
  readonly files: Files;
  readonly hostname: string;
  readonly ip: string;
  readonly image: string;
  readonly tag: string;
  readonly os: ProcessHost['os'];
  readonly isInit: boolean;
  readonly pid: number;
  private readonly begin: Time;
  constructor(
    private readonly inner: ProcessHost,
    public now: Time,
  ) {
    ({ hostname: this.hostname, ip: this.ip, image: this.image, tag: this.tag, os: this.os, isInit: this.isInit, pid: this.pid } = inner);
    this.begin = now;
    this.files = trialFiles(this, inner.files);
  }
  get version() {
    return this.inner.version;
  }
  get memoryLimit() {
    return this.inner.memoryLimit;
  }
  get groups() {
    return this.inner.groups;
  }
  get declaredPorts() {
    return this.inner.declaredPorts;
  }
  get network(): never {
    return this.end();
  }
  get catalogue(): Behaviour {
    return this.end();
  }
  hasProgram(name: string): boolean {
    return this.inner.hasProgram(name);
  }
  random(): number {
    return this.end();
  }
  processes(): never {
    return this.end();
  }
  listening(): never {
    return this.end();
  }
  kill(): never {
    return this.end();
  }
  write(stream: 'stdout' | 'stderr', text: string, at: Time): void {
    this.note({ stream }, text, at);
  }
  note(where: { readonly stream: 'stdout' | 'stderr' } | { readonly file: string; readonly append: boolean }, text: string, at: Time): void {
    const parts = partsOf(text);
    if (parts === undefined) this.end();
    else this.effects.push({ ...where, after: at - this.begin, text: parts });
  }
  end(): never {
    this.isOver = true;
    throw new TrialOver();
  }
}

class TrialOver extends Error {}

/** Files as they are; only appending to one and putting a new text into one is known to be the same every time. */
function trialFiles(host: TrialHost, files: Files): Files {
  /** Sizes of those that were emptied in this round. */
  const emptied = new Map<string, number>();
  const never = (): never => host.end();
  return {
    get version() {
      return files.version;
    },
    isOwn: (path) => files.isOwn(path),
    stat(path, follow): FileStat | undefined {
      const stat = files.stat(path, follow);
      if (stat === undefined) return undefined;
      const { type, mode, uid, gid, target } = stat;
      return {
        type,
        mode,
        uid,
        gid,
        ...(target === undefined ? {} : { target }),
        get size() {
          return emptied.get(path) ?? host.end();
        },
        get mtime() {
          return host.end();
        },
      };
    },
    // What runs, when it is looked for: nothing else reads in a plain loop.
    read: (path) => (host.effects.some((effect) => effect.file === path) ? host.end() : files.read(path)),
    write(path, data, { append = false, at = host.now, mode } = {}) {
      // Shared memory is the pod's: others may look at it between two rounds.
      if (files.stat(path)?.type !== 'file' || mode !== undefined || path.startsWith('/dev/')) host.end();
      // Nothing is added; what forbids writing speaks up.
      files.write(path, '', { append: true });
      if (append && data === '') return;
      if (append) emptied.set(path, (emptied.get(path) ?? Number.NaN) + data.length);
      else emptied.set(path, data.length);
      host.note({ file: path, append }, data, at);
    },
    look: never,
    realPath: never,
    list: never,
    makeDirectory: never,
    makePipe: never,
    link: never,
    hardLink: never,
    remove: never,
    rename: never,
    setMode: never,
    setOwner: never,
    setTime: never,
  };
}

/** Commands that pass on what they are given and look at nothing. */
const PLAIN: ReadonlySet<string> = new Set(['echo', 'printf', 'date', 'sleep', 'usleep', 'true', 'false', ':']);
/** And those that may look at what is the same in every round. */
const TESTS: ReadonlySet<string> = new Set(['[', 'test']);

/** Whether all that this does with the time is to show it. What it consists of is asked about when it is run. */
function isPlain(node: Executable, source: string): boolean {
  switch (node.type) {
    case 'Script':
    case 'CompoundList':
    case 'BraceGroup':
    case 'While':
    case 'If':
    case 'AndOr':
      return true;
    case 'Statement':
      return node.background !== true;
    case 'Redirected':
      return node.redirects.every(isOutput);
    case 'Pipeline':
      return node.commands.length === 1;
    case 'Command':
      return isPlainCommand(node, source.slice(node.pos, node.end));
    default:
      return false;
  }
}

function isPlainCommand(node: Command, text: string): boolean {
  const name = node.name?.value;
  const substitutes = /\$\(|`/.test(text);
  if (/SECONDS|EPOCH|BASHPID|%\(|\x1c|\x1d/.test(text) || (substitutes && /\(\(|\$\[|\$\{/.test(text))) return false;
  if (!node.prefix.every((item) => (item.type === 'Assignment' ? !substitutes : isOutput(item)))) return false;
  if (!node.suffix.every((item) => item.type === 'Word' || item.type === 'Assignment' || isOutput(item))) return false;
  if (name === undefined || TESTS.has(name)) return !substitutes;
  const args = wordsOf(node).slice(1);
  if (name === 'date') return args.every(isPlainDate);
  if (name === 'printf' && args[0] !== undefined && /^-|[$`]|%[^sd%]/.test(args[0].text)) return false;
  return PLAIN.has(name);
}

const isOutput = (redirection: Redirection): boolean => redirection.type === 'Redirect' && redirection.operator.startsWith('>');

/** `date` of now, in a format that stands there. */
const isPlainDate = ({ text }: Word): boolean => /^(-u|-R|-I\w*)$/.test(text) || (/^["']?\+/.test(text) && !/[$`]/.test(text) && !SPECIAL.test(text));

/** Tries whether the machine, which waits now, goes round: then it is steady from now on. */
export function tryRound(machine: Machine, environment: Environment): void {
  machine.wakes = (machine.wakes ?? 0) + 1;
  // What does not go round yet may do so later, and asking costs little.
  if (machine.steady !== undefined || !ATTEMPTS.has(machine.wakes)) return;
  const print = fingerprint(machine);
  if (print === undefined) return;
  const copy = JSON.parse(JSON.stringify(machine)) as Machine;
  const host = new TrialHost(environment.host, time(machine.instant));
  const { filesOf: _, ...plain } = environment;
  const trial: Environment = {
    ...plain,
    host,
    found: new Map(),
    clock: (format) => (SPECIAL.test(format) ? host.end() : tokenOf(format)),
    entered: (node, source) => isPlain(node, source) || host.end(),
  };
  for (let waits = 1; waits <= MAX_WAITS; waits += 1) {
    const next = nextWake(copy);
    if (next === undefined || next <= copy.instant) return;
    host.now = next;
    try {
      runMachine(copy, trial);
    } catch (error) {
      if (error instanceof TrialOver) return;
      throw error;
    }
    if (host.isOver) return;
    if (fingerprint(copy) !== print) continue;
    machine.steady = {
      at: machine.instant,
      period: copy.instant - machine.instant,
      wakes: waits,
      pids: copy.nextPid - machine.nextPid,
      files: copy.nextFile - machine.nextFile,
      pipes: copy.nextPipe - machine.nextPipe,
      effects: host.effects,
      version: environment.host.files.version,
    };
    return;
  }
}

/** Whether a steady machine is at the beginning of a round, with the files as it has left them. Else it is steady no more. */
function isAtRound(machine: Machine, host: ProcessHost): boolean {
  const { steady } = machine;
  if (steady === undefined) return false;
  if (steady.version === host.files.version) return machine.instant === steady.at;
  forget(machine);
  return false;
}

/** Somebody else has had a hand in it. */
export function forget(machine: Machine): void {
  delete machine.steady;
  machine.wakes = 0;
}

/** After a steady machine has run a part of a round itself. */
export function keepSteady(machine: Machine, host: ProcessHost): void {
  const { steady } = machine;
  if (steady === undefined) return;
  steady.version = host.files.version;
  if (machine.instant >= steady.at + steady.period) steady.at += steady.period;
}

/** Brings a steady machine to the last beginning of a round by `until`, as if it had run all the way; false: that is where it is. */
export function repeatRounds(machine: Machine, host: ProcessHost, until: number): boolean {
  if (!isAtRound(machine, host)) return false;
  const { steady } = machine;
  const rounds = steady === undefined ? 0 : Math.floor((until - steady.at) / steady.period);
  if (steady === undefined || rounds <= 0) return false;
  if (steady.effects.length > 0)
    for (let round = 0; round < rounds; round += 1)
      for (const effect of steady.effects) {
        const at = time(steady.at + round * steady.period + effect.after);
        const text = textAt(effect.text, at);
        if (effect.file === undefined) host.write(effect.stream, text, at);
        else host.files.write(effect.file, text, { append: effect.append, at });
      }
  move(machine, rounds);
  steady.at = machine.instant;
  steady.version = host.files.version;
  return true;
}

/** So many rounds later: times and the numbers that grow. */
function move(machine: Machine, rounds: number): void {
  const { steady } = machine;
  if (steady === undefined) return;
  const by = rounds * steady.period;
  const pids = rounds * steady.pids;
  const moved = (pid: number): number => (pid === machine.main ? pid : pid + pids);
  machine.instant += by;
  machine.nextPid += pids;
  machine.nextFile += rounds * steady.files;
  machine.nextPipe += rounds * steady.pipes;
  machine.wakes = (machine.wakes ?? 0) + rounds * steady.wakes;
  const procs: Record<string, Process> = {};
  for (const process of Object.values(machine.procs)) {
    const { block } = process;
    const next: Process = {
      ...process,
      pid: moved(process.pid),
      ppid: process.ppid === 0 ? 0 : moved(process.ppid),
      ...(process.pid === machine.main ? {} : { since: process.since + by }),
    };
    if (block?.on === 'time') next.block = { ...block, until: block.until + by };
    else if (block?.on === 'children') next.block = { ...block, pids: block.pids.map(moved) };
    if (process.program !== undefined) next.program = { ...process.program, state: { until: (process.program.state as { until: number }).until + by } };
    if (next.shell !== undefined)
      next.shell.stack = next.shell.stack.map((frame) => (frame.t === 'wait' || frame.t === 'pipeline' ? { ...frame, pids: frame.pids.map(moved) } : frame));
    procs[next.pid] = next;
  }
  machine.procs = procs;
}
