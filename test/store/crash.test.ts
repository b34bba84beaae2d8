/** Real processes, killed at any moment and all at once. The full numbers with PODSIM_CRASH=full, fewer otherwise. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileBackend } from '../../src/store/backend/file.js';
import { pods, thinTurn } from '../cluster/thin.js';

const isFull = process.env['PODSIM_CRASH'] === 'full';
const here = dirname(fileURLToPath(import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'podsim-crash-'));
const worker = join(directory, 'worker.mjs');
beforeAll(async () => {
  await build({ entryPoints: [join(here, 'worker.ts')], outfile: worker, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent' });
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Running {
  readonly process: ChildProcess;
  readonly acknowledged: string[];
  readonly ended: Promise<number | null>;
  readonly first: Promise<void>;
}
function start(file: string, name: string, count: number): Running {
  const child = spawn(process.execPath, [worker, file, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: string[] = [];
  let text = '';
  const first = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
      const lines = text.split('\n');
      text = lines.pop() as string;
      acknowledged.push(...lines);
      resolve();
    });
    child.on('close', () => resolve());
  });
  return { process: child, acknowledged, first, ended: new Promise((resolve) => child.on('close', (code) => resolve(code))) };
}
const stored = async (file: string) => new Set((await pods(thinTurn(new FileBackend(file)))).map((line) => line.split(' ')[0]));

const [processes, changes] = isFull ? [50, 20] : [8, 5];
test(`${processes} processes at once making ${processes * changes} changes lose none`, { timeout: 300_000 }, async () => {
  const file = join(directory, 'many', 'cluster.json');
  const workers = Array.from({ length: processes }, (_, i) => start(file, `w${i}`, changes));
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual(workers.map(() => 0));
  const found = await stored(file);
  expect(found.size).toBe(processes * changes);
  for (const { acknowledged } of workers) {
    expect(acknowledged).toHaveLength(changes);
    for (const name of acknowledged) expect(found.has(name), name).toBe(true);
  }
  JSON.parse(readFileSync(file, 'utf8'));
  expect(readdirSync(dirname(file))).toEqual(['cluster.json']);
});

const kills = isFull ? 200 : 12;
test(`kill -9 at ${kills} random moments leaves a file that holds everything acknowledged`, { timeout: 600_000 }, async () => {
  const file = join(directory, 'killed', 'cluster.json');
  const acknowledged: string[] = [];
  for (let i = 0; i < kills; ) {
    // Three at a time: one of them is often waiting for the lock of one that is killed.
    const workers = [0, 1, 2].map((j) => start(file, `k${i + j}`, 100_000));
    await Promise.race(workers.map(({ first }) => first));
    for (const { process } of workers) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
      process.kill('SIGKILL');
      i++;
    }
    await Promise.all(workers.map(({ ended }) => ended));
    acknowledged.push(...workers.flatMap((each) => each.acknowledged));
    const found = await stored(file);
    expect(acknowledged.filter((name) => !found.has(name))).toEqual([]);
  }
  expect(acknowledged.length).toBeGreaterThan(0);
  // Whoever comes next takes the lock over and clears up.
  const last = start(file, 'last', 1);
  expect(await last.ended).toBe(0);
  expect(readdirSync(dirname(file))).toEqual(['cluster.json']);
});
