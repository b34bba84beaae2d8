/** touch, mkdir, rmdir, rm, cp, mv, ln, chmod, chown, mktemp, tee: programs that change files. */

import type { Time } from '../../../api/time.js';
import { FileError, type FileStat, type Files } from '../../process.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { parseDate } from './date.js';
import { type InputState, newInput, readInputs } from './input.js';
import { type Options, parseOptions, withArgs } from './options.js';
import { numberOf } from './simple.js';

const exists = (files: Files, path: string): boolean => files.stat(path, false) !== undefined;
const isDirectory = (files: Files, path: string): boolean => files.stat(path)?.type === 'directory';
const isLink = (files: Files, path: string): boolean => files.stat(path, false)?.type === 'symlink';
const baseOf = (path: string): string => path.replace(/(.)\/+$/, '$1').replace(/^.*\//, '');
const join = (directory: string, name: string): string => (directory === '/' ? `/${name}` : `${directory}/${name}`);

/** Does `work` for each operand; failures are said and make the exit code 1. */
function each(
  context: ProgramContext,
  operands: readonly string[],
  gnu: (name: string, text: string) => string,
  busybox: (name: string, text: string) => string,
  work: (name: string) => void,
): number {
  let status = 0;
  for (const name of operands) {
    try {
      work(name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      context.err(`${context.name}: ${context.flavour === 'ash' ? busybox(name, errorText(error)) : gnu(name, errorText(error))}\n`);
      status = 1;
    }
  }
  return status;
}

function missing(context: ProgramContext, what = 'file operand'): number {
  context.err(context.flavour === 'ash' ? busyboxUsage(context) : `${context.name}: missing ${what}\nTry '${context.name} --help' for more information.\n`);
  return 1;
}

/** -d date, -t [[CC]YY]MMDDhhmm[.ss], -r file; else now. */
function touchTime(context: ProgramContext, options: Options): Time | undefined {
  const [reference, date, stamp] = ['r', 'd', 't'].map((name) => options.value(name));
  if (reference !== undefined) return context.files.stat(context.path(reference))?.mtime;
  if (date !== undefined) return parseDate(date, context.now);
  if (stamp === undefined) return context.now;
  const match = /^(?:(\d{2})?(\d{2}))?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(stamp);
  if (match === null) return undefined;
  const [, century, year, month, day, hour, minute, second] = match;
  const full = year === undefined ? new Date(context.now).getUTCFullYear() : Number(`${century ?? (Number(year) < 69 ? '20' : '19')}${year}`);
  return parseDate(`${full}-${month}-${day} ${hour}:${minute}:${second ?? '00'}`, context.now);
}

const touch: Program = {
  name: 'touch',
  run(context) {
    const options = parseOptions(context, 'acmd:t:r:h', { 'no-create': 'c', date: 'd=', reference: 'r=' });
    if (typeof options === 'number') return options;
    if (options.operands.length === 0) return missing(context);
    const at = touchTime(context, options);
    if (at === undefined) {
      context.err(
        context.flavour === 'ash'
          ? `touch: invalid date '${options.value('d') ?? options.value('t')}'\n`
          : `touch: invalid date format '${options.value('d') ?? options.value('t')}'\n`,
      );
      return 1;
    }
    return each(
      context,
      options.operands,
      (name, text) => `cannot touch '${name}': ${text}`,
      (name, text) => `${name}: ${text}`,
      (name) => {
        const path = context.path(name);
        if (context.files.stat(path) !== undefined) context.files.setTime(path, at);
        else if (!options.has('c')) context.files.write(path, '', { at, mode: 0o666 & ~context.umask });
      },
    );
  },
};

const mkdir: Program = {
  name: 'mkdir',
  run(context) {
    const options = parseOptions(context, 'pm:v', { parents: 'p', mode: 'm=', verbose: 'v' });
    if (typeof options === 'number') return options;
    if (options.operands.length === 0) return missing(context, 'operand');
    const mode = options.value('m') === undefined ? 0o777 & ~context.umask : Number.parseInt(options.value('m') as string, 8);
    const text = (name: string, why: string): string =>
      context.flavour === 'ash' ? `can't create directory '${name}': ${why}` : `cannot create directory '${name}': ${why}`;
    return each(context, options.operands, text, text, (name) => {
      const path = context.path(name);
      if (options.has('p')) {
        const parts = path.split('/').filter((part) => part !== '');
        for (let i = 1; i <= parts.length; i += 1) {
          const at = `/${parts.slice(0, i).join('/')}`;
          if (!exists(context.files, at)) context.files.makeDirectory(at, mode);
          else if (context.files.look(at).type !== 'directory') throw new FileError(i === parts.length ? 'EEXIST' : 'ENOTDIR', at);
        }
      } else context.files.makeDirectory(path, mode);
      if (options.has('v')) context.out(context.flavour === 'ash' ? `created directory: '${name}'\n` : `mkdir: created directory '${name}'\n`);
    });
  },
};

const mkfifo: Program = {
  name: 'mkfifo',
  run(context) {
    const options = parseOptions(context, 'm:', { mode: 'm=' });
    if (typeof options === 'number') return options;
    if (options.operands.length === 0) return missing(context, 'operand');
    const mode = options.value('m') === undefined ? 0o666 & ~context.umask : Number.parseInt(options.value('m') as string, 8);
    return each(
      context,
      options.operands,
      (name, why) => `cannot create fifo '${name}': ${why}`,
      (name, why) => `${name}: ${why}`,
      (name) => context.files.makePipe(context.path(name), mode),
    );
  },
};

const rmdir: Program = {
  name: 'rmdir',
  run(context) {
    const options = parseOptions(context, 'pv', { parents: 'p' });
    if (typeof options === 'number') return options;
    if (options.operands.length === 0) return missing(context, 'operand');
    return each(
      context,
      options.operands,
      (name, text) => `failed to remove '${name}': ${text}`,
      (name, text) => `'${name}': ${text}`,
      (name) => {
        const path = context.path(name);
        const stat = context.files.stat(path, false);
        if (stat === undefined) throw new FileError('ENOENT', path);
        if (stat.type !== 'directory') throw new FileError('ENOTDIR', path);
        if (context.files.list(path).length > 0) throw new FileError('ENOTEMPTY', path);
        context.files.remove(path);
      },
    );
  },
};

function removeTree(files: Files, path: string): void {
  if (files.stat(path, false)?.type === 'directory') for (const name of files.list(path)) removeTree(files, join(path, name));
  files.remove(path);
}

const rm: Program = {
  name: 'rm',
  run(context) {
    const options = parseOptions(context, context.flavour === 'ash' ? 'rRfiv' : 'rRfivd', { recursive: 'r', force: 'f', verbose: 'v', dir: 'd' });
    if (typeof options === 'number') return options;
    if (options.operands.length === 0) return options.has('f') ? 0 : missing(context, 'operand');
    const recursive = options.has('r') || options.has('R');
    return each(
      context,
      options.operands,
      (name, text) => `cannot remove '${name}': ${text}`,
      (name, text) => (text === 'Is a directory' ? `'${name}' is a directory` : `can't remove '${name}': ${text}`),
      (name) => {
        const path = context.path(name);
        const stat = context.files.stat(path, false);
        if (stat === undefined) {
          if (options.has('f')) return;
          throw new FileError('ENOENT', path);
        }
        if (stat.type === 'directory' && !recursive) {
          if (!options.has('d')) throw new FileError('EISDIR', path);
          if (context.files.list(path).length > 0) throw new FileError('ENOTEMPTY', path);
        }
        if (path === '/') throw new FileError('EPERM', path);
        removeTree(context.files, path);
        if (options.has('v')) context.out(`removed '${name}'\n`);
      },
    );
  },
};

/** GNU's and busybox's cp copy links as links once they go into directories. */
const followsLinks = (options: Options): boolean => options.has('L') || !['a', 'd', 'P', 'r', 'R'].some((letter) => options.has(letter));

function copyTree(context: ProgramContext, from: string, to: string, options: Options): void {
  const { files } = context;
  const stat = files.look(from, followsLinks(options));
  if (stat.type === 'directory') {
    if (!exists(files, to)) files.makeDirectory(to, stat.mode & 0o777);
    for (const name of files.list(from)) copyTree(context, join(from, name), join(to, name), options);
  } else if (stat.type === 'symlink') files.link(stat.target ?? '', to);
  else files.write(to, files.read(from), { mode: stat.mode & 0o777, at: options.has('p') || options.has('a') ? stat.mtime : context.now });
}

function copyOrMove(context: ProgramContext, options: Options, work: (from: string, to: string) => boolean): number {
  const target = options.value('t') ?? options.operands.at(-1);
  const sources = options.has('t') ? options.operands : options.operands.slice(0, -1);
  if (sources.length === 0 || target === undefined) {
    if (options.operands.length === 1 && context.flavour !== 'ash') {
      context.err(`${context.name}: missing destination file operand after '${options.operands[0]}'\nTry '${context.name} --help' for more information.\n`);
      return 1;
    }
    return missing(context);
  }
  const into = isDirectory(context.files, context.path(target));
  if (sources.length > 1 && !into) {
    context.err(
      context.flavour === 'ash'
        ? `${context.name}: target '${target}' is not a directory\n`
        : `${context.name}: target '${target}': ${exists(context.files, context.path(target)) ? 'Not a directory' : 'No such file or directory'}\n`,
    );
    return 1;
  }
  let status = 0;
  for (const source of sources) {
    const from = context.path(source);
    const to = into ? join(context.path(target), baseOf(source === '.' || source.endsWith('/.') ? '.' : from)) : context.path(target);
    const shown = into ? join(target.replace(/(.)\/$/, '$1'), baseOf(from)) : target;
    let stat: FileStat;
    try {
      stat = context.files.look(from, context.name === 'cp' && followsLinks(options));
    } catch (error) {
      const refuses = context.flavour !== 'ash' ? 'cannot stat' : context.name === 'mv' ? "can't rename" : "can't stat";
      context.err(`${context.name}: ${refuses} '${source}': ${errorText(error)}\n`);
      status = 1;
      continue;
    }
    if (from === to) {
      context.err(`${context.name}: '${source}' and '${shown}' are the same file\n`);
      status = 1;
      continue;
    }
    if (context.name === 'cp' && stat.type === 'directory' && !options.has('r') && !options.has('R') && !options.has('a')) {
      context.err(context.flavour === 'ash' ? `cp: omitting directory '${source}'\n` : `cp: -r not specified; omitting directory '${source}'\n`);
      status = 1;
      continue;
    }
    try {
      const done = work(from, to.replace(/\/\.$/, ''));
      if (done && options.has('v')) context.out(`${context.name === 'mv' && context.flavour !== 'ash' ? 'renamed ' : ''}'${source}' -> '${shown}'\n`);
    } catch (error) {
      const text = errorText(error);
      const isFull = error instanceof FileError && error.code === 'ENOSPC';
      context.err(
        isFull
          ? `${context.name}: ${context.flavour === 'ash' ? 'write error' : `error writing '${shown}'`}: ${text}\n`
          : context.flavour === 'ash'
            ? context.name === 'mv'
              ? `mv: can't rename '${source}': ${text}\n`
              : `cp: can't create '${shown}': ${text}\n`
            : context.name === 'mv'
              ? `mv: cannot move '${source}' to '${shown}': ${text}\n`
              : `cp: cannot create regular file '${shown}': ${text}\n`,
      );
      status = 1;
    }
  }
  return status;
}

const cp: Program = {
  name: 'cp',
  run(context) {
    const options = parseOptions(context, 'rRafpdPLnvuiT:t:', {
      recursive: 'r',
      archive: 'a',
      force: 'f',
      verbose: 'v',
      'target-directory': 't=',
      'no-clobber': 'n',
    });
    if (typeof options === 'number') return options;
    return copyOrMove(context, options, (from, to) => {
      if (options.has('n') && exists(context.files, to)) return false;
      copyTree(context, from, to, options);
      return true;
    });
  },
};

const mv: Program = {
  name: 'mv',
  run(context) {
    const options = parseOptions(context, 'fnviut:T', { force: 'f', verbose: 'v', 'target-directory': 't=', 'no-clobber': 'n' });
    if (typeof options === 'number') return options;
    return copyOrMove(context, options, (from, to) => {
      if (options.has('n') && exists(context.files, to)) return false;
      try {
        context.files.rename(from, to);
      } catch (error) {
        if (!(error instanceof FileError) || error.code !== 'EXDEV') throw error;
        copyTree(context, from, to, options);
        removeTree(context.files, from);
      }
      return true;
    });
  },
};

const ln: Program = {
  name: 'ln',
  run(context) {
    const options = parseOptions(context, 'sfnvrTi', { symbolic: 's', force: 'f', 'no-dereference': 'n', verbose: 'v' });
    if (typeof options === 'number') return options;
    const { operands } = options;
    if (operands.length === 0) return missing(context);
    const last = operands.length === 1 ? '.' : (operands.at(-1) as string);
    const isInto = !options.has('T') && isDirectory(context.files, context.path(last)) && !(options.has('n') && isLink(context.files, context.path(last)));
    const targets = operands.length === 1 ? operands : operands.slice(0, -1);
    if (!isInto && targets.length > 1) {
      context.err(
        context.flavour === 'ash'
          ? `ln: target '${last}' is not a directory\n`
          : `ln: target '${last}': ${exists(context.files, context.path(last)) ? 'Not a directory' : 'No such file or directory'}\n`,
      );
      return 1;
    }
    const place = (target: string): string => (!isInto ? last : last === '.' && context.flavour === 'ash' ? baseOf(target) : join(last, baseOf(target)));
    const made = targets.map((target) => makeLink(context, target, place(target), options));
    return made.every((ok) => ok) ? 0 : 1;
  },
};

function makeLink(context: ProgramContext, target: string, name: string, options: Options): boolean {
  const { files, flavour } = context;
  const path = context.path(name);
  const isSymbolic = options.has('s');
  const source = context.path(target);
  if (!isSymbolic && flavour !== 'ash' && (!exists(files, source) || (isDirectory(files, source) && !isLink(files, source)))) {
    context.err(
      exists(files, source) ? `ln: ${target}: hard link not allowed for directory\n` : `ln: failed to access '${target}': No such file or directory\n`,
    );
    return false;
  }
  try {
    if (exists(files, path) && options.has('f')) files.remove(path);
    if (isSymbolic) files.link(target, path);
    else files.hardLink(source, path);
    if (options.has('v')) context.out(`'${name}' ${isSymbolic || flavour === 'ash' ? '->' : '=>'} '${target}'\n`);
    return true;
  } catch (error) {
    const text = errorText(error);
    const arrow = isSymbolic ? '' : ` => '${target}'`;
    context.err(
      flavour === 'ash'
        ? `ln: ${text === 'No such file or directory' && !isSymbolic && !exists(files, source) ? target : name}: ${text}\n`
        : `ln: failed to create ${isSymbolic ? 'symbolic' : 'hard'} link '${name}'${text === 'File exists' ? '' : arrow}: ${text}\n`,
    );
    return false;
  }
}

/** A mode from octal or symbolic text (`u+x,go-w`); undefined when it is neither. */
function parseMode(text: string, old: number): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let mode = old;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause);
    if (!match) return undefined;
    const who = match[1] === '' ? 'a' : (match[1] as string);
    let bits = 0;
    for (const [letter, bit] of [
      ['r', 4],
      ['w', 2],
      ['x', 1],
    ] as const)
      if ((match[3] as string).includes(letter)) bits |= bit;
    if ((match[3] as string).includes('X') && (old & 0o111) !== 0) bits |= 1;
    let mask = 0;
    let set = 0;
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const)
      if (who.includes(letter) || who.includes('a')) {
        mask |= 7 << shift;
        set |= bits << shift;
      }
    if (match[2] === '+') mode |= set;
    else if (match[2] === '-') mode &= ~set;
    else mode = (mode & ~mask) | set;
  }
  return mode;
}

function recurse(files: Files, path: string, deep: boolean, work: (path: string) => void): void {
  work(path);
  if (deep && files.stat(path, false)?.type === 'directory') for (const name of files.list(path)) recurse(files, join(path, name), true, work);
}

/** Why a file cannot even be looked at. */
const isUnseen = (why: string): boolean => /^(No such file|Too many levels)/.test(why);

const chmod: Program = {
  name: 'chmod',
  run(context) {
    const words = context.args[0] !== undefined && /^-[rwxXst]/.test(context.args[0]) && context.args[0] !== '-R' ? ['--', ...context.args] : context.args;
    const options = parseOptions(withArgs(context, words), 'Rvfc', { recursive: 'R' });
    if (typeof options === 'number') return options;
    const [text, ...names] = options.operands;
    if (text === undefined || names.length === 0) return missing(context, 'operand');
    if (parseMode(text, 0) === undefined) {
      context.err(context.flavour === 'ash' ? `chmod: invalid mode '${text}'\n` : `chmod: invalid mode: '${text}'\nTry 'chmod --help' for more information.\n`);
      return 1;
    }
    return each(
      context,
      names,
      (name, why) => (isUnseen(why) ? `cannot access '${name}': ${why}` : `changing permissions of '${name}': ${why}`),
      (name, why) => `${name}: ${why}`,
      (name) => {
        recurse(context.files, context.path(name), options.has('R'), (path) => {
          const stat = context.files.look(path);
          context.files.setMode(path, parseMode(text, stat.mode & 0o7777) as number);
        });
      },
    );
  },
};

const chown: Program = {
  name: 'chown',
  aliases: ['chgrp'],
  run(context) {
    const options = parseOptions(context, 'Rvfh', { recursive: 'R' });
    if (typeof options === 'number') return options;
    const [owner, ...names] = options.operands;
    if (owner === undefined || names.length === 0) return missing(context, 'operand');
    const [user = '', group = ''] = context.name === 'chgrp' ? ['', owner] : owner.split(/[:.]/);
    const uid = user === '' ? undefined : numberOf(context, '/etc/passwd', user);
    const gid = group === '' ? undefined : numberOf(context, '/etc/group', group);
    const isUserUnknown = user !== '' && uid === undefined;
    if (isUserUnknown || (group !== '' && gid === undefined)) {
      context.err(
        context.flavour === 'ash'
          ? `${context.name}: unknown ${isUserUnknown ? `user/group ${owner}` : `group ${group}`}\n`
          : `${context.name}: invalid ${isUserUnknown ? 'user' : 'group'}: '${owner}'\n`,
      );
      return 1;
    }
    return each(
      context,
      names,
      (name, why) =>
        why === 'Too many levels of symbolic links'
          ? `cannot dereference '${name}': ${why}`
          : isUnseen(why)
            ? `cannot access '${name}': ${why}`
            : `changing ownership of '${name}': ${why}`,
      (name, why) => `${name}: ${why}`,
      (name) => {
        recurse(context.files, context.path(name), options.has('R'), (path) => {
          const stat = context.files.look(path);
          if (context.uid !== 0) throw new FileError('EPERM', path);
          context.files.setOwner(path, uid ?? stat.uid, gid ?? stat.gid);
        });
      },
    );
  },
};

const mktemp: Program = {
  name: 'mktemp',
  run(context) {
    const options = parseOptions(context, 'dqup:t', { directory: 'd' });
    if (typeof options === 'number') return options;
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    const template = options.operands[0] ?? `${options.value('p') ?? '/tmp'}/${context.flavour === 'ash' ? 'tmp.XXXXXX' : 'tmp.XXXXXXXXXX'}`;
    const name = template.replace(/X+$/, (marks) => Array.from(marks, () => letters[Math.floor(context.host.random() * letters.length)]).join(''));
    try {
      if (options.has('d')) context.files.makeDirectory(context.path(name), 0o700);
      else context.files.write(context.path(name), '', { mode: 0o600, at: context.now });
    } catch (error) {
      context.err(`mktemp: ${context.flavour === 'ash' ? template : `failed to create file via template '${template}'`}: ${errorText(error)}\n`);
      return 1;
    }
    context.out(`${name}\n`);
    return 0;
  },
};

const tee: Program = {
  name: 'tee',
  run(context) {
    const options = parseOptions(context, 'aip', { append: 'a' });
    if (typeof options === 'number') return options;
    const state = (context.state ?? { ...newInput(), opened: false }) as InputState & { opened: boolean };
    context.state = state;
    const streams = options.operands.map((name) => context.stream(name, 'write'));
    for (const fd of streams) if (fd !== undefined && !context.isOpen(fd)) return { wait: 'open', fd };
    const append = (text: string, first: boolean): void => {
      for (const [i, name] of options.operands.entries()) {
        const fd = streams[i];
        if (fd !== undefined) {
          context.write(fd, text);
          continue;
        }
        try {
          context.files.write(context.path(name), text, { append: options.has('a') || !first, at: context.now });
        } catch (error) {
          if (first) context.err(`tee: ${name}: ${errorText(error)}\n`);
          state.failed = true;
        }
      }
    };
    if (!state.opened) {
      state.opened = true;
      append('', true);
    }
    const wait = readInputs(context, [], state, (text) => {
      if (text === '') return true;
      append(text, false);
      context.out(text);
      return true;
    });
    return wait ?? (state.failed ? 1 : 0);
  },
};

export const filePrograms: readonly Program[] = [touch, mkdir, mkfifo, rmdir, rm, cp, mv, ln, chmod, chown, mktemp, tee];
