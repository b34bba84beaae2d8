/**
 * `kubectl kustomize` of many directories by the real kubectl and by podsim: those of kustomizations.json, and random ones that put
 * fields of these together, in layers. `TWIN=all` compares all and many more random ones; SEED and COUNT choose others.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findKubectl, type Outcome, runProgram } from './kubectl.js';
import { root, runPodsim } from './podsim.js';

type Content = string | { readonly base64: string };
const cases = JSON.parse(readFileSync(join(root, 'test/twin/kustomizations.json'), 'utf8')) as Readonly<Record<string, Readonly<Record<string, Content>>>>;
const found = findKubectl();
const all = process.env['TWIN'] === 'all';
const EVERY = all ? 1 : 12;
const COUNT = Number(process.env['COUNT'] ?? (all ? 300 : 8));
const SEED = Number(process.env['SEED'] ?? 1);

describe.skipIf('why' in found)(`kustomize${'why' in found ? ` (skipped: ${found.why})` : ''}`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'podsim-kustomize-'));
  const kubectl = join(directory, 'kubectl');
  const work = join(directory, 'work');
  beforeAll(() => {
    symlinkSync('path' in found ? found.path : '', kubectl);
    for (const [name, files] of Object.entries(cases)) lay(name, files);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function lay(name: string, files: Readonly<Record<string, Content>>): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(work, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'));
    }
  }

  async function compare(name: string): Promise<void> {
    const env = { HOME: directory, PATH: '/usr/bin:/bin' };
    const options = { cwd: work, env, stdin: '' };
    const [real, ours] = await Promise.all([runProgram(kubectl, ['kustomize', name], options), runPodsim(['kustomize', name], options)]);
    // An address in kubectl's memory
    const masked = (outcome: Outcome) => ({ name, ...outcome, err: outcome.err.replace(/0xc[0-9a-f]{9}/g, '0x') });
    expect(masked(ours)).toEqual(masked(real));
  }

  test('each of the table', { timeout: 600_000 }, async () => {
    for (const name of Object.keys(cases).filter((_, i) => i % EVERY === 0)) await compare(name);
  });

  test(`${COUNT} random ones (seed ${SEED})`, { timeout: 600_000 }, async () => {
    const random = generator(SEED);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    // One field at a time on top of `base`: what they say of it can stand together
    const fields = Object.values(cases).flatMap((files) => {
      const text = files['kustomization.yaml'];
      const match = typeof text === 'string' && Object.keys(files).length === 1 ? /^([a-zA-Z]+):[\s\S]*?(?=resources: \[\.\.\/base\]\n$)/.exec(text) : null;
      return match === null || (match[0].match(/^[a-zA-Z]+:/gm) ?? []).length !== 1 ? [] : [[match[1] as string, match[0]] as const];
    });
    for (let i = 0; i < COUNT; i++) {
      const layers = 1 + Math.floor(random() * 3);
      for (let layer = 0; layer < layers; layer++) {
        const chosen = new Map(Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(fields)));
        const below = layer === 0 ? 'base' : `random-${i}-${layer - 1}`;
        lay(`random-${i}-${layer}`, { 'kustomization.yaml': `${[...chosen.values()].join('')}resources: [../${below}]\n` });
      }
      await compare(`random-${i}-${layers - 1}`);
    }
  });
});

/** mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
