/**
 * State, seed and clock decide everything: the same story told in one turn of time or in a hundred, in one process or many,
 * leaves the same bytes.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Time } from '../src/api/time.js';
import type { Turn } from '../src/cluster/turn.js';
import { FileBackend } from '../src/store/backend/file.js';
import { put, thing, thinTurn } from './cluster/thin.js';

const directory = mkdtempSync(join(tmpdir(), 'podsim-determinism-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Story {
  readonly name: string;
  /** A new turn object on the state file stands for a new process. */
  readonly open: (file: string, seed: number) => Turn;
  /** What is done, and how long (in ms) it is left alone afterwards. */
  readonly steps: readonly (readonly [(turn: Turn) => Promise<unknown>, number])[];
}

const thin: Story = {
  name: 'replica sets on two nodes',
  open: (file, seed) => thinTurn(new FileBackend(file), { seed }),
  steps: [
    [(turn) => put(turn, thing('ReplicaSet', 'web', { spec: { replicas: 3 } })), 2000],
    [(turn) => put(turn, thing('ReplicaSet', 'db', { spec: { replicas: 2 } })), 3000],
    [(turn) => put(turn, thing('ReplicaSet', 'web', { spec: { replicas: 1 } })), 10_000],
  ],
};

/** Tells the story with each stretch of time cut into `cuts` turns; how it ended, to the byte. */
async function tell({ name, open, steps }: Story, seed: number, cuts: number): Promise<string> {
  const file = join(directory, name.replaceAll(/\W/g, '-'), `${seed}-${cuts}.json`);
  for (const [act, span] of steps) {
    await act(open(file, seed));
    const begin = await open(file, seed).read((cluster) => cluster.now);
    for (let i = 1; i <= cuts; i++) await open(file, seed).write((cluster) => cluster.advanceTo(Math.round(begin + (span * i) / cuts) as Time));
  }
  return readFileSync(file, 'utf8');
}

for (const story of [thin]) {
  const ends: string[] = [];
  for (const seed of [1, 2, 3]) {
    test(`${story.name}: seed ${seed} in 1, 4 and 100 turns`, { timeout: 60_000 }, async () => {
      const whole = await tell(story, seed, 1);
      expect(whole.length).toBeGreaterThan(2000);
      for (const cuts of [4, 100]) expect(await tell(story, seed, cuts)).toBe(whole);
      ends.push(whole);
    });
  }
  test(`${story.name}: each seed is a story of its own`, () => expect(new Set(ends).size).toBe(3));
}
