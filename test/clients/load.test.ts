/**
 * `podsim serve` with many clients at once, watches open: nothing fails. `npm test` asks a little; LOAD=full 10,000 times, and
 * LOAD_REPORT=FILE has the figures written there (`npm run bench`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { credentialsOf, HttpClient } from './clients.js';
import { ServedCluster } from './served.js';

const REQUESTS = process.env['LOAD'] === 'full' ? 10_000 : 1000;
const CONNECTIONS = 50;
const WATCHES = 20;
const JSON_BODY = { 'content-type': 'application/json' };
const CMS = '/api/v1/namespaces/default/configmaps';

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = new ServedCluster('--nodes', '2');
  cluster.podsim('create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=50');
  await cluster.start();
});
afterAll(() => cluster?.close());

/** Resident memory of the server in MiB, now and at its peak. */
function memory(): { readonly now: number; readonly peak: number } {
  const text = readFileSync(`/proc/${cluster.pid}/status`, 'utf8');
  const mib = (field: string) => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1]) / 1024);
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}

/** What the server has computed, in ms of the processor: on a busy machine that tells more than the clock. */
function computed(): number {
  const fields = readFileSync(`/proc/${cluster.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

test(`${REQUESTS} requests by ${CONNECTIONS} connections with ${WATCHES} watches open`, async () => {
  const client = new HttpClient(cluster.url, credentialsOf(cluster), CONNECTIONS);
  const watches = Array.from({ length: WATCHES }, (_, i) => client.watch(`${i % 2 === 0 ? CMS : '/api/v1/pods'}?watch=true`));
  await client.ask('/readyz');
  const times: number[] = [];
  const wrong: string[] = [];
  let next = 0;
  const ask = async (i: number, path: string, status: number, sent: Parameters<HttpClient['ask']>[1] = {}) => {
    const answer = await client.ask(path, sent);
    times.push(answer.took);
    if (answer.status !== status) wrong.push(`${i} ${sent.method ?? 'GET'} ${path}: ${answer.status} ${answer.body.slice(0, 200)}`);
  };
  const work = async () => {
    for (let i = next++; i < REQUESTS; i = next++) {
      const [name, turn] = [`c-${Math.floor(i / 8)}`, i % 8];
      // One in four writes; each object is made, changed and deleted by the same worker.
      if (turn === 0) {
        await ask(i, CMS, 201, { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ metadata: { name }, data: { a: 'b' } }) });
        await ask(i, `${CMS}/${name}`, 200, { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' }, body: '{"data":{"a":"c"}}' });
        await ask(i, `${CMS}/${name}`, 200, { method: 'DELETE' });
      } else if (turn === 1) await ask(i, '/api/v1/namespaces/default/pods', 200, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
      else if (turn === 2) await ask(i, '/api/v1/namespaces/default/pods?limit=10', 200);
      else if (turn === 3) await ask(i, '/apis/apps/v1/namespaces/default/deployments/web', 200);
      else if (turn === 4) await ask(i, '/api/v1/namespaces/default/configmaps/none', 404);
      else if (turn === 5) await ask(i, '/apis', 200);
      else if (turn === 6) await ask(i, '/api/v1/nodes', 200);
      else await ask(i, '/version', 200);
    }
  };
  const before = computed();
  const begin = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  const seconds = (performance.now() - begin) / 1000;
  expect(wrong).toEqual([]);
  const made = Math.ceil(REQUESTS / 8);
  // Each watch of configmaps has heard of all that was made, changed and deleted, besides what was there.
  const heard = () => watches.filter((_, i) => i % 2 === 0).map(({ lines }) => lines());
  for (let i = 0; i < 100 && heard().some((lines) => lines < 3 * made + 1); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(Math.min(...heard())).toBeGreaterThanOrEqual(3 * made + 1);
  for (const { close } of watches) close();
  client.agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] as number);
  const report = {
    requests: times.length,
    perSecond: Math.round(times.length / seconds),
    p50: at(0.5),
    p99: at(0.99),
    cpu: Number(((computed() - before) / times.length).toFixed(2)),
    memory: memory(),
  };
  const file = process.env['LOAD_REPORT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(report));
  expect(report.memory.peak).toBeLessThan(600);
}, 1_200_000);
