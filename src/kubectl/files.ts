/** What kubectl does with the host's files and programs: manifests, kubeconfig, an editor. The only door to node:fs in this room. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Signal } from './command.js';

/** Paths are relative to the working directory of the command. */
export interface Files {
  path(path: string): string;
  read(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  /** Replaces the file whole; makes its directory. */
  write(path: string, data: string | Uint8Array, mode?: number): Promise<void>;
  /** Writes into the file as it stands, be it a link or a device, or makes it: os.Create. */
  overwrite(path: string, data: Uint8Array): Promise<void>;
  /** Where a symbolic link points; undefined: it is none. */
  linkTarget(path: string): Promise<string | undefined>;
  /** undefined: there is nothing of that name. */
  kind(path: string): Promise<{ readonly kind: 'file' | 'directory'; readonly mode: number; readonly size: number; readonly modified: number } | undefined>;
  /** Names in a directory, sorted by bytes. */
  list(path: string): Promise<readonly string[]>;
  makeDirectory(path: string): Promise<void>;
  makeTemporaryDirectory(prefix: string): Promise<string>;
  remove(path: string): Promise<void>;
  /** Runs a program on the terminal; its exit status as a shell has it: 128+N after signal N. */
  run(argv: readonly string[], options?: RunOptions): Promise<number>;
  /** Runs a program and collects what it prints. */
  capture(argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with what sends the program a signal. */
  readonly onStart?: (send: (signal: Signal) => void) => void;
}

/** Go's *PathError: `open nope.txt: no such file or directory`. */
export function pathErrorText(error: unknown): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EISDIR: 'is a directory',
    ENOTDIR: 'not a directory',
    EEXIST: 'file exists',
  };
  const code = (error as { code?: string }).code ?? '';
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}

/** What os.ReadFile says: a directory opens, and cannot be read. */
export const readErrorText = (path: string, error: unknown): string =>
  `${(error as { code?: string }).code === 'EISDIR' ? 'read' : 'open'} ${path}: ${pathErrorText(error)}`;

/** By Node's synchronous calls: a command has nothing else to do meanwhile, and `node:fs/promises` costs every start a millisecond. */
export function hostFiles(cwd: string): Files {
  const at = (path: string) => resolve(cwd, path);
  return {
    path: at,
    read: async (path) => readFileSync(at(path), 'utf8'),
    readBytes: async (path) => readFileSync(at(path)),
    async write(path, data, mode = 0o600) {
      mkdirSync(dirname(at(path)), { recursive: true });
      const next = `${at(path)}.next`;
      writeFileSync(next, data, { mode });
      renameSync(next, at(path));
    },
    overwrite: async (path, data) => writeFileSync(at(path), data, { mode: 0o666 }),
    async linkTarget(path) {
      try {
        return readlinkSync(at(path));
      } catch (error) {
        if (['EINVAL', 'ENOENT', 'ENOTDIR'].includes(String((error as { code?: unknown }).code))) return undefined;
        throw error;
      }
    },
    async kind(path) {
      try {
        const found = statSync(at(path));
        return { kind: found.isDirectory() ? 'directory' : 'file', mode: found.mode & 0o777, size: found.size, modified: found.mtimeMs };
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(String((error as { code?: unknown }).code))) return undefined;
        throw error;
      }
    },
    list: async (path) => readdirSync(at(path)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    makeDirectory: async (path) => void mkdirSync(at(path), { recursive: true }),
    makeTemporaryDirectory: async (prefix) => mkdtempSync(join(tmpdir(), prefix)),
    remove: async (path) => rmSync(at(path), { recursive: true, force: true, maxRetries: 3, retryDelay: 50 }),
    run: (argv, options) =>
      new Promise((done, fail) => {
        const child = spawn(argv[0] as string, argv.slice(1), {
          cwd,
          stdio: 'inherit',
          ...(options?.env === undefined ? {} : { env: options.env as NodeJS.ProcessEnv }),
        });
        child.on('error', fail);
        options?.onStart?.((signal) => void child.kill(signal));
        child.on('close', (code, signal) => done(code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)));
      }),
    capture: (argv) =>
      new Promise((done, fail) => {
        const child = spawn(argv[0] as string, argv.slice(1), { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
        let out = '';
        let err = '';
        child.stdout.on('data', (data: Buffer) => {
          out += data.toString('utf8');
        });
        child.stderr.on('data', (data: Buffer) => {
          err += data.toString('utf8');
        });
        child.on('error', fail);
        child.on('close', (code) => done({ code: code ?? 1, out, err }));
      }),
  };
}
