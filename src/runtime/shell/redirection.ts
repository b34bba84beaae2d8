/** Redirections: which file each descriptor points to. */
import type { Redirection } from './ast.js';
import { restoreFds } from './ending.js';
import type { Environment } from './environment.js';
import { type Expansion, expandParts, expandString } from './expand.js';
import { descriptorOf, errorText, openFile, openPipe } from './kernel.js';
import { type Shell, shellOf } from './shell.js';
import type { Machine, OpenFile, PipeEnd, Process } from './state.js';

/** A named pipe is being opened, and nobody has its other end: the redirections are done again when that has come. */
export class NeedsPeer extends Error {
  constructor(readonly file: number) {
    super('needs somebody at the other end');
  }
}

/** Opens and points descriptors; undefined when one failed (said so; status set). What was changed undoes it. */
export function redirect(
  machine: Machine,
  environment: Environment,
  process: Process,
  redirections: readonly Redirection[],
  x: Expansion,
): Record<string, number | null> | undefined {
  const self = shellOf(machine, environment, process);
  const saved: Record<string, number | null> = {};
  let isDone = false;
  try {
    isDone = redirections.every((redirection) => redirectOne(self, redirection, x, saved));
  } finally {
    // Also when it must be done again: a target waits for a command, a named pipe for its other end.
    if (!isDone) restoreFds(process, saved);
  }
  for (const fd of Object.keys(process.fds)) if (fd.startsWith(OPENING)) delete process.fds[fd];
  // A substituted process's pipe ends with the command it is named in.
  for (const fd of process.substituted ?? [])
    if (isDone) saved[fd] = null;
    else delete process.fds[fd];
  delete process.substituted;
  return isDone ? saved : undefined;
}

function redirectOne(self: Shell, redirection: Redirection, x: Expansion, saved: Record<string, number | null>): boolean {
  const { machine, process, shell } = self;
  const point = (fd: number | string, id: number | undefined): true => {
    if (!(fd in saved)) saved[fd] = process.fds[fd] ?? null;
    if (id === undefined) delete process.fds[fd];
    else process.fds[fd] = id;
    return true;
  };
  const given = redirection.descriptor?.type === 'FileDescriptor' ? redirection.descriptor.value : undefined;
  if (redirection.type === 'HereDoc') {
    const text =
      redirection.delimiter?.quoted === true || redirection.body.parts === undefined ? redirection.body.text : expandParts(redirection.body.parts, x);
    const body = redirection.operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
    return point(given ?? 0, openFile(machine, { kind: 'text', text: body, pos: 0 }));
  }
  if (redirection.target === undefined) return true;
  if (redirection.type === 'HereString')
    return point(given ?? 0, openFile(machine, { kind: 'text', text: `${expandString(redirection.target, x)}\n`, pos: 0 }));
  const target = expandString(redirection.target, x);
  const { operator } = redirection;
  const isCopy = operator === '>&' || operator === '<&';
  if (isCopy && /^(\d+-?|-)$/.test(target)) {
    const fd = given ?? (operator === '>&' ? 1 : 0);
    if (target === '-') return point(fd, undefined);
    const source = process.fds[target.replace('-', '')];
    if (source !== undefined) return point(fd, source);
    self.complain(`${target}: Bad file descriptor`);
    shell.status = shell.flavour === 'dash' ? 2 : 1;
    return false;
  }
  const opened = open(self, target, isCopy ? '>' : operator);
  if (opened === undefined) return false;
  if (!isCopy && operator !== '&>' && operator !== '&>>') return point(given ?? (operator.startsWith('<') ? 0 : 1), opened);
  return point(1, opened) && point(2, opened);
}

/** How a named pipe that is being opened stands among the descriptors: its end counts as held, and is found when the redirection is done again. */
const OPENING = 'opening ';

function openNamed({ machine, process }: Shell, path: string, end: PipeEnd): number {
  const key = `${OPENING}${end} ${path}`;
  process.fds[key] ??= openPipe(machine, path, end);
  const id = process.fds[key];
  const file = machine.files[id];
  if (file?.kind === 'pipe' && file.awaits === true) throw new NeedsPeer(id);
  return id;
}

function open(self: Shell, name: string, operator: string): number | undefined {
  const { machine, process, environment, shell } = self;
  const path = self.path(name);
  // `ln -s /dev/stdout access.log` is how images bring a log file into the container's log.
  const link = environment.host.files.stat(path, false)?.target;
  const special = specialFile(machine, process, link?.startsWith('/') === true ? link : path);
  if (special !== undefined) return special;
  const reading = operator === '<';
  const say = (text: string): undefined => {
    const capital = shell.flavour === 'dash';
    if (shell.flavour === 'bash') self.complain(`${name}: ${text}`);
    else if (reading)
      self.complain(
        capital
          ? `cannot open ${name}: ${text === 'No such file or directory' ? 'No such file' : text}`
          : `can't open ${name}: ${text === 'No such file or directory' ? 'no such file' : text}`,
      );
    else
      self.complain(
        capital
          ? `cannot create ${name}: ${text === 'No such file or directory' ? 'Directory nonexistent' : text}`
          : `can't create ${name}: ${text === 'No such file or directory' ? 'nonexistent directory' : text}`,
      );
    shell.status = shell.flavour === 'dash' ? 2 : 1;
    return undefined;
  };
  const { files } = environment.host;
  const named = files.stat(path)?.pipe;
  if (named !== undefined) return openNamed(self, named, operator === '<>' ? 'both' : reading ? 'read' : 'write');
  try {
    if (reading || operator === '<>') {
      const stat = files.stat(path);
      if (stat === undefined && operator === '<>') files.write(path, '', { at: self.now });
      else files.read(stat?.type === 'directory' ? '/' : path);
      if (stat?.type === 'directory' && !reading) return say('Is a directory');
      return openFile(machine, { kind: 'file', path, pos: 0, append: false, read: true, write: operator === '<>' });
    }
    const stat = files.stat(path);
    if (stat?.type === 'directory') return say('Is a directory');
    if (operator === '>' && shell.options['C'] === true && stat?.type === 'file')
      return say(shell.flavour === 'bash' ? 'cannot overwrite existing file' : 'File exists');
    const append = operator === '>>' || operator === '&>>';
    files.write(path, '', { append, at: self.now, ...(stat === undefined && process.umask !== 0o22 ? { mode: 0o666 & ~process.umask } : {}) });
    return openFile(machine, { kind: 'file', path, pos: 0, append, read: false, write: true });
  } catch (error) {
    return say(errorText(error));
  }
}

function specialFile(machine: Machine, process: Process, path: string): number | undefined {
  const open = (file: OpenFile): number => openFile(machine, file);
  if (path === '/dev/null') return open({ kind: 'null' });
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined && (process.fds[descriptor] !== undefined || Number(descriptor) < 3)) return process.fds[descriptor] ?? open({ kind: 'null' });
  const main = /^\/proc\/1\/fd\/([12])$/.exec(path);
  if (main) return open({ kind: 'output', stream: main[1] === '1' ? 'stdout' : 'stderr', isMain: true });
  if (path === '/dev/tty' || path === '/dev/console') return open({ kind: 'output', stream: 'stdout' });
  return undefined;
}
