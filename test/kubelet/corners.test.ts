/** What happens seldom: deletions in between, back-offs that containers share, hooks and probes in detail, sidecars that crash with the rest. */
import { describe, expect, test } from 'vitest';
import { nodeFaultKey } from '../../src/kubelet/index.js';
import { NODE, TestNode } from './node.js';

const sh = (script: string, more: object = {}) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script], ...more });
const nginx = { name: 'web', image: 'nginx:1.27' };
const container = (node: TestNode, pod: string, name: string) =>
  [...(node.pod(pod).status?.containerStatuses ?? []), ...(node.pod(pod).status?.initContainerStatuses ?? [])].find((one) => one.name === name);

describe('a deletion while a sync is under way', () => {
  test('lets the pull end and the container start', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [nginx] } });
    node.advance(1.5);
    node.delete('p');
    node.advance(1);
    expect(node.find('p')).toBeDefined();
    node.advance(10);
    expect(node.find('p')).toBeUndefined();
    expect(node.events('p').map((event) => event.split(' ')[1])).toEqual(['Pulling', 'Pulled', 'Created', 'Started', 'Killing']);
  });
  test('waits for a postStart hook', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [{ ...nginx, lifecycle: { postStart: { sleep: { seconds: 40 } } } }] } });
    node.advance(10);
    node.delete('p', 5);
    node.advance(25);
    expect(node.events('p')).not.toContain('Normal Killing Stopping container web');
    node.advance(20);
    expect(node.find('p')).toBeUndefined();
  });
  test('lets a container that is being restarted come back first', () => {
    const node = new TestNode();
    const livenessProbe = { exec: { command: ['false'] }, failureThreshold: 1 };
    node.run({ name: 'p', spec: { terminationGracePeriodSeconds: 10, containers: [sh('sleep 3600', { livenessProbe })] } });
    node.advance(5);
    node.delete('p');
    node.advance(30);
    expect(node.events('p').slice(-3)).toEqual([
      'Normal Killing Container c failed liveness probe, will be restarted',
      'Normal Pulled Container image "busybox:1.36" already present on machine',
      'Normal Killing Stopping container c',
    ]);
    expect(node.events('p')).toContain('Normal Started Started container c x2');
  });
  test('does not wait for volumes', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { volumes: [{ name: 'v', secret: { secretName: 'none' } }], containers: [nginx] } });
    node.advance(5);
    node.delete('p');
    node.advance(1);
    expect(node.find('p')).toBeUndefined();
  });
});

describe('while a pod is being stopped', () => {
  test('what was never started is lost only when all has been cleared away', () => {
    const node = new TestNode();
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'k' } } }];
    node.run({ name: 'p', spec: { terminationGracePeriodSeconds: 2, containers: [sh('exit 1', { env }), { ...sh('sleep 3600'), name: 'd' }] } });
    node.advance(5);
    node.delete('p');
    node.advance(5);
    expect(node.story('p').slice(2)).toEqual(['1/2 CreateContainerConfigError 0', '1/2 Terminating 0', '0/2 Terminating 0', '0/2 ContainerStatusUnknown 0']);
  });
  test('a container that has ended before the others loses its last state', () => {
    const node = new TestNode();
    const slow = { ...sh("trap '' TERM; while :; do sleep 1; done"), name: 'slow' };
    node.run({ name: 'p', spec: { terminationGracePeriodSeconds: 8, containers: [sh('sleep 3; exit 1'), slow] } });
    node.advance(6);
    expect(container(node, 'p', 'c')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 1 } } });
    node.delete('p');
    const isOver = (): boolean => container(node, 'p', 'slow')?.state?.terminated !== undefined;
    while (!isOver()) node.advance(0.5);
    expect(container(node, 'p', 'c')).toMatchObject({ restartCount: 1, state: { terminated: { exitCode: 1 } } });
    expect(container(node, 'p', 'c')?.lastState).toEqual({});
    expect(container(node, 'p', 'slow')?.state?.terminated?.exitCode).toBe(137);
  });
  test('an init container that ends well then makes no lost ones of those behind it', () => {
    const node = new TestNode();
    const init = sh("trap 'exit 0' TERM; while :; do sleep 1; done", { name: 'i' });
    node.run({ name: 'p', spec: { initContainers: [init], containers: [nginx] } });
    node.advance(5);
    node.delete('p');
    node.advance(15);
    expect(node.story('p')).toEqual(['0/1 Pending 0', '0/1 Init:0/1 0', '0/1 Terminating 0', '0/1 PodInitializing 0']);
  });
});

test('an object taken away by force: its containers are stopped, and that is told', () => {
  const node = new TestNode();
  node.run({ name: 'p', spec: { initContainers: [sh('sleep 3600', { name: 's', restartPolicy: 'Always' })], containers: [nginx] } });
  node.advance(20);
  node.delete('p', 0);
  expect(node.events('p').slice(-2)).toEqual(['Normal Killing Stopping container s', 'Normal Killing Stopping container web']);
  const paths = node.api.list('events').map((event) => (event as { involvedObject?: { fieldPath?: string } }).involvedObject?.fieldPath);
  expect(paths.slice(-2)).toEqual(['spec.initContainers{s}', 'spec.containers{web}']);
});

describe('images', () => {
  test('a back-off is the pod’s and the image’s, whichever container asks', () => {
    const node = new TestNode();
    const bad = { image: 'nginx:nope' };
    node.run({
      name: 'p',
      spec: {
        containers: [
          { name: 'a', ...bad },
          { name: 'b', ...bad },
          { name: 'c', image: 'nginx:none' },
        ],
      },
    });
    node.advance(5);
    expect(node.events('p').filter((event) => event.includes('Pulling'))).toEqual([
      'Normal Pulling Pulling image "nginx:nope"',
      'Normal Pulling Pulling image "nginx:none"',
    ]);
    expect(container(node, 'p', 'b')?.state?.waiting).toMatchObject({
      reason: 'ImagePullBackOff',
      message: expect.stringMatching(/^Back-off pulling image "nginx:nope": ErrImagePull: rpc error: code = NotFound/),
    });
  });
});

describe('a deadline', () => {
  test('leaves a pod without its last state', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { activeDeadlineSeconds: 6, terminationGracePeriodSeconds: 1, containers: [sh('sleep 4; exit 3')] } });
    node.advance(6);
    expect(container(node, 'p', 'c')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 3 } } });
    node.advance(10);
    expect(node.pod('p').status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
    expect(container(node, 'p', 'c')?.state?.terminated?.exitCode).toBe(137);
    expect(container(node, 'p', 'c')?.lastState).toEqual({});
  });
  test('is not seen by a sync that waits for volumes', () => {
    const node = new TestNode();
    const volumes = [{ name: 'v', configMap: { name: 'none' } }];
    const web = { ...nginx, volumeMounts: [{ name: 'v', mountPath: '/v' }] };
    node.run({ name: 'p', spec: { activeDeadlineSeconds: 20, volumes, containers: [web] } });
    node.advance(120);
    expect(node.show('p')).toBe('0/1 ContainerCreating 0');
    node.advance(20);
    expect(node.pod('p').status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
    expect(node.events('p')).toContainEqual(expect.stringContaining('Unable to attach or mount volumes: unmounted volumes=[v]'));
  });
});

describe('hooks', () => {
  const hooked = (lifecycle: object) => ({ ...nginx, lifecycle });
  test('of a container that has ended before they begin fail', () => {
    const node = new TestNode();
    const exec = { command: ['touch', '/x'] };
    node.run({ name: 'p', spec: { containers: [sh('exit 1', { lifecycle: { postStart: { exec }, preStop: { exec } } })] } });
    const message = (): string | undefined => container(node, 'p', 'c')?.state?.waiting?.message;
    while (message() === undefined) node.advance(0.5);
    expect(message()).toMatch(
      /^Exec lifecycle hook \(\[touch \/x\]\) for Container "c" in Pod "p_default\(.*\)" failed - error: rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_EXITED state, message: ""$/,
    );
    expect(node.show('p')).toBe('0/1 PostStartHookError 0');
    expect(node.events('p').map((event) => event.replace(/ x\d$/, ''))).toEqual(
      expect.arrayContaining([
        'Warning FailedPostStartHook PostStartHook failed',
        'Normal Killing FailedPostStartHook',
        'Warning FailedPreStopHook PreStopHook failed',
      ]),
    );
  });
  test('call themselves by name in an access log', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [hooked({ preStop: { httpGet: { path: '/bye', port: 80 } } })] } });
    node.advance(10);
    node.delete('p');
    expect(node.log('p', 'web')).toMatch(/"GET \/bye HTTP\/1.1" 404 .* "-" "kube-lifecycle\/1.33" "-"/);
  });
  test('fall back to HTTP where HTTPS is not spoken', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [hooked({ preStop: { httpGet: { path: '/', port: 80, scheme: 'HTTPS' } } })] } });
    node.advance(10);
    node.delete('p');
    expect(node.events('p').slice(-2)).toEqual([
      'Normal Killing Stopping container web',
      'Warning LifecycleHTTPFallback request to HTTPS lifecycle hook 10.244.0.2:80 got HTTP response, retry with HTTP succeeded',
    ]);
  });
  test('of TCP cannot run', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [hooked({ postStart: { tcpSocket: { port: 80 } } })] } });
    const message = (): string | undefined => container(node, 'p', 'web')?.state?.waiting?.message;
    while (message() === undefined) node.advance(0.5);
    expect(message()).toBe(
      'Cannot run handler: invalid handler: &LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:{0 80 },Host:,},Sleep:nil,}',
    );
  });
  test('that sleep are slept through though the container has gone', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { containers: [sh('sleep 15', { lifecycle: { preStop: { sleep: { seconds: 20 } } } })] } });
    node.advance(10);
    node.delete('p');
    node.advance(19);
    expect(node.find('p')).toBeDefined();
    node.advance(3);
    expect(node.find('p')).toBeUndefined();
  });
});

describe('probes', () => {
  test('expand what the container’s own variables say', () => {
    const node = new TestNode();
    const readinessProbe = { exec: { command: ['test', '-d', '$(DIR)'] } };
    node.run({ name: 'p', spec: { containers: [sh('sleep 3600', { env: [{ name: 'DIR', value: '/tmp' }], readinessProbe })] } });
    node.advance(5);
    expect(node.show('p')).toBe('1/1 Running 0');
  });
  test('count on when the container has been restarted', () => {
    const node = new TestNode();
    const livenessProbe = { exec: { command: ['false'] }, periodSeconds: 5, failureThreshold: 3 };
    node.run({ name: 'p', spec: { containers: [sh('sleep 8; exit 1', { livenessProbe })] } });
    node.advance(10);
    expect(node.events('p')).toContainEqual(expect.stringMatching(/^Warning Unhealthy .* x2$/));
    // One failure more is enough.
    node.advance(2);
    expect(node.events('p').at(-1)).toBe('Normal Killing Container c failed liveness probe, will be restarted');
  });
  test('of liveness stop when the pod is to end for another reason than deletion; a sidecar’s do not', () => {
    const node = new TestNode();
    const livenessProbe = { exec: { command: ['sh', '-c', 'echo $(WHO); exit 1'] }, periodSeconds: 5, failureThreshold: 100 };
    const body = { command: ['sleep', '3600'], livenessProbe };
    node.run({
      name: 'p',
      spec: {
        activeDeadlineSeconds: 10,
        initContainers: [{ name: 's', image: 'busybox:1.36', restartPolicy: 'Always', env: [{ name: 'WHO', value: 'sidecar' }], ...body }],
        containers: [{ name: 'c', image: 'busybox:1.36', env: [{ name: 'WHO', value: 'regular' }], ...body }],
      },
    });
    node.advance(11);
    const count = (who: string) => Number(/ x(\d+)$/.exec(node.events('p').find((event) => event.includes(`failed: ${who}`)) ?? '')?.[1] ?? 1);
    const before = [count('sidecar'), count('regular')];
    node.advance(20);
    expect([count('sidecar') > (before[0] ?? 0), count('regular')]).toEqual([true, before[1]]);
  });
});

describe('sidecars', () => {
  const sidecar = (script: string, name = 's') => sh(script, { name, restartPolicy: 'Always' });
  test('of a pod that is never restarted do not say that they wait', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { restartPolicy: 'Never', initContainers: [sidecar('exit 1')], containers: [nginx] } });
    node.advance(60);
    expect(node.story('p').slice(2)).toEqual(['0/2 Init:Error 0', '0/2 Init:Error 1', '0/2 Init:Error 2', '0/2 Init:Error 3']);
    expect(node.events('p').find((event) => event.includes('BackOff'))).toMatch(/ x\d$/);
    expect(node.pod('p').status?.phase).toBe('Pending');
  });
  test('come back before regular containers that have crashed with them', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { initContainers: [sidecar('sleep 5; exit 1')], containers: [sh('sleep 5; exit 1')] } });
    node.advance(60);
    expect(node.story('p').slice(3, 8)).toEqual(['2/2 Running 0', '0/2 Error 0', '1/2 Error 1', '2/2 Running 2', '0/2 Error 2']);
    expect(node.events('p').filter((event) => event.includes('BackOff'))).toEqual([expect.stringContaining('failed container s in pod')]);
  });
});

test('what asks for a container that is not there', () => {
  const node = new TestNode();
  const resourceFieldRef = { resource: 'limits.cpu', containerName: 'nobody' };
  const volumes = [{ name: 'v', downwardAPI: { items: [{ path: 'cpu', resourceFieldRef }] } }];
  node.run({ name: 'p', spec: { volumes, containers: [{ ...nginx, volumeMounts: [{ name: 'v', mountPath: '/v' }] }] } });
  expect(node.events('p')).toContainEqual('Warning FailedMount MountVolume.SetUp failed for volume "v" : container nobody not found');
  const ephemeralContainers = [{ ...sh('sleep 3600', { name: 'd' }), targetContainerName: 'web' }];
  node.run({ name: 'early', spec: { containers: [{ ...nginx, image: 'nginx:nope' }], ephemeralContainers } });
  node.run({ name: 'late', spec: { containers: [sh('exit 1', { name: 'web' })] } });
  node.advance(10);
  expect(node.events('early')).toContainEqual(expect.stringContaining('Warning Failed Error: unable to find target container web'));
  const pod = node.pod('late');
  node.put('pods', { ...pod, metadata: { ...pod.metadata, generation: 2 }, spec: { ...pod.spec, ephemeralContainers } } as never);
  node.sim.settle();
  expect(node.events('late').at(-1)).toMatch(
    /^Warning Failed Error: failed to generate container "[0-9a-f]{64}" spec: invalid target container: container "[0-9a-f]{64}" is not running - in state CONTAINER_EXITED$/,
  );
});

test('a volume that nobody mounts is not looked at, until somebody does', () => {
  const node = new TestNode();
  const volumes = [{ name: 'v', secret: { secretName: 'none' } }];
  node.run({ name: 'p', spec: { volumes, containers: [nginx] } });
  node.advance(5);
  expect(node.show('p')).toBe('1/1 Running 0');
  const pod = node.pod('p');
  const ephemeralContainers = [sh('sleep 3600', { name: 'd', volumeMounts: [{ name: 'v', mountPath: '/v' }] })];
  node.put('pods', { ...pod, metadata: { ...pod.metadata, generation: 2 }, spec: { ...pod.spec, ephemeralContainers } } as never);
  node.sim.settle();
  expect(node.events('p').at(-1)).toBe('Warning FailedMount MountVolume.SetUp failed for volume "v" : secret "none" not found');
});

test('host ports on different addresses do not collide', () => {
  const node = new TestNode();
  const on = (hostIP: string) => ({ containers: [{ ...nginx, ports: [{ containerPort: 80, hostPort: 8080, hostIP }] }] });
  node.run({ name: 'a', spec: on('127.0.0.1') });
  node.run({ name: 'b', spec: on('172.18.0.2') });
  node.run({ name: 'c', spec: on('') });
  node.advance(5);
  expect([node.show('a'), node.show('b'), node.show('c')]).toEqual(['1/1 Running 0', '1/1 Running 0', '0/1 NodePorts 0']);
});

test('more nameservers than a resolver takes', () => {
  const node = new TestNode();
  node.run({ name: 'p', spec: { dnsConfig: { nameservers: ['1.1.1.1', '8.8.8.8', '9.9.9.9'] }, containers: [sh('cat /etc/resolv.conf; sleep 3600')] } });
  node.advance(10);
  expect(node.log('p', 'c').match(/^nameserver .*/gm)).toEqual(['nameserver 10.96.0.10', 'nameserver 1.1.1.1', 'nameserver 8.8.8.8']);
  expect(node.events('p')).toContainEqual(
    'Warning DNSConfigForming Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.1.1.1 8.8.8.8 x3',
  );
});

test('a pull secret that is missing is told at every sync', () => {
  const node = new TestNode();
  node.run({ name: 'p', spec: { imagePullSecrets: [{ name: 'x' }], containers: [nginx] } });
  node.advance(10);
  const told = () => node.events('p').find((event) => event.includes('FailedToRetrieveImagePullSecret'));
  expect(told()).toMatch(/x2$/);
  node.advance(200);
  expect(told()).toMatch(/x[45]$/);
});

test('an image that is changed while the old one is pulled: that one starts, and goes', () => {
  const node = new TestNode();
  node.run({ name: 'p', spec: { containers: [nginx] } });
  node.advance(1.5);
  const pod = node.pod('p');
  node.put('pods', {
    ...pod,
    metadata: { ...pod.metadata, generation: 2 },
    spec: { ...pod.spec, containers: [{ ...pod.spec.containers[0], image: 'nginx:1.28' }] },
  } as never);
  node.sim.settle();
  node.advance(20);
  expect(node.events('p').map((event) => event.split(' ').slice(1, 2).join())).toEqual([
    'Pulling',
    'Pulled',
    'Created',
    'Started',
    'Killing',
    'Pulling',
    'Pulled',
  ]);
  expect(container(node, 'p', 'web')).toMatchObject({ restartCount: 1, image: 'docker.io/library/nginx:1.28', lastState: { terminated: { exitCode: 0 } } });
});

test('two images that change together: both containers go before either comes', () => {
  const node = new TestNode();
  node.run({ name: 'p', spec: { containers: [nginx, { ...nginx, name: 'other', ports: [], command: ['sleep', '3600'] }] } });
  node.advance(20);
  const pod = node.pod('p');
  node.put('pods', {
    ...pod,
    metadata: { ...pod.metadata, generation: 2 },
    spec: { ...pod.spec, containers: pod.spec.containers.map((one) => ({ ...one, image: 'nginx:1.28' })) },
  } as never);
  node.sim.settle();
  node.advance(60);
  expect(node.events('p').slice(-5)).toEqual([
    'Normal Killing Container web definition changed, will be restarted',
    'Normal Killing Container other definition changed, will be restarted',
    'Normal Pulling Pulling image "nginx:1.28"',
    expect.stringMatching(/^Normal Pulled Successfully pulled/),
    'Normal Pulled Container image "nginx:1.28" already present on machine',
  ]);
});

test('messages share twelve kibibytes, and are read from their end', () => {
  const node = new TestNode();
  const talker = (name: string) => sh('i=0; while [ $i -lt 1000 ]; do echo 0123456789; i=$((i+1)); done > /dev/termination-log; exit 1', { name });
  node.run({ name: 'p', spec: { restartPolicy: 'Never', containers: ['a', 'b', 'c', 'd', 'e'].map(talker) } });
  node.advance(30);
  const message = container(node, 'p', 'c')?.state?.terminated?.message ?? '';
  expect([message.length, message.slice(0, 8)]).toEqual([2457, '789\n0123']);
});

test('ephemeral containers’ statuses stand by name', () => {
  const node = new TestNode();
  node.run({ name: 'p', spec: { containers: [nginx], ephemeralContainers: [sh('sleep 3600', { name: 'z' }), sh('sleep 3600', { name: 'a' })] } });
  node.advance(10);
  expect(node.pod('p').status?.ephemeralContainerStatuses?.map((one) => one.name)).toEqual(['a', 'z']);
});

test('after a reboot init containers begin anew, and what cannot be undone is not shown', () => {
  const node = new TestNode();
  const init = [sh('sleep 20', { name: 'i' }), sh('sleep 3600', { name: 's', restartPolicy: 'Always' })];
  node.run({ name: 'p', spec: { restartPolicy: 'OnFailure', initContainers: init, containers: [sh('sleep 3600')] } });
  node.advance(40);
  expect(node.show('p')).toBe('2/2 Running 0');
  node.run({ name: 'q', spec: { initContainers: init, containers: [sh('sleep 3600')] } });
  node.advance(40);
  node.state.set(nodeFaultKey(NODE), { kind: 'down', since: node.sim.now });
  node.sim.wake(`kubelet/${NODE}`, { namespace: '', name: NODE });
  node.advance(60);
  node.state.delete(nodeFaultKey(NODE));
  node.sim.wake(`kubelet/${NODE}`, { namespace: '', name: NODE });
  node.advance(10);
  // Of the sidecar the runtime knows nothing until it begins again.
  expect(container(node, 'q', 's')).toMatchObject({
    containerID: expect.stringContaining('containerd://'),
    state: { terminated: { reason: 'Unknown', exitCode: 255 } },
  });
  // The status of one that is run again is not sent where what has ended is not started again.
  expect([container(node, 'p', 'i')?.state, container(node, 'q', 'i')?.state]).toEqual([
    { terminated: expect.objectContaining({ reason: 'Completed' }) },
    { running: expect.anything() },
  ]);
  node.advance(60);
  for (const name of ['p', 'q']) expect(node.story(name).slice(4)).toEqual(['2/2 Running 0', '0/2 Unknown 0', '1/2 Unknown 0', '2/2 Running 1']);
});

test('of a pod from elsewhere init containers that had ended are not run again', () => {
  const node = new TestNode();
  const ended = { exitCode: 0, reason: 'Completed', startedAt: '2025-12-31T00:00:00Z', finishedAt: '2025-12-31T00:00:01Z' };
  const status = (name: string, state: object) => ({ name, state, lastState: {}, ready: false, restartCount: 0, image: 'busybox:1.36', imageID: '' });
  node.put('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'u', generation: 1 },
    spec: { nodeName: NODE, restartPolicy: 'Always', initContainers: [sh('sleep 100', { name: 'i' })], containers: [sh('sleep 3600')] },
    status: {
      phase: 'Running',
      startTime: '2025-12-31T00:00:00Z',
      initContainerStatuses: [status('i', { terminated: ended })],
      containerStatuses: [status('c', { terminated: { ...ended, exitCode: 1, reason: 'Error' } })],
    },
  } as never);
  node.sim.settle();
  node.advance(10);
  expect(node.events('p').filter((event) => event.includes('Started'))).toEqual(['Normal Started Started container c']);
});
