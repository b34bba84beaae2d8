// `npm run bench`: what podsim costs, as medians and as ratios within this one run. Not a test: nothing here fails.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:https';
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
const repeat = async (rounds, work) => {
  const results = [];
  for (let i = 0; i < rounds; i += 1) results.push(await work());
  return results;
};
const medianOf = async (rounds, work) => median(await repeat(rounds, work));
const ms = (n) => (n < 1000 ? `${n.toFixed(n < 10 ? 1 : 0)} ms` : `${(n / 1000).toFixed(2)} s`);

// 1. Start-up: interleaved with node itself, so that both meet the same machine.
function besides(commands, rounds, env) {
  const times = new Map(commands.map(([name]) => [name, []]));
  const bare = [];
  for (let i = 0; i < rounds; i += 1) {
    bare.push(spawned(['-e', '0']));
    for (const [name, ...argv] of commands) times.get(name).push(spawned([bin, ...argv], env));
  }
  const ratio = (name) => `${ms(median(times.get(name)))} = ${(median(times.get(name)) / median(bare)).toFixed(2)} × node`;
  return { bare: median(bare), ratio };
}
const hundred = state('hundred');
const env = { PODSIM_STATE: hundred };
await podsim(hundred, 'cluster', 'create', '--nodes', '2', '--force');
await podsim(hundred, 'create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=100');
const early = besides([['get', 'get', 'pods']], 11, env);
await podsim(hundred, 'clock', 'advance', '10m', '-q');
await podsim(hundred, 'apply', '-f', join(root, 'fixtures/manifests/simple-pod.yaml'));
await podsim(hundred, 'clock', 'advance', '10m', '-q');
const commands = [
  ['get', 'get', 'pods'],
  ['version', 'version', '--client'],
  ['one', 'get', 'pod', 'simple-pod'],
  ['describe', 'describe', 'pod', 'simple-pod'],
  ['apply', 'apply', '-f', join(root, 'fixtures/manifests/simple-pod.yaml')],
  ['delete', 'delete', 'pod', 'none', '--ignore-not-found', '--wait=false'],
  ['yaml', 'get', 'pods', '-o', 'yaml'],
];
const steady100 = besides(commands, 21, env);
row('`node -e 0`', ms(steady100.bare), '');
row('`podsim get pods`, 100 pods', steady100.ratio('get'), '≤ 1.35 ×');
row('the same while their images are pulled', early.ratio('get'), '');
row('`podsim get pod NAME`', steady100.ratio('one'), '');
row('`podsim get pods -o yaml`, 100 pods', steady100.ratio('yaml'), '');
row('`podsim describe pod`', steady100.ratio('describe'), '');
row('`podsim apply -f`, unchanged', steady100.ratio('apply'), '');
row('`podsim delete` of what is not there', steady100.ratio('delete'), '');
row('`podsim version --client`', steady100.ratio('version'), '');
row('state file of that cluster', `${(statSync(hundred).size / 1024).toFixed(0)} KiB`, '');

/** From the start of the process until /readyz says ok. */
async function untilReady() {
  const begin = now();
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0'], {
    env: { ...process.env, PODSIM_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const address = await new Promise((resolve, reject) => {
      let text = '';
      child.on('exit', () => reject(new Error(`podsim serve ended: ${text}`)));
      child.stdout.on('data', (data) => {
        text += data;
        const found = /https:\/\/[\w.:]+/.exec(text);
        if (found) resolve(found[0]);
      });
    });
    await new Promise((resolve, reject) => {
      get(`${address}/readyz`, { rejectUnauthorized: false }, (response) => resolve(response.resume())).on('error', reject);
    });
    return now() - begin;
  } finally {
    child.removeAllListeners('exit');
    child.kill();
    await new Promise((resolve) => child.on('exit', resolve));
  }
}
const bare = [];
const ready = [];
for (let i = 0; i < 7; i += 1) {
  bare.push(spawned(['-e', '0']));
  ready.push(await untilReady());
}
row('`podsim serve` until /readyz answers', `${ms(median(ready))} = ${(median(ready) / median(bare)).toFixed(2)} × node`, '≤ 3 ×');

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
/** The first of ten thousand tells the memory; the others, what the machine's mood makes of the time. */
const thousand = await medianOf(3, () => rollout(1000, 100));
const first = await rollout(10_000, 100);
const peak = process.resourceUsage().maxRSS;
const tenThousand = median([first, ...(await repeat(4, () => rollout(10_000, 100)))]);
row('1,000 replicas on 100 nodes to all Running', ms(thousand), '');
row('10,000 replicas on 100 nodes to all Running', ms(tenThousand), '≤ 5 s');
const large = { PODSIM_STATE: state('r10000') };
const at10000 = besides(
  [
    ['get', 'get', 'pods'],
    ['one', 'get', 'deployment', 'web'],
    ['label', 'label', 'deployment', 'web', 'a=b', '--overwrite'],
  ],
  5,
  large,
);
row('memory of the process after that', `${(peak / 1024).toFixed(0)} MB`, '');
row('state file with 10,000 pods', `${(statSync(state('r10000')).size / 1e6).toFixed(0)} MB`, '');
row('`podsim get pods`, 10,000 pods', at10000.ratio('get'), '');
row('`podsim get deployment` beside them', at10000.ratio('one'), '');
row('`podsim label deployment` beside them', at10000.ratio('label'), '');
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
const loop = 'while true; do date >> /var/log/x; sleep 5; done';
const one = state('loop');
await podsim(one, 'cluster', 'create', '--clock', 'paused', '--force');
await podsim(one, 'run', 'loop', '--image=alpine:3.20', '--', 'sh', '-c', loop);
await podsim(one, 'clock', 'advance', '10s', '-q');
await podsim(one, 'exec', 'loop', '--', 'tail', '-1', '/var/log/x');
const idle = await timed(() => podsim(one, 'exec', 'loop', '--', 'tail', '-1', '/var/log/x'));
await podsim(one, 'clock', 'advance', '1h', '-q');
const look = await timed(() => podsim(one, 'exec', 'loop', '--', 'tail', '-1', '/var/log/x'));
row('an hour of that loop, looked at', `${ms(Math.max(0, look - idle))}`, '≤ 60 ms');
const many = state('loops');
await podsim(many, 'cluster', 'create', '--nodes', '10', '--cpu', '64', '--memory', '256Gi', '--max-pods', '250', '--clock', 'paused', '--force');
await podsim(many, 'create', 'deployment', 'loop', '--image=alpine:3.20', '--replicas=1000', '--', 'sh', '-c', loop);
await podsim(many, 'clock', 'advance', '2m', '-q');
const minute = await timed(() => podsim(many, 'clock', 'advance', '1m', '-q'));
row('a minute of 1,000 such pods', ms(minute), '≤ 2 s');

// `podsim serve` under load: the test that shows that nothing fails, at its full size.
const report = join(home, 'load.json');
const load = spawnSync('npx', ['vitest', 'run', 'test/clients/load.test.ts'], { cwd: root, env: { ...process.env, LOAD: 'full', LOAD_REPORT: report } });
if (load.status !== 0) throw new Error(String(load.stdout));
const { requests, perSecond, p50, p99, cpu, memory } = JSON.parse(readFileSync(report, 'utf8'));
row(
  `${requests} requests to \`podsim serve\`, 50 connections, 20 watches`,
  `none failed; ${perSecond} a second, p50 ${ms(p50)}, p99 ${ms(p99)}, ${cpu} ms of the processor each, ${memory.peak} MiB`,
  'none fails',
);

rmSync(home, { recursive: true, force: true });
process.stdout.write(`| what | measured | aim |\n| --- | --- | --- |\n${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
