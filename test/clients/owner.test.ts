/** One owner: while `podsim serve` runs, other processes go through it; killed, they go on with the file, and nothing acknowledged is lost. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin } from '../twin/podsim.js';
import { credentialsOf, HttpClient } from './clients.js';
import { type Finished, ServedCluster } from './served.js';

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = await new ServedCluster('--clock', '20x').start();
});
afterAll(() => cluster?.close());

function podsim(...args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, [bin, ...args], { env: cluster.env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString('utf8');
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString('utf8');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ out, err, code: code ?? -1 })));
}

const names = async (): Promise<readonly string[]> => (await podsim('get', 'configmaps', '-o', 'name')).out.trim().split('\n');

test('others go through it, and a second one is refused', async () => {
  expect(await podsim('create', 'configmap', 'through')).toEqual({ out: 'configmap/through created\n', err: '', code: 0 });
  const client = new HttpClient(cluster.url, credentialsOf(cluster), 1);
  expect((await client.ask('/api/v1/namespaces/default/configmaps/through')).status).toBe(200);
  client.agent.destroy();
  expect((await podsim('clock', 'advance', '1s', '-q')).code).toBe(0);
  expect((await podsim('serve', '--port', '0')).err).toBe(`error: cluster "podsim" is already served at ${cluster.url}\n`);
});

test('killed while many write: what was acknowledged is there, and podsim goes on', async () => {
  const client = new HttpClient(cluster.url, credentialsOf(cluster), 10);
  const acknowledged: string[] = [];
  const write = async (worker: number) => {
    for (let i = 0; ; i++) {
      const name = `w${worker}-${i}`;
      const body = JSON.stringify({ metadata: { name } });
      const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      const answer = await client.ask('/api/v1/namespaces/default/configmaps', sent).catch(() => undefined);
      if (answer === undefined) return;
      expect(answer.status).toBe(201);
      acknowledged.push(`configmap/${name}`);
    }
  };
  const local = Promise.all([0, 1, 2].map((i) => podsim('create', 'configmap', `local-${i}`)));
  const writers = Promise.all(Array.from({ length: 10 }, (_, i) => write(i)));
  while (acknowledged.length < 60) await new Promise((resolve) => setTimeout(resolve, 5));
  await cluster.stop('SIGKILL');
  await writers;
  client.agent.destroy();
  // Whose connection broke off was told nothing.
  for (const { out, code } of await local) if (code === 0) acknowledged.push(out.replace(' created\n', ''));
  const there = new Set(await names());
  expect(acknowledged.filter((name) => !there.has(name))).toEqual([]);
});

test('SIGTERM ends watches cleanly, and what is forwarded at once', async () => {
  await cluster.start();
  await podsim('run', 'web', '--image=nginx:1.27');
  expect((await podsim('wait', '--for=condition=Ready', 'pod/web', '--timeout=60s')).code).toBe(0);
  const forward = spawn(process.execPath, [bin, 'port-forward', 'pod/web', ':80'], { env: cluster.env });
  const gone = new Promise((resolve) => forward.on('close', resolve));
  const port = await new Promise<string>((resolve) =>
    forward.stdout.on('data', (data: Buffer) => {
      const found = /127\.0\.0\.1:(\d+)/.exec(data.toString('utf8'))?.[1];
      if (found !== undefined) resolve(found);
    }),
  );
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  const client = new HttpClient(cluster.url, credentialsOf(cluster), 2);
  const watching = client.ask('/api/v1/namespaces/default/pods?watch=true');
  await client.ask('/readyz');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begin = performance.now();
  expect(await cluster.stop('SIGTERM')).toBe(0);
  expect(performance.now() - begin).toBeLessThan(5000);
  // An end as of any answer: the last line is whole.
  const { status, body } = await watching;
  expect([status, body.endsWith('}\n')]).toEqual([200, true]);
  client.agent.destroy();
  forward.kill();
  await gone;
});
