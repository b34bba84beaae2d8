/** Init containers, sidecars, hooks, configuration, deadlines, admission, ends: STATUS by STATUS. */
import { describe, expect, test } from 'vitest';
import { TestNode } from './node.js';

const sh = (script: string, more: object = {}) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script], ...more });
const nginx = { name: 'web', image: 'nginx:1.27' };
const condition = (node: TestNode, name: string, type: string) => node.pod(name).status?.conditions?.find((one) => one.type === type);

describe('init containers', () => {
  test('run one after the other, then the pod', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { initContainers: [sh('sleep 3', { name: 'i1' }), sh('sleep 3', { name: 'i2' })], containers: [nginx] } });
    node.advance(3);
    expect(condition(node, 'p', 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [i1 i2]',
    });
    node.advance(60);
    expect(node.story('p')).toEqual(['0/1 Pending 0', '0/1 Init:0/2 0', '0/1 Init:1/2 0', '0/1 PodInitializing 0', '1/1 Running 0']);
    expect(condition(node, 'p', 'Initialized')).toMatchObject({ status: 'True' });
    expect(node.events('p').filter((event) => event.includes('Started'))).toEqual([
      'Normal Started Started container i1',
      'Normal Started Started container i2',
      'Normal Started Started container web',
    ]);
  });
  test('fail and are tried again with the crash back-off', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { initContainers: [sh('exit 1', { name: 'i' })], containers: [nginx] } });
    node.advance(60);
    expect(node.story('p').slice(1, 6)).toEqual(['0/1 Init:0/1 0', '0/1 Init:Error 0', '0/1 Init:Error 1', '0/1 Init:CrashLoopBackOff 1', '0/1 Init:Error 2']);
    expect(node.pod('p').status?.phase).toBe('Pending');
    expect(node.pod('p').status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
  });
  test('fail once for all when the pod is never restarted', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { restartPolicy: 'Never', initContainers: [sh('exit 1', { name: 'i' })], containers: [nginx] } });
    node.advance(60);
    expect(node.story('p').slice(1)).toEqual(['0/1 Init:0/1 0', '0/1 Init:Error 0']);
    expect(node.pod('p').status?.phase).toBe('Failed');
  });
});

describe('sidecars', () => {
  const sidecar = { ...nginx, name: 's', restartPolicy: 'Always' };
  test('start before, run beside, and end after the rest', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { restartPolicy: 'Never', initContainers: [sidecar], containers: [sh('sleep 10')] } });
    node.advance(60);
    expect(node.story('p')).toEqual(['0/2 Pending 0', '0/2 Init:0/1 0', '1/2 PodInitializing 0', '2/2 Running 0', '1/2 Completed 0', '0/2 Completed 0']);
    expect(node.pod('p').status?.phase).toBe('Succeeded');
    expect(node.events('p').at(-1)).toBe('Normal Killing Stopping container s');
  });
  test('are restarted whatever the pod’s policy', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: { restartPolicy: 'Never', initContainers: [sh('sleep 5; exit 1', { name: 's', restartPolicy: 'Always' })], containers: [nginx] },
    });
    node.advance(30);
    expect(node.pod('p').status?.initContainerStatuses?.[0]?.restartCount).toBeGreaterThanOrEqual(2);
    expect(node.pod('p').status?.phase).toBe('Running');
  });
  test('are stopped last, in reverse order', () => {
    const node = new TestNode();
    // jenkins takes a second to stop, podinfo three.
    const initContainers = [
      { ...sidecar, name: 's1', image: 'jenkins/jenkins' },
      { ...sidecar, name: 's2', image: 'stefanprodan/podinfo' },
    ];
    node.run({ name: 'p', spec: { initContainers, containers: [nginx] } });
    node.advance(60);
    node.delete('p');
    node.advance(30);
    expect(node.find('p')).toBeUndefined();
    expect(node.ended('p').map((one) => one.name)).toEqual(['web', 's2', 's1']);
  });
});

describe('hooks', () => {
  test('a postStart that fails kills the container', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, lifecycle: { postStart: { exec: { command: ['false'] } } } }] } });
    node.advance(60);
    expect(node.story('p').slice(2, 5)).toEqual(['0/1 PostStartHookError 0', '0/1 PostStartHookError 1', '0/1 CrashLoopBackOff 1']);
    expect(node.events('p').map((event) => event.replace(/ x\d+$/, ''))).toEqual(
      expect.arrayContaining(['Warning FailedPostStartHook PostStartHook failed', 'Normal Killing FailedPostStartHook']),
    );
  });
  test('a postStart that takes time holds the next container back', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: {
        containers: [
          { ...nginx, lifecycle: { postStart: { exec: { command: ['sleep', '10'] } } } },
          { ...nginx, name: 'b', image: 'redis' },
        ],
      },
    });
    node.advance(12);
    expect(node.show('p')).toBe('0/2 ContainerCreating 0');
    node.advance(10);
    expect(node.show('p')).toBe('2/2 Running 0');
  });
  test.each([
    ['exec', { exec: { command: ['sleep', '4'] } }, 4],
    ['sleep', { sleep: { seconds: 3 } }, 3],
    ['httpGet', { httpGet: { port: 80, path: '/' } }, 0],
  ])('preStop by %s runs before SIGTERM, out of the grace period', (_, preStop, takes) => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, lifecycle: { preStop } }] } });
    node.advance(20);
    node.delete('p');
    if (takes > 0) {
      node.advance(takes - 0.5);
      expect(node.show('p')).toBe('1/1 Terminating 0');
      node.advance(0.5);
    }
    node.advance(2);
    expect(node.find('p')).toBeUndefined();
  });
  test('a preStop longer than the grace is cut off, and two more seconds given', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: { terminationGracePeriodSeconds: 10, containers: [sh('sleep 3600', { lifecycle: { preStop: { exec: { command: ['sleep', '300'] } } } })] },
    });
    node.advance(10);
    node.delete('p');
    node.advance(11.5);
    expect(node.show('p')).toBe('1/1 Terminating 0');
    node.advance(2);
    expect(node.find('p')).toBeUndefined();
  });
  test('a preStop that fails is told, and the end goes on', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, lifecycle: { preStop: { exec: { command: ['false'] } } } }] } });
    node.advance(10);
    node.delete('p');
    node.advance(3);
    expect(node.find('p')).toBeUndefined();
    expect(node.events('p').slice(-2)).toEqual(['Normal Killing Stopping container web', 'Warning FailedPreStopHook PreStopHook failed']);
  });
});

describe('configuration', () => {
  test.each([
    ['envFrom', { envFrom: [{ configMapRef: { name: 'x' } }] }, 'configmap "x" not found'],
    ['env', { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'x', key: 'k' } } }] }, 'secret "x" not found'],
    ['a missing key', { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'there', key: 'k' } } }] }, "couldn't find key k in ConfigMap default/there"],
    [
      'runAsNonRoot',
      { securityContext: { runAsNonRoot: true } },
      expect.stringMatching(/^container has runAsNonRoot and image will run as root \(pod: "p_default\(.*\)", container: web\)$/),
    ],
  ])('%s: CreateContainerConfigError', (_, more, message) => {
    const node = new TestNode();
    node.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'there', namespace: 'default' } });
    node.run({ name: 'p', spec: { containers: [{ ...nginx, ...more }] } });
    node.advance(10);
    expect(node.show('p')).toBe('0/1 CreateContainerConfigError 0');
    expect(node.pod('p').status?.containerStatuses?.[0]?.state?.waiting?.message).toEqual(message);
  });
  test('a missing ConfigMap that comes is found at the next sync', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, envFrom: [{ configMapRef: { name: 'x' } }] }] } });
    node.advance(30);
    node.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' } });
    node.advance(16);
    expect(node.show('p')).toBe('1/1 Running 0');
  });
  test('as a volume it keeps the pod ContainerCreating, with tries 0.5, 1, 2 … seconds apart', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: { volumes: [{ name: 'v', configMap: { name: 'x' } }], containers: [{ ...nginx, volumeMounts: [{ name: 'v', mountPath: '/etc/x' }] }] },
    });
    node.advance(31);
    expect(node.show('p')).toBe('0/1 ContainerCreating 0');
    expect(node.events('p')).toEqual(['Warning FailedMount MountVolume.SetUp failed for volume "v" : configmap "x" not found x6']);
    node.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' }, data: { a: 'b' } } as never);
    node.advance(10);
    expect(node.show('p')).toBe('1/1 Running 0');
  });
  test('after two minutes the kubelet says what it waits for', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: { volumes: [{ name: 'v', secret: { secretName: 'x' } }], containers: [{ ...nginx, volumeMounts: [{ name: 'v', mountPath: '/etc/x' }] }] },
    });
    node.advance(125);
    expect(node.events('p').at(-1)).toBe(
      'Warning FailedMount Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
    );
  });
  test('a program the image does not have: RunContainerError, StartError 128', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['foo'] }] } });
    node.advance(8);
    expect(node.story('p').slice(2)).toEqual(['0/1 RunContainerError 0', '0/1 RunContainerError 1', '0/1 CrashLoopBackOff 1']);
    expect(node.pod('p').status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      startedAt: '1970-01-01T00:00:00Z',
      message:
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "foo": executable file not found in $PATH: unknown',
    });
  });
});

describe('ends', () => {
  test('a deadline ends the pod, which stays', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { activeDeadlineSeconds: 10, containers: [nginx] } });
    node.advance(30);
    expect(node.pod('p').status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
    expect(node.events('p').slice(-2)).toEqual([
      'Normal DeadlineExceeded Pod was active on the node longer than the specified deadline x4',
      'Normal Killing Stopping container web',
    ]);
  });
  test('a pod that asks for more than the node has is refused', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, resources: { requests: { cpu: '100' } } }] } });
    expect(node.pod('p').status).toEqual({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 100000, used: 0, capacity: 4000",
      startTime: '2026-01-01T00:00:00Z',
      qosClass: 'BestEffort',
    });
    expect(node.events('p')).toEqual(["Warning OutOfcpu Node didn't have enough resource: cpu, requested: 100000, used: 0, capacity: 4000"]);
  });
  test.each([['NodeAffinity', { nodeSelector: { disk: 'ssd' } }, "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"]])(
    '%s',
    (reason, more, message) => {
      const node = new TestNode();
      node.run({ name: 'p', spec: { ...more, containers: [nginx] } });
      expect(node.pod('p').status).toMatchObject({ phase: 'Failed', reason, message: `Pod was rejected: ${message}` });
    },
  );
  test('what a pod took of the node is given back', () => {
    const node = new TestNode();
    const spec = { restartPolicy: 'Never', containers: [sh('sleep 5', { resources: { requests: { cpu: '3' } } })] };
    node.run({ name: 'a', spec });
    node.advance(20);
    node.run({ name: 'b', spec });
    node.advance(3);
    expect(node.pod('b').status?.phase).toBe('Running');
  });
  test('an object taken away by force leaves its containers two seconds', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [sh('sleep 3600')] } });
    node.advance(10);
    node.delete('p', 0);
    expect(node.find('p')).toBeUndefined();
    expect(node.state.keys('nodes/podsim-control-plane/sandboxes/')).toHaveLength(1);
    node.run({ name: 'p', spec: { containers: [nginx] } });
    node.advance(10);
    expect(node.show('p')).toBe('1/1 Running 0');
    expect(node.state.keys('nodes/podsim-control-plane/sandboxes/')).toHaveLength(1);
  });
  test('a second deletion with less grace changes nothing for what is being stopped', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [sh('sleep 3600')] } });
    node.advance(10);
    node.delete('p');
    node.advance(5);
    node.delete('p', 3);
    node.advance(20);
    expect(node.find('p')).toBeDefined();
    node.advance(7);
    expect(node.find('p')).toBeUndefined();
  });
  test('a pod deleted before anything of it ran is gone soon', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ name: 'c', image: 'nginx:nope' }] } });
    node.advance(30);
    node.delete('p');
    node.advance(2);
    expect(node.find('p')).toBeUndefined();
  });
  test('the second of two servers on one port fails for it', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [nginx, { ...nginx, name: 'other' }] } });
    node.advance(20);
    expect(node.pod('p').status?.containerStatuses?.find((one) => one.name === 'other')?.lastState?.terminated?.exitCode).toBe(1);
    expect(node.pod('p').status?.containerStatuses?.find((one) => one.name === 'web')?.ready).toBe(true);
    expect(node.log('p', 'other')).toContain('nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)');
  });
  test('mysql without a password says so and exits 1', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ name: 'db', image: 'mysql:8' }] } });
    node.advance(30);
    expect(node.pod('p').status?.containerStatuses?.[0]).toMatchObject({ restartCount: 2, lastState: { terminated: { exitCode: 1, reason: 'Error' } } });
    expect(node.log('p', 'db')).toContain('Database is uninitialized and password option is not specified');
  });
  test('more memory than the limit: OOMKilled', () => {
    const node = new TestNode();
    const stress = { name: 'c', image: 'polinux/stress', command: ['stress'], args: ['--vm', '1', '--vm-bytes', '250M', '--vm-hang', '1'] };
    node.run({ name: 'p', spec: { restartPolicy: 'Never', containers: [{ ...stress, resources: { limits: { memory: '100Mi' } } }] } });
    node.advance(30);
    expect(node.show('p')).toBe('0/1 OOMKilled 0');
    expect(node.pod('p').status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });
});
