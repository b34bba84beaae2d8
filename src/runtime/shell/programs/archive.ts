/** tar and gzip: what `kubectl cp` runs in a container, and what people unpack. Archives are ustar; no path may leave the target. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { FileError } from '../../process.js';
import { errorText, normalize } from '../kernel.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { type InputState, newInput, readInputs } from './input.js';
import { parseOptions, withArgs } from './options.js';

const octal = (value: number, width: number): string =>
  `${Math.max(0, Math.floor(value))
    .toString(8)
    .padStart(width - 1, '0')}\0`;

function header(name: string, entry: { mode: number; uid: number; gid: number; size: number; mtime: number; type: string; link: string }): string {
  let prefix = '';
  let short = name;
  if (name.length > 100) {
    const cut = name.slice(0, 156).lastIndexOf('/');
    if (cut > 0) {
      prefix = name.slice(0, cut);
      short = name.slice(cut + 1);
    }
  }
  const field = (text: string, width: number): string => text.slice(0, width).padEnd(width, '\0');
  const before =
    field(short, 100) + octal(entry.mode & 0o7777, 8) + octal(entry.uid, 8) + octal(entry.gid, 8) + octal(entry.size, 12) + octal(entry.mtime / 1000, 12);
  const after = `${entry.type + field(entry.link, 100)}ustar\u000000${field('root', 32)}${field('root', 32)}${octal(0, 8)}${octal(0, 8)}${field(prefix, 155)}`;
  const text = `${before}        ${after}`.padEnd(512, '\0');
  let sum = 0;
  for (let i = 0; i < 512; i += 1) sum += text.charCodeAt(i);
  return `${text.slice(0, 148)}${sum.toString(8).padStart(6, '0')}\0 ${text.slice(156)}`;
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly mtime: number;
  readonly link: string;
  readonly data: string;
}

/** Entries of an archive; pax and GNU long names are understood. */
export function entriesOf(text: string): readonly Entry[] {
  const out: Entry[] = [];
  let longName: string | undefined;
  for (let at = 0; at + 512 <= text.length; ) {
    const field = (from: number, width: number): string => text.slice(at + from, at + from + width).replace(/\0.*$/s, '');
    const number = (from: number, width: number): number => Number.parseInt(field(from, width).trim() || '0', 8) || 0;
    if (field(0, 100) === '') break;
    const size = number(124, 12);
    const data = text.slice(at + 512, at + 512 + size);
    const type = text[at + 156] ?? '0';
    const prefix = field(345, 155);
    const name = longName ?? (prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`);
    at += 512 + Math.ceil(size / 512) * 512;
    if (type === 'L') {
      longName = data.replace(/\0.*$/s, '');
      continue;
    }
    if (type === 'x' || type === 'g') {
      longName = /\d+ path=([^\n]*)\n/.exec(data)?.[1] ?? longName;
      continue;
    }
    longName = undefined;
    out.push({ name, type, mode: number(100, 8), mtime: number(136, 12) * 1000, link: field(157, 100), data });
  }
  return out;
}

function pack(context: ProgramContext, base: string, names: readonly string[], verbose: boolean): { text: string; failed: boolean } {
  let text = '';
  let failed = false;
  const { files } = context;
  const add = (shown: string, path: string): void => {
    const stat = files.stat(path, false);
    if (stat === undefined) {
      context.err(context.flavour === 'ash' ? `tar: ${shown}: No such file or directory\n` : `tar: ${shown}: Cannot stat: No such file or directory\n`);
      failed = true;
      return;
    }
    if (verbose) context.err(`${shown}${stat.type === 'directory' ? '/' : ''}\n`);
    const common = { mode: stat.mode, uid: stat.uid, gid: stat.gid, mtime: stat.mtime, link: '' };
    const inside = shown.replace(/^\/+/, '');
    if (stat.type === 'directory') {
      text += header(`${inside.replace(/\/$/, '')}/`, { ...common, size: 0, type: '5' });
      for (const name of files.list(path)) add(`${shown.replace(/\/$/, '')}/${name}`, path === '/' ? `/${name}` : `${path}/${name}`);
    } else if (stat.type === 'symlink') text += header(inside, { ...common, size: 0, type: '2', link: stat.target ?? '' });
    else {
      const data = files.read(path);
      text += header(inside, { ...common, size: data.length, type: '0' }) + data + '\0'.repeat((512 - (data.length % 512)) % 512);
    }
  };
  for (const name of names) {
    if (name.startsWith('/'))
      context.err(context.flavour === 'ash' ? "tar: removing leading '/' from member names\n" : "tar: Removing leading `/' from member names\n");
    try {
      add(name, normalize(base, name));
    } catch (error) {
      context.err(`tar: ${name}: ${errorText(error)}\n`);
      failed = true;
    }
  }
  return { text: `${text}${'\0'.repeat(1024)}`, failed };
}

function unpack(context: ProgramContext, base: string, text: string, options: { has(name: string): boolean; value(name: string): string | undefined }): number {
  const { files } = context;
  const strip = Number(options.value('strip') ?? 0);
  let status = 0;
  const makeParents = (path: string): void => {
    const parts = path.split('/').slice(1, -1);
    for (let i = 1; i <= parts.length; i += 1) {
      const at = `/${parts.slice(0, i).join('/')}`;
      if (files.stat(at) === undefined) files.makeDirectory(at);
    }
  };
  for (const entry of entriesOf(text)) {
    const parts = entry.name.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) {
      context.err(`tar: ${entry.name}: Member name contains '..'\n`);
      status = 2;
      continue;
    }
    const name = parts.slice(strip).join('/');
    if (options.has('v')) context.err(`${entry.name}\n`);
    if (name === '') continue;
    const path = normalize(base, name);
    try {
      makeParents(path);
      if (entry.type === '5') {
        if (files.stat(path) === undefined) files.makeDirectory(path, entry.mode & 0o7777);
      } else if (entry.type === '2') {
        if (files.stat(path, false) !== undefined) files.remove(path);
        files.link(entry.link, path);
      } else if (options.has('O')) context.out(entry.data);
      else {
        files.write(path, entry.data, { at: context.now });
        files.setMode(path, entry.mode & 0o7777);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      context.err(context.flavour === 'ash' ? `tar: can't open '${name}': ${errorText(error)}\n` : `tar: ${name}: Cannot open: ${errorText(error)}\n`);
      status = 2;
    }
  }
  return context.flavour === 'ash' && status > 0 ? 1 : status;
}

interface TarState extends InputState {
  data: string;
}

const tar: Program = {
  name: 'tar',
  run(context): number | Wait {
    // `tar cf x y`: the first word may lack its hyphen.
    const args = /^[a-zA-Z]+$/.test(context.args[0] ?? '') && !(context.args[0] as string).startsWith('-') ? bundled(context.args) : context.args;
    const options = parseOptions(withArgs(context, args), 'cxtf:C:zvjJOpmhoX:T:P', {
      create: 'c',
      extract: 'x',
      list: 't',
      file: 'f=',
      directory: 'C=',
      gzip: 'z',
      verbose: 'v',
      'to-stdout': 'O',
      'strip-components': 'strip=',
      exclude: 'X=',
      'no-same-owner': 'o',
      'no-same-permissions': 'o',
      warning: 'w=',
      'no-overwrite-dir': 'o',
      numeric: 'o',
    });
    if (typeof options === 'number') return 2;
    const file = options.value('f') ?? '-';
    const base = options.has('C') ? context.path(options.value('C') as string) : context.cwd;
    if (options.has('C') && context.files.stat(base)?.type !== 'directory') {
      context.err(
        context.flavour === 'ash'
          ? `tar: can't change directory to '${options.value('C')}': No such file or directory\n`
          : `tar: ${options.value('C')}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n`,
      );
      return context.flavour === 'ash' ? 1 : 2;
    }
    if (options.has('c')) {
      if (options.operands.length === 0) {
        context.err(
          context.flavour === 'ash'
            ? 'tar: empty archive\n'
            : "tar: Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.\n",
        );
        return context.flavour === 'ash' ? 1 : 2;
      }
      const { text, failed } = pack(context, base, options.operands, options.has('v'));
      const bytes = options.has('z') ? gzipSync(Buffer.from(text, 'latin1')).toString('latin1') : text;
      if (file === '-') context.out(bytes);
      else context.files.write(context.path(file), bytes, { at: context.now });
      if (failed && context.flavour !== 'ash') context.err('tar: Exiting with failure status due to previous errors\n');
      return failed ? (context.flavour === 'ash' ? 1 : 2) : 0;
    }
    if (!options.has('x') && !options.has('t')) {
      context.err(
        context.flavour === 'ash'
          ? 'BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.\n\nUsage: tar c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...\n'
          : "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n",
      );
      return context.flavour === 'ash' ? 1 : 2;
    }
    const state = (context.state ?? { ...newInput(), data: '' }) as TarState;
    context.state = state;
    const wait = readInputs(context, [file], state, (text) => {
      state.data += text;
      return true;
    });
    if (wait !== undefined) return wait;
    if (state.failed) return context.flavour === 'ash' ? 1 : 2;
    const text = inflate(state.data);
    if (text === undefined) {
      context.err(context.flavour === 'ash' ? 'tar: invalid tar magic\n' : 'tar: This does not look like a tar archive\n');
      return context.flavour === 'ash' ? 1 : 2;
    }
    state.data = '';
    if (options.has('t')) {
      for (const entry of entriesOf(text)) context.out(`${entry.name}\n`);
      return 0;
    }
    return unpack(context, base, text, options);
  },
};

/** `xzf a.tar b` → `-x -z -f a.tar b`: values follow in the letters' order. */
function bundled(args: readonly string[]): readonly string[] {
  const rest = args.slice(1);
  const out: string[] = [];
  for (const letter of args[0] as string) {
    out.push(`-${letter}`);
    if ('fCXT'.includes(letter)) out.push(rest.shift() ?? '');
  }
  return [...out, ...rest];
}

const MAX_INFLATED = 32 * 1024 * 1024;

/** Plain or gzipped; undefined: neither. */
function inflate(text: string): string | undefined {
  if (!text.startsWith('\x1f\x8b')) return text;
  try {
    return gunzipSync(Buffer.from(text, 'latin1'), { maxOutputLength: MAX_INFLATED }).toString('latin1');
  } catch {
    return undefined;
  }
}

const gzip: Program = {
  name: 'gzip',
  aliases: ['gunzip', 'zcat'],
  run(context): number | Wait {
    const options = parseOptions(context, 'cdfk123456789nqv', { decompress: 'd', stdout: 'c', keep: 'k', force: 'f' });
    if (typeof options === 'number') return options;
    const unzips = options.has('d') || context.name !== 'gzip';
    const shows = options.has('c') || context.name === 'zcat';
    const convert = (data: string): string | undefined =>
      unzips ? (data.startsWith('\x1f\x8b') ? inflate(data) : undefined) : gzipSync(Buffer.from(data, 'latin1')).toString('latin1');
    if (options.operands.length === 0) {
      const state = (context.state ?? { ...newInput(), data: '' }) as TarState;
      context.state = state;
      const wait = readInputs(context, [], state, (text) => {
        state.data += text;
        return true;
      });
      if (wait !== undefined) return wait;
      const result = convert(state.data);
      if (result === undefined) {
        context.err(context.flavour === 'ash' ? `${context.name}: invalid magic\n` : '\ngzip: stdin: not in gzip format\n');
        return 1;
      }
      context.out(result);
      return 0;
    }
    let status = 0;
    for (const name of options.operands) {
      try {
        const path = context.path(name);
        const result = convert(context.files.read(path));
        if (result === undefined) {
          context.err(context.flavour === 'ash' ? `${context.name}: invalid magic\n` : `\ngzip: ${name}: not in gzip format\n`);
          status = 1;
        } else if (shows) context.out(result);
        else {
          context.files.write(unzips ? path.replace(/\.gz$/, '').replace(/\.tgz$/, '.tar') : `${path}.gz`, result, { at: context.now });
          if (!options.has('k')) context.files.remove(path);
        }
      } catch (error) {
        context.err(`${context.name}: ${name}: ${errorText(error)}\n`);
        status = 1;
      }
    }
    return status;
  },
};

export const archivePrograms: readonly Program[] = [tar, gzip];
