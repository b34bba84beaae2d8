/**
 * The day of a user with the real kubectl against `podsim serve`: one story per version. `npm test` tells it with the oldest and the
 * newest kubectl of this machine, `KUBECTL_VERSIONS=all` with each of them, `KUBECTL_VERSIONS=1.29,1.31` with these.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { olderKubectls } from '../twin/kubectl.js';
import { ServedCluster } from './served.js';

const VERSIONS = ['1.27', '1.28', '1.29', '1.30', '1.31', '1.32', '1.33'];
const wanted = process.env['KUBECTL_VERSIONS'] ?? '';
const chosen = wanted === 'all' ? VERSIONS : wanted === '' ? [VERSIONS[0] as string, VERSIONS.at(-1) as string] : wanted.split(',');

const MANIFEST = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: nginx
        image: nginx:1.27
        ports: [{containerPort: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: talker, labels: {app: talker}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: c
    image: busybox:1.36
    stdin: true
    command: [sh, -c, 'echo hello from $HOSTNAME; read line; echo got $line; sleep 3600']
`;

let cluster: ServedCluster;
beforeAll(async () => {
  // Twenty seconds of the cluster pass in one of ours: images come quickly, and nobody waits for a grace period.
  cluster = await new ServedCluster('--nodes', '3', '--clock', '20x').start();
});
afterAll(() => cluster?.close());

for (const version of chosen) {
  const path = olderKubectls(version)[0];
  describe.skipIf(path === undefined)(`kubectl ${version}${path === undefined ? ' (skipped: it is not on this machine)' : ''}`, () => {
    test('a day of work', () => story(new Kubectl(path as string, cluster, `v${version.replace('.', '-')}`)));
  });
}

class Kubectl {
  readonly directory: string;
  constructor(
    private readonly path: string,
    private readonly served: ServedCluster,
    readonly namespace: string,
  ) {
    this.directory = mkdtempSync(join(served.directory, 'files-'));
    writeFileSync(join(this.directory, 'all.yaml'), MANIFEST);
  }

  start(...args: readonly string[]): ChildProcessWithoutNullStreams {
    // A cache of its own: other versions write other files there.
    const options = { cwd: this.directory, env: { ...this.served.env, KUBECACHEDIR: join(this.directory, 'cache') } };
    return spawn(this.path, ['-n', this.namespace, ...args], { ...options, timeout: 60_000, killSignal: 'SIGKILL' });
  }

  /** What it printed, both streams in turn; it must succeed. */
  async run(...args: readonly string[]): Promise<string> {
    const { text, code } = await this.end(this.start(...args));
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: exit ${code ?? 'by a signal'}\n${text}`);
    return text;
  }

  async end(child: ChildProcessWithoutNullStreams, stdin = ''): Promise<{ readonly text: string; readonly code: number }> {
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString('utf8');
    });
    child.stderr.on('data', (data: Buffer) => {
      text += data.toString('utf8');
    });
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)));
    return { text, code };
  }
}

/** Resolves with all that `child` has printed when that matches. */
function printed(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const listen = (data: Buffer) => {
      text += data.toString('utf8');
      if (pattern.test(text)) resolve(text);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('close', () => reject(new Error(`ended after ${JSON.stringify(text)}`)));
    setTimeout(() => reject(new Error(`only ${JSON.stringify(text)}`)), 20_000).unref();
  });
}

async function story(kubectl: Kubectl): Promise<void> {
  const run = (line: string) => kubectl.run(...line.split(' '));
  await run(`create namespace ${kubectl.namespace}`);

  const watcher = kubectl.start('get', 'pods', '-w');
  const watched = printed(watcher, /talker\s+1\/1\s+Running/);

  expect(await run('apply -f all.yaml')).toBe('deployment.apps/web created\npod/talker created\n');
  expect(await run('rollout status deployment/web')).toContain('deployment "web" successfully rolled out\n');
  expect(await run('wait --for=condition=Ready pod/talker --timeout=60s')).toBe('pod/talker condition met\n');
  expect(await watched).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\n/);
  watcher.kill();
  expect(await run('apply -f all.yaml')).toBe('deployment.apps/web unchanged\npod/talker unchanged\n');

  expect(await run('get pods -o wide -l app=web')).toMatch(
    /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n(web-\S+ +1\/1 +Running +0 +\S+ +10\.244\.\d+\.\d+ +podsim-worker2? +<none> +<none>\n){2}$/,
  );
  expect(await run('get deploy,rs,pods -o name')).toMatch(/^deployment\.apps\/web\nreplicaset\.apps\/web-\w+\npod\/talker\n(pod\/web-\S+\n){2}$/);
  const described = await run('describe pod talker');
  expect(described).toMatch(/^Name: +talker\nNamespace: +v1-/);
  expect(described).toMatch(/ Normal +Started +\S+ +kubelet +(Started container c|Container started)\n/);
  expect(await run('describe deployment web')).toContain('Replicas:               2 desired | 2 updated | 2 total | 2 available | 0 unavailable\n');

  expect(await run('logs talker')).toBe('hello from talker\n');
  const attached = kubectl.start('attach', '-i', 'talker');
  const answered = printed(attached, /got a line\n/);
  attached.stdin.write('a line\n');
  await answered;
  attached.kill();
  expect(await run('logs talker --tail=1')).toBe('got a line\n');
  expect(await run('exec talker -- echo one two')).toBe('one two\n');
  expect(await kubectl.end(kubectl.start('exec', '-i', 'talker', '--', 'sh', '-c', 'cat; exit 3'), 'from here')).toEqual({
    text: 'from herecommand terminated with exit code 3\n',
    code: 3,
  });
  writeFileSync(join(kubectl.directory, 'there.txt'), 'copied\n');
  await run('cp there.txt talker:/tmp/there.txt');
  expect(await run('exec talker -- cat /tmp/there.txt')).toBe('copied\n');
  await run('cp talker:/tmp/there.txt back.txt');
  expect(readFileSync(join(kubectl.directory, 'back.txt'), 'utf8')).toBe('copied\n');

  const name = (await run('get pods -l app=web -o name')).split('\n')[0] as string;
  const forward = kubectl.start('port-forward', name, ':80');
  const port = /127\.0\.0\.1:(\d+) -> 80/.exec(await printed(forward, /Forwarding from 127\.0\.0\.1:\d+/))?.[1];
  for (let i = 0; i < 2; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Welcome to nginx!');
  }
  forward.kill();

  expect(await run('scale deployment/web --replicas=3')).toBe('deployment.apps/web scaled\n');
  expect(await run('rollout status deployment/web')).toContain('successfully rolled out\n');
  expect(await run('set image deployment/web nginx=nginx:1.28')).toBe('deployment.apps/web image updated\n');
  expect(await run('rollout status deployment/web')).toContain('successfully rolled out\n');
  expect(await run('rollout history deployment/web')).toBe('deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n');
  expect(await run('rollout undo deployment/web')).toBe('deployment.apps/web rolled back\n');
  expect(await run('rollout status deployment/web')).toContain('successfully rolled out\n');
  expect(await run('get deploy web -o jsonpath={.spec.template.spec.containers[0].image}')).toBe('nginx:1.27');

  expect(await run('create deployment api --image=httpd:2.4 --replicas=2')).toBe('deployment.apps/api created\n');
  expect(await run('wait --for=condition=Available deployment/api --timeout=60s')).toBe('deployment.apps/api condition met\n');
  expect(await run('create configmap settings --from-literal=a=b')).toBe('configmap/settings created\n');
  expect(await run('create secret generic hidden --from-literal=a=b')).toBe('secret/hidden created\n');
  expect(await run('create job once --image=busybox:1.36 -- echo done')).toBe('job.batch/once created\n');
  expect(await run('wait --for=condition=Complete job/once --timeout=60s')).toBe('job.batch/once condition met\n');
  expect(await run('logs job/once')).toBe('done\n');
  expect(await run('expose deployment web --port=80')).toBe('service/web exposed\n');
  expect(await run('label pod talker tier=x')).toBe('pod/talker labeled\n');
  expect(await run('explain pod.spec.restartPolicy')).toContain('FIELD: restartPolicy <string>');
  expect(await run('auth can-i create pods')).toBe('yes\n');
  expect(await run('create token default')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);

  const drained = await run('drain podsim-worker2 --ignore-daemonsets --force --delete-emptydir-data');
  expect(drained).toMatch(/^node\/podsim-worker2 cordoned\n/);
  expect(drained).toMatch(/node\/podsim-worker2 drained\n$/);
  expect(await run('get node podsim-worker2')).toContain('Ready,SchedulingDisabled');
  expect(await run('uncordon podsim-worker2')).toBe('node/podsim-worker2 uncordoned\n');
  expect(await run('wait --for=condition=Available deployment/web --timeout=60s')).toBe('deployment.apps/web condition met\n');

  expect(await run('delete deployment web api')).toBe('deployment.apps "web" deleted\ndeployment.apps "api" deleted\n');
  expect(await run('wait --for=delete pod -l app=web --timeout=60s')).toMatch(/^(pod\/web-\S+ condition met\n)*$/);
  expect(await run(`delete namespace ${kubectl.namespace}`)).toContain(`namespace "${kubectl.namespace}" deleted\n`);
}
