/** tar(1): creating, listing and extracting archives, as GNU tar and busybox do; what `kubectl cp` needs in a container. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { bytesOf, textOf } from '../../../api/bytes.js';
import { readTar, type TarEntry, TarError, writeTar } from '../../../api/tar.js';
import type { Time } from '../../../api/time.js';
import { FileError, type FileStat, type Files } from '../../process.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { modeText } from './ls.js';
import { type Options, parseOptions, withArgs } from './options.js';
import { groupOf, userOf } from './simple.js';

const LONG: Readonly<Record<string, string>> = {
  create: 'c',
  extract: 'x',
  get: 'x',
  list: 't',
  file: 'f=',
  directory: 'C=',
  verbose: 'v',
  gzip: 'z',
  touch: 'm',
  'absolute-names': 'P',
  'to-stdout': 'O',
  'keep-old-files': 'k',
  'no-same-owner': 'o',
  'no-same-permissions': 'no-same-permissions',
  'same-permissions': 'p',
  'preserve-permissions': 'p',
  dereference: 'h',
  overwrite: 'overwrite',
  'strip-components': 'strip-components=',
};

/** What has come of standard input. */
interface State {
  archive: string;
}

export const tar: Program = {
  name: 'tar',
  run(context) {
    // `tar cf - x`: the first word needs no dash
    const [first = '', ...rest] = context.args;
    const args = first === '' || first.startsWith('-') ? context.args : oldStyle(first, rest);
    const options = parseOptions(withArgs(context, args), 'cxtf:C:vzmPOkpoh', LONG);
    if (typeof options === 'number') return options;
    if (options.has('c')) return create(context, options);
    if (options.has('x') || options.has('t')) return unpack(context, options);
    context.err(
      isBusybox(context)
        ? 'tar: must specify exactly one of -cxt\n'
        : "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n",
    );
    return isBusybox(context) ? 1 : 2;
  },
};

const isBusybox = (context: ProgramContext): boolean => context.flavour === 'ash';
const failed = (context: ProgramContext): number => (isBusybox(context) ? 1 : 2);

/** Letters of the old style take their values from the words behind them, in order. */
function oldStyle(letters: string, rest: readonly string[]): readonly string[] {
  const words = [...rest];
  const args: string[] = [];
  for (const letter of letters) {
    args.push(`-${letter}`);
    if (letter === 'f' || letter === 'C') args.push(words.shift() ?? '');
  }
  return [...args, ...words];
}

/** Relative to -C. */
function directoryOf(context: ProgramContext, options: Options): string | undefined {
  const name = options.value('C');
  if (name === undefined) return context.cwd;
  const path = context.path(name);
  const found = context.files.stat(path);
  if (found?.type === 'directory') return path;
  const why = found === undefined ? 'No such file or directory' : 'Not a directory';
  context.err(
    isBusybox(context)
      ? `tar: can't change directory to '${name}': ${why}\n`
      : `tar: ${name}: Cannot open: ${why}\ntar: Error is not recoverable: exiting now\n`,
  );
  return undefined;
}

const within = (directory: string, name: string): string => (name.startsWith('/') ? name : `${directory === '/' ? '' : directory}/${name}`);

function create(context: ProgramContext, options: Options): number {
  const directory = directoryOf(context, options);
  if (directory === undefined) return failed(context);
  if (options.operands.length === 0) {
    context.err(
      isBusybox(context)
        ? 'tar: empty archive\n'
        : "tar: Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.\n",
    );
    return failed(context);
  }
  const entries: TarEntry[] = [];
  let status = 0;
  let hasSaid = false;
  const say = (text: string): void => context.err(`tar: ${text}\n`);
  const add = (shown: string, path: string): void => {
    const found = context.files.stat(path, options.has('h'));
    if (found === undefined) throw new FileError('ENOENT', path);
    let name = shown;
    if (!options.has('P')) {
      const prefix = /^(?:.*\/)?\.\.(?=\/|$)\/?|^\/+/.exec(name)?.[0] ?? '';
      if (prefix !== '') {
        if (!hasSaid) say(isBusybox(context) ? `removing leading '${prefix}' from member names` : `Removing leading \`${prefix}' from member names`);
        hasSaid = true;
        name = name.slice(prefix.length);
      }
    }
    const isDirectory = found.type === 'directory';
    const shownName = isDirectory ? `${name.replace(/\/+$/, '')}/` : name;
    entries.push(entryOf(context.files, path, found, shownName === '/' ? './' : shownName));
    if (options.has('v')) {
      // The names go where the archive does not.
      if (options.value('f') === '-' || options.value('f') === undefined) context.err(`${shownName}\n`);
      else context.out(`${shownName}\n`);
    }
    if (isDirectory) for (const child of context.files.list(path)) add(`${shown.replace(/\/+$/, '')}/${child}`, `${path === '/' ? '' : path}/${child}`);
  };
  for (const operand of options.operands) {
    try {
      add(operand, context.path(within(directory, operand)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      say(isBusybox(context) ? `${operand}: ${errorText(error)}` : `${operand}: Cannot ${error.code === 'EACCES' ? 'open' : 'stat'}: ${errorText(error)}`);
      status = failed(context);
    }
  }
  const archive = writeTar(entries);
  const text = textOf(options.has('z') ? gzipSync(archive) : archive);
  const file = options.value('f');
  if (file === undefined || file === '-') context.out(text);
  else {
    try {
      context.files.write(context.path(file), text, { at: context.now });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      say(
        isBusybox(context)
          ? `can't open '${file}': ${errorText(error)}`
          : `${file}: Cannot open: ${errorText(error)}\ntar: Error is not recoverable: exiting now`,
      );
      return failed(context);
    }
  }
  if (status !== 0) say(isBusybox(context) ? 'error exit delayed from previous errors' : 'Exiting with failure status due to previous errors');
  return status;
}

/** As `tar -tv` lists it. */
function longLine(context: ProgramContext, entry: TarEntry): string {
  const { mode, uid, gid, mtime, data, type, target, name } = entry;
  const kind = type === 'link' ? 'file' : type === 'other' ? 'device' : type;
  const owner = `${userOf(context, uid)}/${groupOf(context, gid)}`;
  const stamp = new Date(mtime * 1000).toISOString().replace('T', ' ');
  const link = target === '' ? '' : type === 'link' ? ` link to ${target}` : ` -> ${target}`;
  if (isBusybox(context)) return `${modeText({ type: kind, mode })} ${owner} ${String(data.length).padStart(9)} ${stamp.slice(0, 19)} ${name}${link}\n`;
  return `${modeText({ type: kind, mode })} ${owner} ${String(data.length).padStart(18 - owner.length)} ${stamp.slice(0, 16)} ${name}${link}\n`;
}

function entryOf(files: Files, path: string, found: FileStat, name: string): TarEntry {
  const type = found.type === 'device' || found.type === 'fifo' ? 'other' : found.type;
  return {
    name,
    type,
    mode: found.mode & 0o7777,
    uid: found.uid,
    gid: found.gid,
    mtime: Math.floor(found.mtime / 1000),
    data: type === 'file' ? bytesOf(files.read(path)) : new Uint8Array(),
    target: found.target ?? '',
  };
}

function unpack(context: ProgramContext, options: Options): number | Wait {
  const file = options.value('f');
  let text: string;
  if (file === undefined || file === '-') {
    const state = (context.state ?? { archive: '' }) as State;
    context.state = state;
    const piece = context.read();
    if (piece !== undefined) {
      state.archive += piece;
      return { wait: 'stdin' };
    }
    text = state.archive;
  } else {
    try {
      text = context.files.read(context.path(file));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      context.err(
        isBusybox(context)
          ? `tar: can't open '${file}': ${errorText(error)}\n`
          : `tar: ${file}: Cannot open: ${errorText(error)}\ntar: Error is not recoverable: exiting now\n`,
      );
      return failed(context);
    }
  }
  let entries: readonly TarEntry[];
  try {
    const bytes = bytesOf(text);
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    entries = readTar(isZipped ? gunzipSync(bytes, { maxOutputLength: 32 * 1024 * 1024 }) : bytes);
  } catch (error) {
    if (!(error instanceof TarError) && !(error as { code?: string }).code?.match(/^(Z_|ERR_BUFFER_TOO_LARGE)/)) throw error;
    context.err(
      isBusybox(context) ? 'tar: invalid tar magic\n' : 'tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n',
    );
    return failed(context);
  }
  const directory = directoryOf(context, options);
  return directory === undefined ? failed(context) : extract(context, options, entries, directory);
}

function extract(context: ProgramContext, options: Options, entries: readonly TarEntry[], directory: string): number {
  let status = 0;
  const wanted = options.operands.map((operand) => operand.replace(/\/+$/, ''));
  const strip = Number(options.value('strip-components') ?? 0);
  for (const entry of entries) {
    const bare = entry.name.replace(/\/+$/, '');
    if (wanted.length > 0 && !wanted.some((name) => bare === name || bare.startsWith(`${name}/`))) continue;
    if (options.has('t')) {
      context.out(options.has('v') ? longLine(context, entry) : `${entry.name}\n`);
      continue;
    }
    if (options.has('v')) {
      if (options.has('O')) context.err(`${entry.name}\n`);
      else context.out(`${entry.name}\n`);
    }
    if (options.has('O')) {
      if (entry.type === 'file') context.out(textOf(entry.data));
      continue;
    }
    const name = bare.split('/').slice(strip).join('/').replace(/^\/+/, '');
    if (name === '' || name === '.') continue;
    if (name.split('/').includes('..') && !options.has('P')) {
      context.err(isBusybox(context) ? `tar: name with '..' skipped: '${name}'\n` : `tar: ${entry.name}: Member name contains '..'\n`);
      status = failed(context);
      continue;
    }
    try {
      place(context, options, entry, within(directory, name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      context.err(isBusybox(context) ? `tar: can't open '${name}': ${errorText(error)}\n` : `tar: ${name}: Cannot open: ${errorText(error)}\n`);
      if (isBusybox(context)) return 1;
      status = 2;
    }
  }
  if (status !== 0 && !isBusybox(context)) context.err('tar: Exiting with failure status due to previous errors\n');
  return status;
}

function place(context: ProgramContext, options: Options, entry: TarEntry, path: string): void {
  const { files } = context;
  const parts = path.split('/').slice(1);
  for (let i = 1; i < parts.length; i += 1) {
    const above = `/${parts.slice(0, i).join('/')}`;
    if (files.stat(above) === undefined) files.makeDirectory(above, 0o755);
  }
  const old = files.stat(path, false);
  if (entry.type === 'directory') {
    if (old === undefined) files.makeDirectory(path, entry.mode);
  } else if (entry.type === 'symlink') {
    if (old !== undefined) files.remove(path);
    files.link(entry.target, path);
    return;
  } else if (entry.type === 'file') {
    if (old !== undefined && (old.type === 'symlink' || options.has('k'))) files.remove(path);
    files.write(path, textOf(entry.data), { mode: entry.mode, at: options.has('m') ? context.now : ((entry.mtime * 1000) as Time) });
    files.setMode(path, entry.mode);
  } else return;
  if (context.uid === 0 && !options.has('o')) files.setOwner(path, entry.uid, entry.gid);
}
