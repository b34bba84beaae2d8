/** Probes: when they run, what they say, what comes of it (prober/worker.go). */
import { describe, expect, test } from 'vitest';
import { nodeFaultKey } from '../../src/kubelet/index.js';
import { NODE, TestNode } from './node.js';

const nginx = { name: 'web', image: 'nginx:1.27' };
const sleeper = { name: 'c', image: 'busybox:1.36', command: ['sleep', '3600'] };
const alarms = (node: TestNode): number => node.sim.pending().length;

describe('what a failure says', () => {
  test.each([
    ['a status', { httpGet: { path: '/nope', port: 80 } }, 'HTTP probe failed with statuscode: 404'],
    ['nobody there', { httpGet: { path: 'x', port: 81 } }, 'Get "http://10.244.0.2:81/x": dial tcp 10.244.0.2:81: connect: connection refused'],
    ['no connection', { tcpSocket: { port: 81 } }, 'dial tcp 10.244.0.2:81: connect: connection refused'],
    ['an exit code', { exec: { command: ['false'] } }, ''],
    ['a command that hangs', { exec: { command: ['sleep', '5'] } }, 'command timed out: "sleep 5" timed out after 1s'],
    ['a web server asked in gRPC', { grpc: { port: 80 } }, 'timeout: failed to connect service "10.244.0.2:80" within 1s: context deadline exceeded'],
    ['no gRPC server', { grpc: { port: 90 } }, 'timeout: failed to connect service "10.244.0.2:90" within 1s: context deadline exceeded'],
  ])('%s', (_, handler, text) => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, readinessProbe: handler }] } });
    node.advance(12);
    expect(node.events('p')).toContainEqual(expect.stringContaining(`Warning Unhealthy Readiness probe failed: ${text}`));
    expect(node.show('p')).toBe('0/1 Running 0');
  });
  test.each([
    [
      'a port that has no name',
      { httpGet: { port: 'http' } },
      'Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "http": invalid syntax',
    ],
    ['a program that is not there', { exec: { command: ['nonsense'] } }, 'Readiness probe errored and resulted in unknown state: rpc error: code = '],
  ])('%s is an error, not a failure', (_, handler, text) => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, readinessProbe: handler }] } });
    node.advance(12);
    expect(node.events('p')).toContainEqual(expect.stringContaining(`Warning Unhealthy ${text}`));
  });
});

describe('liveness', () => {
  const live = (probe: object, more: object = {}) => ({
    terminationGracePeriodSeconds: 5,
    containers: [{ ...sleeper, ...more, livenessProbe: { exec: { command: ['false'] }, periodSeconds: 5, ...probe } }],
  });
  test('kills after the threshold, and the container comes again', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: live({ initialDelaySeconds: 10, failureThreshold: 3 }) });
    node.advance(60);
    // Started at about 1.9: fails at 11.9, 16.9 and 21.9; five seconds of grace.
    const restarted = node.history.get('p')?.find((entry) => entry.text === '1/1 Running 1')?.at ?? 0;
    const started = node.history.get('p')?.find((entry) => entry.text === '1/1 Running 0')?.at ?? 0;
    expect(restarted - started).toBeCloseTo(25, 0);
    expect(node.events('p')).toContainEqual(expect.stringMatching(/^Normal Killing Container c failed liveness probe, will be restarted/));
    expect(node.pod('p').status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
  });
  test('may bring its own grace', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: { ...live({ initialDelaySeconds: 10, failureThreshold: 1, terminationGracePeriodSeconds: 2 }), terminationGracePeriodSeconds: 600 },
    });
    node.advance(20);
    expect(node.show('p')).toBe('1/1 Running 1');
  });
  test('ends a pod that is never restarted', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { ...live({ failureThreshold: 1 }), restartPolicy: 'Never' } });
    node.advance(30);
    expect(node.pod('p').status?.phase).toBe('Failed');
    expect(node.events('p').at(-1)).toBe('Normal Killing Stopping container c');
  });
  test('restarts at once while a run lasts longer than the delay, then CrashLoopBackOff', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, livenessProbe: { httpGet: { path: '/nope', port: 80 }, periodSeconds: 5 } }] } });
    node.advance(70);
    expect(node.story('p').slice(2)).toEqual(['1/1 Running 0', '1/1 Running 1', '1/1 Running 2', '1/1 Running 3', '0/1 CrashLoopBackOff 3', '1/1 Running 4']);
  });
});

describe('readiness', () => {
  test('is there with the first status when it passes at once', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, readinessProbe: { httpGet: { port: 80 } } }] } });
    node.advance(20);
    expect(node.story('p')).toEqual(['0/1 Pending 0', '0/1 ContainerCreating 0', '1/1 Running 0']);
  });
  test('waits for its initial delay, and needs its successes in a row', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: { containers: [{ ...nginx, readinessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 10, periodSeconds: 5, successThreshold: 3 } }] },
    });
    node.advance(60);
    const [running, ready] = ['0/1 Running 0', '1/1 Running 0'].map((text) => node.history.get('p')?.find((entry) => entry.text === text)?.at ?? 0);
    expect((ready ?? 0) - (running ?? 0)).toBeCloseTo(19.5, 0);
  });
  test('never restarts anything', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, readinessProbe: { tcpSocket: { port: 81 }, periodSeconds: 1 } }] } });
    node.advance(100);
    expect(node.show('p')).toBe('0/1 Running 0');
  });
});

describe('startup', () => {
  test('holds the others until it has passed', () => {
    const node = new TestNode();
    const probe = (command: string) => ({ exec: { command: [command] }, periodSeconds: 5 });
    node.run({
      name: 'p',
      spec: {
        containers: [
          {
            ...sleeper,
            startupProbe: { ...probe('true'), initialDelaySeconds: 20 },
            livenessProbe: { ...probe('false'), failureThreshold: 1 },
            readinessProbe: probe('true'),
          },
        ],
      },
    });
    node.advance(20);
    expect(node.show('p')).toBe('0/1 Running 0');
    expect(node.pod('p').status?.containerStatuses?.[0]?.started).toBe(false);
    expect(node.events('p').filter((event) => event.includes('Unhealthy'))).toEqual([]);
    node.advance(5);
    expect(node.events('p').filter((event) => event.includes('Unhealthy'))).toEqual(['Warning Unhealthy Liveness probe failed: ']);
  });
  test('that never passes kills', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ ...sleeper, startupProbe: { exec: { command: ['false'] }, periodSeconds: 2, failureThreshold: 5 } }],
      },
    });
    node.advance(20);
    expect(node.events('p')).toContainEqual(expect.stringMatching(/^Normal Killing Container c failed startup probe, will be restarted/));
  });
});

describe('what cannot change is not stepped through', () => {
  test('probes that pass set no alarms, and go on from their grid when something happens', () => {
    const node = new TestNode();
    const probes = { readinessProbe: { httpGet: { port: 80 }, periodSeconds: 7 }, livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 } };
    node.run({ name: 'p', spec: { containers: [{ ...nginx, ...probes }] } });
    node.advance(30);
    expect(alarms(node)).toBe(0);
    const steps = node.sim.steps;
    node.advance(3600);
    expect(node.sim.steps).toBe(steps);
  });
  test('but a server’s log shows them all', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, readinessProbe: { httpGet: { port: 80 }, periodSeconds: 10 } }] } });
    node.advance(64);
    const requests = () =>
      node
        .log('p', 'web')
        .split('\n')
        .filter((line) => line.includes('kube-probe/1.33'));
    expect(requests()).toHaveLength(7);
    expect(requests()[0]).toMatch(/^10\.244\.0\.1 - - \[01\/Jan\/2026:00:00:0\d \+0000\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "kube-probe\/1\.33" "-"$/);
    node.advance(100);
    node.sim.wake(`kubelet/${NODE}`, { namespace: 'default', name: 'p' });
    node.advance(100);
    const times = requests().map((line) => /:(\d\d):(\d\d):(\d\d) /.exec(line)?.slice(1).map(Number) as number[]);
    const seconds = times.map(([h = 0, m = 0, s = 0]) => h * 3600 + m * 60 + s);
    expect(new Set(seconds.slice(1).map((at, i) => at - (seconds[i] as number)))).toEqual(new Set([10]));
    expect(requests()).toHaveLength(27);
  });
  test('a probe that fails goes on', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, readinessProbe: { tcpSocket: { port: 81 } } }] } });
    node.advance(30);
    expect(alarms(node)).toBe(1);
  });
});

describe('a node that goes down', () => {
  test('takes its containers with it; they come again when it is back', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [nginx] } });
    node.advance(20);
    node.state.set(nodeFaultKey(NODE), { kind: 'down', since: node.sim.now });
    node.sim.wake(`kubelet/${NODE}`, { namespace: '', name: NODE });
    node.advance(600);
    expect(node.show('p')).toBe('1/1 Running 0');
    node.state.delete(nodeFaultKey(NODE));
    node.sim.wake(`kubelet/${NODE}`, { namespace: '', name: NODE });
    node.advance(5);
    expect(node.show('p')).toBe('1/1 Running 1');
    expect(node.pod('p').status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 255, reason: 'Unknown' });
    expect(node.events('p')).toContain('Normal SandboxChanged Pod sandbox changed, it will be killed and re-created.');
    expect(node.pod('p').status?.podIP).toBe('10.244.0.3');
  });
  test('cannot finish a deletion', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [nginx] } });
    node.advance(20);
    node.state.set(nodeFaultKey(NODE), { kind: 'partition', since: node.sim.now });
    node.delete('p');
    node.advance(600);
    expect(node.show('p')).toBe('1/1 Terminating 0');
    node.state.delete(nodeFaultKey(NODE));
    node.sim.wake(`kubelet/${NODE}`, { namespace: '', name: NODE });
    node.advance(5);
    expect(node.find('p')).toBeUndefined();
  });
});
