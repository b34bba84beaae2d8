/** A small world for shells in tests: files in memory, no network, output collected. */
import { time } from '../../../src/api/time.js';
import { createFiles } from '../../../src/runtime/files.js';
import type { Files, ProcessHost } from '../../../src/runtime/process.js';
import { createShell } from '../../../src/runtime/shell/behaviour.js';
import { programs } from '../../../src/runtime/shell/programs/index.js';
import type { Flavour } from '../../../src/runtime/shell/state.js';
import type { FileNode, FileTree } from '../../../src/runtime/state.js';

/** The runtime's own file system, over an image of a few directories. */
function memoryFiles(now: () => number): Files {
  const layer: FileTree = {};
  let version = 0;
  const base = (path: string): FileNode | undefined => {
    if (/^\/(tmp|root|bin|dev|usr|usr\/bin)?$/.test(path)) return { type: 'd', mode: path === '/tmp' ? 0o1777 : 0o755 };
    if (path === '/bin/sh') return { data: '', mode: 0o755 };
    return /^\/dev\/(null|zero)$/.test(path) ? { type: 'c', mode: 0o666 } : undefined;
  };
  return createFiles({
    base,
    basePaths: () => ['/tmp', '/root', '/bin', '/bin/sh', '/dev', '/dev/null', '/dev/zero', '/usr', '/usr/bin'],
    mounts: [],
    layer: () => layer,
    volume: () => ({}),
    changed: () => {
      version += 1;
    },
    version: () => version,
    readOnlyRoot: false,
    uid: 0,
    gid: 0,
    get now() {
      return time(now());
    },
  });
}

/** Runs a script to its end, jumping over the time it waits; its output (both streams in order) and exit code. */
export function runScript(
  flavour: Flavour,
  argv: readonly string[],
  options: { readonly suspend?: boolean; readonly until?: number; readonly now?: number; readonly turns?: number } = {},
): { readonly output: string; readonly code: number | undefined; readonly now: number } {
  const shell = createShell();
  let output = '';
  let now = options.now ?? 0;
  let draws = 0;
  const files = memoryFiles(() => now);
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
      udp: () => ({ failure: 'refused', takes: 0 }),
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
    isInit: false,
    declaredPorts: [],
    pid: 100,
  };
  let state = shell.start(
    {
      argv,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/usr' },
      cwd: '/tmp',
      uid: 0,
      gid: 0,
      tty: false,
      stdin: false,
    },
    host,
  );
  if (state === undefined) return { output: 'not started\n', code: undefined, now };
  for (let turns = 0; turns < (options.turns ?? 10_000); turns += 1) {
    const result = shell.run(state, host);
    if (result.exit !== undefined) return { output, code: result.exit.code, now };
    if (result.next === undefined || (options.until !== undefined && result.next > options.until)) return { output, code: undefined, now };
    now = Math.max(now, result.next);
    state = options.suspend === true ? (JSON.parse(JSON.stringify(result.state)) as typeof state) : result.state;
  }
  return { output, code: undefined, now };
}
