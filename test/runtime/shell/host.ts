/** A small world for shells in tests: files in memory, no network, output collected. */
import { time } from '../../../src/api/time.js';
import { FileError, type FileStat, type Files, type ProcessHost } from '../../../src/runtime/process.js';
import { createShell } from '../../../src/runtime/shell/behaviour.js';
import { programs } from '../../../src/runtime/shell/programs/index.js';
import type { Flavour } from '../../../src/runtime/shell/state.js';

export function memoryFiles(): Files & { readonly entries: Map<string, { data?: string; mode: number; target?: string }> } {
  const entries = new Map<string, { data?: string; mode: number; target?: string }>([
    ['/', { mode: 0o755 }],
    ['/tmp', { mode: 0o777 }],
    ['/root', { mode: 0o700 }],
  ]);
  let version = 0;
  const parent = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));
  const stat = (path: string): FileStat | undefined => {
    const entry = entries.get(path === '' ? '/' : path.replace(/(.)\/$/, '$1'));
    if (entry === undefined) return undefined;
    return { type: entry.data === undefined ? 'directory' : 'file', size: entry.data?.length ?? 0, mode: entry.mode, uid: 0, gid: 0, mtime: time(0) };
  };
  return {
    entries,
    stat,
    get version() {
      return version;
    },
    read(path) {
      const entry = entries.get(path);
      if (entry === undefined) throw new FileError('ENOENT', path);
      if (entry.data === undefined) throw new FileError('EISDIR', path);
      return entry.data;
    },
    write(path, data, options) {
      const above = stat(parent(path));
      if (above === undefined) throw new FileError('ENOENT', path);
      if (above.type !== 'directory') throw new FileError('ENOTDIR', path);
      const old = entries.get(path);
      if (old !== undefined && old.data === undefined) throw new FileError('EISDIR', path);
      entries.set(path, { mode: options?.mode ?? old?.mode ?? 0o644, data: options?.append === true ? (old?.data ?? '') + data : data });
      version += 1;
    },
    list(path) {
      if (stat(path)?.type !== 'directory') throw new FileError('ENOENT', path);
      const prefix = path === '/' ? '/' : `${path}/`;
      return [...entries.keys()]
        .filter((key) => key !== '/' && key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
        .map((key) => key.slice(prefix.length))
        .sort();
    },
    makeDirectory(path, mode) {
      if (entries.has(path)) throw new FileError('EEXIST', path);
      if (!entries.has(parent(path))) throw new FileError('ENOENT', path);
      entries.set(path, { mode: mode ?? 0o755 });
    },
    link(target, path) {
      entries.set(path, { mode: 0o777, target, data: '' });
    },
    remove(path) {
      if (!entries.delete(path)) throw new FileError('ENOENT', path);
    },
    rename(from, to) {
      const entry = entries.get(from);
      if (entry === undefined) throw new FileError('ENOENT', from);
      entries.delete(from);
      entries.set(to, entry);
    },
    setMode(path, mode) {
      const entry = entries.get(path);
      if (entry === undefined) throw new FileError('ENOENT', path);
      entry.mode = mode;
    },
    setOwner() {},
    setTime() {},
  };
}

/** Runs a script to its end, jumping over the time it waits; its output (both streams in order) and exit code. */
export function runScript(
  flavour: Flavour,
  argv: readonly string[],
  options: { readonly suspend?: boolean; readonly until?: number } = {},
): { readonly output: string; readonly code: number | undefined; readonly now: number } {
  const shell = createShell();
  const files = memoryFiles();
  let output = '';
  let now = 0;
  let draws = 0;
  const host: ProcessHost = {
    get now() {
      return time(now);
    },
    hostname: 'web',
    ip: '10.244.0.5',
    files,
    network: {
      resolve: () => ({ error: 'NXDOMAIN' }),
      http: () => ({ failure: 'refused', takes: 0 }),
      tcp: () => ({ failure: 'refused', takes: 0 }),
      listen: () => true,
      unlisten: () => {},
    },
    write: (_, text) => {
      output += text;
    },
    random: () => {
      draws += 1;
      return (draws * 0.618) % 1;
    },
    memoryLimit: undefined,
    hasProgram: (name) => programs.has(name) || /^(sh|bash|dash|ash)$/.test(name),
    image: 'test',
    os: flavour === 'ash' ? 'busybox' : 'debian',
    tag: 'latest',
    isInit: true,
    declaredPorts: [],
    pid: 1,
  };
  let state = shell.start(
    {
      argv,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
      cwd: '/tmp',
      uid: 0,
      gid: 0,
      tty: false,
      stdin: false,
    },
    host,
  );
  if (state === undefined) return { output: 'not started\n', code: undefined, now };
  for (let turns = 0; turns < 10_000; turns += 1) {
    const result = shell.run(state, host);
    if (result.exit !== undefined) return { output, code: result.exit.code, now };
    if (result.next === undefined || (options.until !== undefined && result.next > options.until)) return { output, code: undefined, now };
    now = Math.max(now, result.next);
    state = options.suspend === true ? (JSON.parse(JSON.stringify(result.state)) as typeof state) : result.state;
  }
  return { output, code: undefined, now };
}
