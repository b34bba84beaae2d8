// `npm run bench`: what podsim costs, as medians and as ratios within this one run. Not a test: nothing here fails.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bin = join(root, 'bin/podsim.js');
const start = createRequire(import.meta.url)(join(root, 'dist/start.cjs'));
const home = mkdtempSync(join(tmpdir(), 'podsim-bench-'));
const state = (name) => join(home, `${name}.json`);
const now = () => Number(process.hrtime.bigint()) / 1e6;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rows = [];
const row = (what, figure, target) => {
  rows.push([what, figure, target]);
  process.stderr.write(`${what}: ${figure}\n`);
};

/** One command in this process, on its own state file. */
async function podsim(file, ...argv) {
  let out = '';
  const sink = {
    write: (text) => {
      out += text;
      return true;
    },
    isTTY: false,
  };
  const host = {
    argv: ['node', 'podsim', ...argv],
    env: { PODSIM_STATE: file, PODSIM_HOME: home, HOME: home },
    stdin: Readable.from([]),
    stdout: sink,
    stderr: sink,
    cwd: () => home,
  };
  const code = await start.main(host);
  if (code !== 0) throw new Error(`podsim ${argv.join(' ')}: exit ${code}\n${out}`);
  return out;
}
const spawned = (argv, env = {}) => {
  const begin = now();
  const result = spawnSync(process.execPath, argv, { env: { ...process.env, PODSIM_HOME: home, ...env } });
  if (result.status !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr}`);
  return now() - begin;
};
const timed = async (work) => {
  const begin = now();
  await work();
  return now() - begin;
};
const ms = (n) => (n < 1000 ? `${n.toFixed(n < 10 ? 1 : 0)} ms` : `${(n / 1000).toFixed(2)} s`);

// 1. Start-up: interleaved, so that both meet the same machine.
const hundred = state('hundred');
await podsim(hundred, 'cluster', 'create', '--nodes', '2', '--force');
await podsim(hundred, 'create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=100');
spawned(['-e', 'setTimeout(() => {}, 20000)']);
await podsim(hundred, 'get', 'pods');
const bare = [];
const get = [];
for (let i = 0; i < 21; i += 1) {
  bare.push(spawned(['-e', '0']));
  get.push(spawned([bin, 'get', 'pods'], { PODSIM_STATE: hundred }));
}
row('`node -e 0`', ms(median(bare)), '');
row('`podsim get pods`, 100 pods', `${ms(median(get))} = ${(median(get) / median(bare)).toFixed(2)} × node`, '≤ 1.35 ×');
row('state file of that cluster', `${(statSync(hundred).size / 1024).toFixed(0)} KiB`, '');

// 2. From nothing to all Running, one process.
async function rollout(replicas, nodes) {
  const file = state(`r${replicas}`);
  await podsim(file, 'cluster', 'create', '--nodes', String(nodes), '--cpu', '64', '--memory', '256Gi', '--max-pods', '250', '--clock', 'paused', '--force');
  const took = await timed(async () => {
    await podsim(file, 'create', 'deployment', 'web', '--image=nginx:1.27', `--replicas=${replicas}`);
    await podsim(file, 'clock', 'advance', '5m', '-q');
  });
  const running = (await podsim(file, 'get', 'deployment', 'web', '-o', 'jsonpath={.status.readyReplicas}')).trim();
  if (running !== String(replicas)) throw new Error(`${running} of ${replicas} ready`);
  return took;
}
const thousand = await rollout(1000, 100);
const tenThousand = await rollout(10_000, 100);
row('1,000 replicas on 100 nodes to all Running', ms(thousand), '');
row('10,000 replicas on 100 nodes to all Running', ms(tenThousand), '≤ 5 s');
row('cost per pod, 10,000 against 1,000', `${(tenThousand / 10 / thousand).toFixed(2)} ×`, '≤ 1');

// 3. An hour over steady pods with probes.
const steady = state('steady');
await podsim(steady, 'cluster', 'create', '--nodes', '10', '--cpu', '64', '--memory', '256Gi', '--max-pods', '250', '--clock', 'paused', '--force');
await podsim(steady, 'create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=1000', '--port=80');
const probe = '{"httpGet":{"path":"/","port":80},"periodSeconds":5}';
await podsim(
  steady,
  'patch',
  'deployment',
  'web',
  '-p',
  `{"spec":{"template":{"spec":{"containers":[{"name":"nginx","livenessProbe":${probe},"readinessProbe":${probe}}]}}}}`,
);
await podsim(steady, 'clock', 'advance', '10m', '-q');
const hour = await timed(() => podsim(steady, 'clock', 'advance', '1h', '-q'));
const still = await timed(() => podsim(steady, 'clock', 'advance', '1s', '-q'));
row('`clock advance 1h`, 1,000 steady pods with two probes each', `${ms(hour)} (of which load and save ${ms(still)})`, '≤ 0.2 s');

// 4. Containers that do something: a loop that writes a file every five seconds.
const loop = 'while true; do date >> /tmp/x; sleep 5; done';
const one = state('loop');
await podsim(one, 'cluster', 'create', '--clock', 'paused', '--force');
await podsim(one, 'run', 'loop', '--image=busybox:1.36', '--', 'sh', '-c', loop);
await podsim(one, 'clock', 'advance', '10s', '-q');
const idle = await timed(() => podsim(one, 'clock', 'advance', '1s', '-q'));
await podsim(one, 'clock', 'advance', '1h', '-q');
const look = await timed(() => podsim(one, 'exec', 'loop', '--', 'tail', '-1', '/tmp/x'));
row('an hour of that loop, looked at', `${ms(Math.max(0, look - idle))}`, '≤ 60 ms');
const many = state('loops');
await podsim(many, 'cluster', 'create', '--nodes', '10', '--cpu', '64', '--memory', '256Gi', '--max-pods', '250', '--clock', 'paused', '--force');
await podsim(many, 'create', 'deployment', 'loop', '--image=busybox:1.36', '--replicas=1000', '--', 'sh', '-c', loop);
await podsim(many, 'clock', 'advance', '2m', '-q');
const minute = await timed(() => podsim(many, 'clock', 'advance', '1m', '-q'));
row('a minute of 1,000 such pods', ms(minute), '≤ 2 s');

// 5. `podsim serve`: until it answers /readyz, on a cluster that is there; and 10,000 requests by 50 connections with watches open.
const served = { PODSIM_STATE: state('served') };
await podsim(served.PODSIM_STATE, 'cluster', 'create', '--force');
const isReady = (port) =>
  new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
    });
    sent.on('error', () => resolve(false));
    sent.end();
  });
async function startServing(port) {
  const begin = now();
  const child = spawn(process.execPath, [bin, 'serve', '--port', String(port)], { env: { ...process.env, PODSIM_HOME: home, ...served }, stdio: 'ignore' });
  while (!(await isReady(port))) await new Promise((resolve) => setTimeout(resolve, 2));
  const took = now() - begin;
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  await ended;
  return took;
}
await startServing(26443);
const node = [];
const ready = [];
for (let i = 1; i <= 15; i += 1) {
  node.push(spawned(['-e', '0']));
  ready.push(await startServing(26443 + i));
}
row('`podsim serve` until it answers /readyz', `${ms(median(ready))} = ${(median(ready) / median(node)).toFixed(2)} × node`, '≤ 3 ×');
const report = join(home, 'load.json');
const load = spawnSync('npx', ['vitest', 'run', 'test/clients/load.test.ts'], { cwd: root, env: { ...process.env, LOAD: 'full', LOAD_REPORT: report } });
if (load.status === 0) {
  const { requests, perSecond, p50, p99, cpu, memory } = JSON.parse(readFileSync(report, 'utf8'));
  row(
    `${requests} requests to \`podsim serve\`, 50 connections, 20 watches`,
    `none failed; ${perSecond} a second, p50 ${ms(p50)}, p99 ${ms(p99)}, ${cpu} ms of the processor each, ${memory.peak} MiB`,
    'none fails',
  );
} else row('10,000 requests to `podsim serve`', `failed: ${load.stdout}`, 'none fails');

rmSync(home, { recursive: true, force: true });
process.stdout.write(`| what | measured | aim |\n| --- | --- | --- |\n${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
