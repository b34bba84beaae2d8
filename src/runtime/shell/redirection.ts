/** Redirections: which file each descriptor points to. */
import type { Redirection } from './ast.js';
import { restoreFds } from './ending.js';
import type { Environment } from './environment.js';
import { type Expansion, expandParts, expandString } from './expand.js';
import { errorText, openFile } from './kernel.js';
import { type Shell, shellOf } from './shell.js';
import type { Machine, OpenFile, Process } from './state.js';

/** Opens and points descriptors; undefined when one failed (said so; status set). */
export function redirect(
  machine: Machine,
  environment: Environment,
  process: Process,
  redirections: readonly Redirection[],
  x: Expansion,
): Record<string, number | null> | undefined {
  const self = shellOf(machine, environment, process);
  const saved: Record<string, number | null> = {};
  const point = (fd: number | string, id: number | undefined): void => {
    if (!(fd in saved)) saved[fd] = process.fds[fd] ?? null;
    if (id === undefined) delete process.fds[fd];
    else process.fds[fd] = id;
  };
  for (const redirection of redirections) {
    const given = redirection.descriptor?.type === 'FileDescriptor' ? redirection.descriptor.value : undefined;
    if (redirection.type === 'HereDoc') {
      const text =
        redirection.delimiter?.quoted === true || redirection.body.parts === undefined ? redirection.body.text : expandParts(redirection.body.parts, x);
      const body = redirection.operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
      point(given ?? 0, openFile(machine, { kind: 'text', text: body, pos: 0 }));
      continue;
    }
    if (redirection.target === undefined) continue;
    if (redirection.type === 'HereString') {
      point(given ?? 0, openFile(machine, { kind: 'text', text: `${expandString(redirection.target, x)}\n`, pos: 0 }));
      continue;
    }
    const target = expandString(redirection.target, x);
    const operator = redirection.operator;
    if (operator === '>&' || operator === '<&') {
      const fd = given ?? (operator === '>&' ? 1 : 0);
      if (target === '-') point(fd, undefined);
      else if (/^\d+-?$/.test(target)) {
        const source = process.fds[target.replace('-', '')];
        if (source === undefined) {
          self.complain(
            self.shell.flavour === 'bash'
              ? `${target}: Bad file descriptor`
              : self.shell.flavour === 'dash'
                ? `${target}: Bad file descriptor`
                : `${target}: Bad file descriptor`,
          );
          self.shell.status = self.shell.flavour === 'dash' ? 2 : 1;
          restoreFds(process, saved);
          return undefined;
        }
        point(fd, source);
      } else {
        const opened = open(self, target, '>');
        if (opened === undefined) return void restoreFds(process, saved);
        point(1, opened);
        point(2, opened);
      }
      continue;
    }
    const opened = open(self, target, operator);
    if (opened === undefined) return void restoreFds(process, saved);
    if (operator === '&>' || operator === '&>>') {
      point(1, opened);
      point(2, opened);
    } else point(given ?? (operator.startsWith('<') ? 0 : 1), opened);
  }
  return saved;
}

export function open(self: Shell, name: string, operator: string): number | undefined {
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
  if (path === '/dev/stdout' || path === '/proc/self/fd/1' || path === '/dev/fd/1') return process.fds['1'] ?? open({ kind: 'null' });
  if (path === '/dev/stderr' || path === '/proc/self/fd/2' || path === '/dev/fd/2') return process.fds['2'] ?? open({ kind: 'null' });
  if (path === '/dev/stdin' || path === '/dev/fd/0') return process.fds['0'] ?? open({ kind: 'null' });
  const main = /^\/proc\/1\/fd\/([12])$/.exec(path);
  if (main) return open({ kind: 'output', stream: main[1] === '1' ? 'stdout' : 'stderr', isMain: true });
  if (path === '/dev/tty' || path === '/dev/console') return open({ kind: 'output', stream: 'stdout' });
  return undefined;
}
