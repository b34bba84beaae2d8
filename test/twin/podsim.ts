/** podsim run in this process, as built (`npm run build`): what it prints and its exit code. */
import type { ChildProcessByStdio } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Outcome, TIMEOUT } from './kubectl.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const bin = join(root, 'bin/podsim.js');
const { main } = createRequire(import.meta.url)(join(root, 'dist/start.cjs')) as { main(host: unknown): Promise<number> };

export async function runPodsim(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly stdin: string },
): Promise<Outcome> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const into = (to: Buffer[]) => ({ write: (data: string | Uint8Array) => to.push(Buffer.from(data as string)) });
  const ended = main({
    argv: ['node', 'podsim', ...args],
    env: options.env,
    stdin: Readable.from([options.stdin]),
    stdout: into(out),
    stderr: into(err),
    cwd: () => options.cwd,
  });
  // It cannot be killed here, but it need not be waited for.
  const code = await Promise.race([ended, new Promise<'late'>((resolve) => setTimeout(resolve, TIMEOUT, 'late').unref())]);
  if (code === 'late') return { out: Buffer.concat(out).toString('utf8'), err: '(not ended in time)', code: -1, hung: true };
  return { out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8'), code };
}

/** Resolves with what `podsim serve` has said when it says that it serves; rejects when it ends instead. */
export function untilServing(server: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const listen = (data: Buffer) => {
      said += data.toString('utf8');
      if (said.includes('KUBECONFIG=')) resolve(said);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.on('close', (code) => reject(new Error(`podsim serve ended with ${code}: ${said}`)));
  });
}
