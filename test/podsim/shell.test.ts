/** What transcripts cannot show of `podsim shell`: signals, and what is left when a session has ended. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '../../bin/podsim.js');
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "podsim shell's test-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Starts a session whose temporary directories lie in `home`; sends the signal to podsim alone when the command says `ready`. */
function session(script: string, signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly out: string }> {
  const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: home, PODSIM_HOME: join(home, 'podsim') };
  const child = spawn(process.execPath, [BIN, 'shell', '--fresh', '--seed', '1', '--', 'bash', '-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  const collect = (data: Buffer): void => {
    const isFirst = !out.includes('ready');
    out += data.toString('utf8');
    if (isFirst && out.includes('ready') && signal !== undefined) child.kill(signal);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((done) => child.on('close', (code) => done({ code, out })));
}

test.each([
  { name: 'the command ends by the signal', script: 'echo ready; exec sleep 20', signal: 'SIGTERM', code: 143, out: 'ready\n' },
  { name: 'as when its terminal goes', script: 'echo ready; exec sleep 20', signal: 'SIGHUP', code: 129, out: 'ready\n' },
  { name: 'without a terminal, Ctrl-C as well', script: 'echo ready; exec sleep 20', signal: 'SIGINT', code: 130, out: 'ready\n' },
  {
    name: 'the command has the last word',
    script: 'trap "k get ns default -o name; exit 9" TERM; echo ready; while :; do sleep 0.1; done',
    signal: 'SIGTERM',
    code: 9,
    out: 'ready\nnamespace/default\n',
  },
] as const)('$name', async ({ script, signal, code, out }) => {
  expect(await session(script, signal)).toEqual({ code, out });
  expect(readdirSync(home)).toEqual([]);
});

test('who goes on watching a cluster that is gone does not make it anew', async () => {
  const log = join(home, 'watch.log');
  const script = `kubectl get namespaces -w -o name > "${log}" 2>&1 & until grep -q default "${log}"; do sleep 0.1; done; echo $!`;
  const { code, out } = await session(script);
  expect(code).toBe(0);
  const isAlive = (): boolean => {
    try {
      return process.kill(Number(out), 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
  expect(readdirSync(home)).toEqual(['watch.log']);
});
