/** The real kubectl, if this machine has one: KUBECTL, the one beside gcloud, or the one on PATH. It must be of 1.33. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const VERSION = '1.33';
/** In ms: nothing in the table takes as long. */
export const TIMEOUT = 15_000;
const BESIDE_GCLOUD = '/usr/lib/google-cloud-sdk/bin';

export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: number;
  /** It did not end by itself. */
  readonly hung?: true;
}

/** Its path, or why there is none. */
export function findKubectl(): { readonly path: string } | { readonly why: string } {
  const named = process.env['KUBECTL'];
  if (named !== undefined && named !== '') return versionOf(named) === undefined ? { why: `KUBECTL=${named} cannot be run` } : { path: named };
  const path = olderKubectls(VERSION)[0] ?? onPath();
  return path === undefined ? { why: `no kubectl ${VERSION} here: not beside gcloud, not on PATH, and KUBECTL does not say where` } : { path };
}

/** The kubectls beside gcloud of this version, or (without one) all, oldest first. */
export function olderKubectls(version?: string): readonly string[] {
  if (!existsSync(BESIDE_GCLOUD)) return [];
  return readdirSync(BESIDE_GCLOUD)
    .filter((name) => (version === undefined ? /^kubectl\.1\.\d+$/.test(name) : name === `kubectl.${version}`))
    .sort()
    .map((name) => join(BESIDE_GCLOUD, name));
}

function onPath(): string | undefined {
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .map((directory) => join(directory, 'kubectl'))
    .find((file) => existsSync(file));
  return path !== undefined && versionOf(path)?.startsWith(`v${VERSION}.`) === true ? path : undefined;
}

function versionOf(path: string): string | undefined {
  const { status, stdout } = spawnSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  return (JSON.parse(stdout) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion;
}

/** Runs a program to its end; after {@link TIMEOUT} it is killed, and that is its outcome. */
export function runProgram(
  path: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly stdin: string },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd: options.cwd, env: options.env, timeout: TIMEOUT, killSignal: 'SIGKILL' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin);
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        out: Buffer.concat(out).toString('utf8'),
        err: Buffer.concat(err).toString('utf8') + (signal === null ? '' : `(killed by ${signal})`),
        code: code ?? -1,
        ...(signal === null ? {} : { hung: true }),
      }),
    );
  });
}
