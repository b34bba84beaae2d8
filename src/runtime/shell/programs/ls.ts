/** ls(1): short and long listings, one a line unless on a terminal. */
import { binaryOf } from '../../../api/bytes.js';
import { FileError, type FileStat } from '../../process.js';
import { errorText } from '../kernel.js';
import { isBytewise } from '../locale.js';
import type { Program, ProgramContext } from '../program.js';
import type { Flavour } from '../state.js';
import { formatDate } from './date.js';
import { type Options, parseOptions } from './options.js';
import { groupOf, nameOf, userOf } from './simple.js';

/** `drwxr-xr-x`. */
export function modeText(stat: Pick<FileStat, 'type' | 'mode'>): string {
  const kind = { directory: 'd', symlink: 'l', device: 'c', fifo: 'p', file: '-' }[stat.type];
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((stat.mode >> (8 - i)) & 1 ? letter : '-'));
  if ((stat.mode & 0o1000) !== 0) bits[8] = bits[8] === 'x' ? 't' : 'T';
  if ((stat.mode & 0o4000) !== 0) bits[2] = bits[2] === 'x' ? 's' : 'S';
  if ((stat.mode & 0o2000) !== 0) bits[5] = bits[5] === 'x' ? 's' : 'S';
  return kind + bits.join('');
}

/** `1.5K` as ls, du and df -h have it: GNU's round up, and show no tenths from ten on; busybox always shows tenths. */
export function humanSize(bytes: number, flavour?: Flavour): string {
  if (bytes < 1024) return String(bytes);
  const rounded = (value: number): number => (flavour === 'ash' ? value : Math.ceil(value < 10 ? value * 10 : value) / (value < 10 ? 10 : 1));
  let value = bytes;
  let unit = 0;
  while (rounded(value) >= 1024 && unit < 5) {
    value /= 1024;
    unit += 1;
  }
  const isWhole = flavour !== 'ash' && rounded(value) >= 10;
  return `${rounded(value).toFixed(isWhole ? 0 : 1)}${' KMGTP'[unit]}`;
}

interface Entry {
  readonly shown: string;
  readonly path: string;
  readonly stat: FileStat;
}

function long(context: ProgramContext, entries: readonly Entry[], options: Options): string {
  const rows = entries.map(({ shown, path, stat }) => ({
    mode: modeText(stat),
    links: String(stat.type === 'directory' ? 2 + countDirectories(context, path) : (stat.links ?? 1)),
    user: options.has('n') ? String(stat.uid) : userOf(context, stat.uid),
    group: options.has('n') ? String(stat.gid) : groupOf(context, stat.gid),
    size: options.has('h') ? humanSize(stat.type === 'directory' ? 4096 : stat.size, context.flavour) : String(stat.type === 'directory' ? 4096 : stat.size),
    time: formatDate(stat.mtime, context.now - stat.mtime < 15_778_476_000 && context.now >= stat.mtime ? '%b %e %H:%M' : '%b %e  %Y'),
    name: `${shown}${stat.type === 'symlink' ? ` -> ${stat.target}` : ''}`,
  }));
  const width = (column: 'links' | 'user' | 'group' | 'size'): number => Math.max(0, ...rows.map((row) => row[column].length));
  const gnu = context.flavour !== 'ash';
  return rows
    .map((row) =>
      gnu
        ? `${row.mode} ${row.links.padStart(width('links'))} ${row.user.padEnd(width('user'))} ${row.group.padEnd(width('group'))} ${row.size.padStart(width('size'))} ${row.time} ${row.name}\n`
        : `${row.mode} ${row.links.padStart(4)} ${row.user.padEnd(8)} ${row.group.padEnd(8)} ${row.size.padStart(9)} ${row.time} ${row.name}\n`,
    )
    .join('');
}

function countDirectories(context: ProgramContext, path: string): number {
  try {
    return context.files.list(path).filter((name) => context.files.stat(`${path === '/' ? '' : path}/${name}`, false)?.type === 'directory').length;
  } catch {
    return 0;
  }
}

/** Through a link; to GNU one that leads nowhere is the link itself unless -L is given. */
export function lookThrough(context: ProgramContext, path: string, isTold: boolean): FileStat {
  try {
    return context.files.look(path);
  } catch (error) {
    const isNowhere = error instanceof FileError && error.code === 'ENOENT';
    if (isTold || !isNowhere || context.flavour === 'ash') throw error;
    return context.files.look(path, false);
  }
}

/** What -F puts behind a name. */
const markOf = ({ type, mode }: FileStat): string => (type === 'symlink' ? '@' : type === 'fifo' ? '|' : type === 'file' && (mode & 0o111) !== 0 ? '*' : '');

export const ls: Program = {
  name: 'ls',
  aliases: ['dir'],
  run(context) {
    const options = parseOptions(context, 'laAhdR1trSnFpgoisCxLc', {
      all: 'a',
      'almost-all': 'A',
      color: 'c',
      'human-readable': 'h',
      directory: 'd',
      recursive: 'R',
      reverse: 'r',
      'full-time': 'l',
    });
    if (typeof options === 'number') return options;
    const names = options.operands.length === 0 ? ['.'] : options.operands;
    let status = 0;
    const files: Entry[] = [];
    const directories: Entry[] = [];
    for (const name of names) {
      const path = context.path(name);
      // Links are shown as links where it can be seen that they are; a link to a directory is gone into unless -l or -d says otherwise.
      const follows = options.has('L') || !(options.has('l') || options.has('d') || options.has('F'));
      let stat: FileStat;
      try {
        stat = follows ? lookThrough(context, path, options.has('L')) : context.files.look(path, false);
      } catch (error) {
        context.err(context.flavour === 'ash' ? `ls: ${name}: ${errorText(error)}\n` : `ls: cannot access '${name}': ${errorText(error)}\n`);
        status = context.flavour === 'ash' ? 1 : 2;
        continue;
      }
      if (stat.type === 'directory' && !options.has('d')) directories.push({ shown: name, path, stat });
      else files.push({ shown: name, path, stat });
    }
    const order = (entries: Entry[]): Entry[] => {
      const byName = entries.toSorted((a, b) => (binaryOf(a.shown) < binaryOf(b.shown) ? -1 : 1));
      const sorted = options.has('t')
        ? byName.toSorted((a, b) => b.stat.mtime - a.stat.mtime)
        : options.has('S')
          ? byName.toSorted((a, b) => b.stat.size - a.stat.size)
          : byName;
      return options.has('r') ? sorted.reverse() : sorted;
    };
    // Without a locale busybox shows what is not ASCII as question marks, one a byte.
    const hides = context.flavour === 'ash' && isBytewise(context.host.os, (one) => context.env[one]);
    const printable = (text: string): string => (hides ? binaryOf(text).replace(/[^\x20-\x7e]/g, '?') : text);
    const decorate = (entry: Entry): string =>
      options.has('F') || options.has('p')
        ? `${printable(entry.shown)}${entry.stat.type === 'directory' ? '/' : options.has('F') ? markOf(entry.stat) : ''}`
        : printable(entry.shown);
    const print = (entries: Entry[]): void => {
      const list = order(entries);
      context.out(
        options.has('l') || options.has('n') || options.has('g') || options.has('o')
          ? long(
              context,
              list.map((entry) => ({ ...entry, shown: printable(entry.shown) })),
              options,
            )
          : list.map((entry) => `${decorate(entry)}\n`).join(''),
      );
    };
    if (files.length > 0) print(files);
    const titled = names.length > 1 || options.has('R');
    let first = files.length === 0;
    const title = ({ shown }: Entry): void => {
      if (titled) context.out(`${first ? '' : '\n'}${shown}:\n`);
      first = false;
    };
    const listDirectory = (directory: Entry, isGiven: boolean): void => {
      const ash = context.flavour === 'ash';
      // GNU's opens the directory first.
      if (ash) title(directory);
      let all: readonly string[];
      try {
        all = context.files.list(directory.path);
      } catch (error) {
        context.err(
          ash ? `ls: can't open '${directory.shown}': ${errorText(error)}\n` : `ls: cannot open directory '${directory.shown}': ${errorText(error)}\n`,
        );
        status = Math.max(status, isGiven && !ash ? 2 : 1);
        return;
      }
      if (!ash) title(directory);
      const inside: Entry[] = all
        .filter((name) => options.has('a') || options.has('A') || !name.startsWith('.'))
        .map((name) => {
          const path = `${directory.path === '/' ? '' : directory.path}/${name}`;
          return { shown: name, path, stat: (context.files.stat(path, options.has('L')) ?? context.files.stat(path, false)) as FileStat };
        })
        .filter((entry) => entry.stat !== undefined);
      const dots: Entry[] = options.has('a')
        ? [
            { shown: '.', path: directory.path, stat: directory.stat },
            { shown: '..', path: directory.path, stat: context.files.stat(directory.path.replace(/\/[^/]*$/, '') || '/') ?? directory.stat },
          ]
        : [];
      if (options.has('l'))
        context.out(
          `total ${inside.reduce((sum, entry) => sum + (entry.stat.type === 'symlink' ? 0 : Math.max(entry.stat.type === 'directory' ? 4 : 0, Math.ceil(entry.stat.size / 4096) * 4)), dots.length * 4)}\n`,
        );
      print([...dots, ...inside]);
      if (options.has('R'))
        for (const entry of inside)
          if (entry.stat.type === 'directory') listDirectory({ ...entry, shown: `${directory.shown === '/' ? '' : directory.shown}/${entry.shown}` }, false);
    };
    for (const directory of order(directories)) listDirectory(directory, true);
    return status;
  },
};

/** A number that stays the same for a path. */
function inodeOf(path: string): number {
  let number = 1;
  for (const letter of path) number = (number * 31 + (letter.codePointAt(0) ?? 0)) % 8_388_593;
  return number;
}

export const stat: Program = {
  name: 'stat',
  run(context) {
    const options = parseOptions(context, 'c:Lft', { format: 'c=', dereference: 'L' });
    if (typeof options === 'number') return options;
    let status = 0;
    for (const name of options.operands) {
      const path = context.path(name);
      let found: FileStat;
      try {
        found = context.files.look(path, options.has('L'));
      } catch (error) {
        context.err(`stat: ${context.flavour === 'ash' ? "can't stat" : 'cannot statx'} '${name}': ${errorText(error)}\n`);
        status = 1;
        continue;
      }
      const kind =
        found.type === 'directory'
          ? 'directory'
          : found.type === 'symlink'
            ? 'symbolic link'
            : found.type === 'device'
              ? 'character special file'
              : found.type === 'fifo'
                ? 'fifo'
                : found.size === 0
                  ? 'regular empty file'
                  : 'regular file';
      const user = nameOf(context, '/etc/passwd', found.uid) ?? 'UNKNOWN';
      const group = nameOf(context, '/etc/group', found.gid) ?? 'UNKNOWN';
      const octal = (found.mode & 0o7777).toString(8);
      const fields: Readonly<Record<string, string>> = {
        n: name,
        N: `'${name}'`,
        s: String(found.size),
        a: octal,
        A: modeText(found),
        h: String(found.type === 'directory' ? 2 + countDirectories(context, path) : (found.links ?? 1)),
        b: String(Math.ceil(found.size / 4096) * 8),
        i: String(inodeOf(path)),
        o: '4096',
        X: String(Math.floor(found.mtime / 1000)),
        Z: String(Math.floor(found.mtime / 1000)),
        B: '512',
        u: String(found.uid),
        U: user,
        g: String(found.gid),
        G: group,
        F: kind,
        Y: String(Math.floor(found.mtime / 1000)),
        x: formatDate(found.mtime, '%Y-%m-%d %H:%M:%S.%N +0000'),
        z: formatDate(found.mtime, '%Y-%m-%d %H:%M:%S.%N +0000'),
        f: ((found.type === 'directory' ? 0o40000 : found.type === 'symlink' ? 0o120000 : 0o100000) | found.mode).toString(16),
        y: formatDate(found.mtime, '%Y-%m-%d %H:%M:%S.%N +0000'),
      };
      const format = options.value('c');
      if (format !== undefined) context.out(`${format.replace(/%([a-zA-Z])/g, (all, letter: string) => fields[letter] ?? all)}\n`);
      else
        context.out(
          `  File: ${name}${found.type === 'symlink' ? ` -> ${found.target}` : ''}\n  Size: ${String(found.size).padEnd(10)}\tBlocks: ${String(Math.ceil(found.size / 4096) * 8).padEnd(10)} IO Block: 4096   ${kind}\nDevice: ${context.flavour === 'ash' ? '40h/64d' : '0,64'}\tInode: ${String(fields['i']).padEnd(10)}  Links: ${fields['h']}\nAccess: (${octal.padStart(4, '0')}/${modeText(found)})  Uid: (${String(found.uid).padStart(5)}/${user.padStart(8)})   Gid: (${String(found.gid).padStart(5)}/${group.padStart(8)})\nAccess: ${fields['y']}\nModify: ${fields['y']}\nChange: ${fields['y']}\n${context.flavour === 'ash' ? '' : ` Birth: ${fields['y']}\n`}`,
        );
    }
    return status;
  },
};
