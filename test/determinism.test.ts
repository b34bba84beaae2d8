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
import { turns } from './harness/cluster.js';

const directory = mkdtempSync(join(tmpdir(), 'podsim-determinism-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Story {
  readonly name: string;
  /** What the state must hold in the end, if everything happened. */
  readonly signs: readonly RegExp[];
  /** A new turn on the state file stands for a new process. */
  readonly open: (file: string, seed: number) => Turn;
  /** What is done, and how long (in ms) it is left alone afterwards. */
  readonly steps: readonly (readonly [(turn: Turn) => Promise<unknown>, number])[];
}

const thin: Story = {
  name: 'replica sets on two nodes',
  signs: [/"\/registry\/pods\/web-.*"phase":"Running"/, /"\/registry\/pods\/db-.*"phase":"Running"/],
  open: (file, seed) => thinTurn(new FileBackend(file), { seed }),
  steps: [
    [(turn) => put(turn, thing('ReplicaSet', 'web', { spec: { replicas: 3 } })), 2000],
    [(turn) => put(turn, thing('ReplicaSet', 'db', { spec: { replicas: 2 } })), 3000],
    [(turn) => put(turn, thing('ReplicaSet', 'web', { spec: { replicas: 1 } })), 10_000],
  ],
};

const request = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => async (turn: Turn) => {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await turn.transport({ method, path, headers: { 'content-type': type }, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
};
const container = (name: string, more: object = {}) => ({ name, image: 'nginx', ...more });
const template = (more: object) => ({ metadata: { labels: { app: 'web' } }, spec: { containers: [container('web', more)] } });
const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template({ readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 3 } }) },
});
const crashing = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'crash' },
  spec: { containers: [container('c', { image: 'busybox', command: ['sh', '-c', 'echo hello; sleep 2; exit 3'] })] },
};
const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/web';

const real: Story = {
  name: 'a whole cluster',
  signs: [
    /"\/registry\/pods\/default\/crash".*CrashLoopBackOff.*"restartCount":[34]/,
    /"reason":"ScalingReplicaSet".*Scaled down/,
    /"reason":"Killing"/,
    /"\/alarms\/kubelet/,
  ],
  open: (file, seed) => turns({ nodes: 2, seed }, new FileBackend(file)),
  steps: [
    [request('POST', '/apis/apps/v1/namespaces/default/deployments', deployment(3)), 5000],
    [request('POST', '/api/v1/namespaces/default/pods', crashing), 20_000],
    [request('PATCH', DEPLOYMENT, { spec: { template: template({ image: 'nginx:1.27' }) } }), 30_000],
    [request('DELETE', DEPLOYMENT), 40_000],
  ],
};

/** Tells the story in so many turns of time (one: in a single process, otherwise each in its own); how it ended, to the byte. */
async function tell({ name, open, steps }: Story, seed: number, turns: number): Promise<string> {
  const file = join(directory, name.replaceAll(/\W/g, '-'), `${seed}-${turns}.json`);
  const only = open(file, seed);
  const next = () => (turns === 1 ? only : open(file, seed));
  const cuts = Math.ceil(turns / steps.length);
  for (const [act, span] of steps) {
    await act(next());
    const begin = await next().read((cluster) => cluster.now);
    for (let i = 1; i <= cuts; i++) await next().write((cluster) => cluster.advanceTo(Math.round(begin + (span * i) / cuts) as Time));
  }
  return readFileSync(file, 'utf8');
}

for (const story of [thin, real]) {
  const ends: string[] = [];
  for (const seed of [1, 2, 3]) {
    test(`${story.name}: seed ${seed} in 1, 4 and 100 turns`, { timeout: 60_000 }, async () => {
      const whole = await tell(story, seed, 1);
      for (const sign of story.signs) expect(sign.test(whole), String(sign)).toBe(true);
      for (const turns of [4, 100]) expect(await tell(story, seed, turns)).toBe(whole);
      ends.push(whole);
    });
  }
  test(`${story.name}: each seed is a story of its own`, () => expect(new Set(ends).size).toBe(3));
}
