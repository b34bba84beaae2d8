/** Lives of pods as a kubelet makes them: what STATUS shows, and when. */
import { describe, expect, test } from 'vitest';
import { TestNode } from './node.js';

const nginx = { containers: [{ name: 'web', image: 'nginx:1.27' }] };
const sh = (script: string, more: object = {}) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script], ...more });

describe('a pod that runs', () => {
  test('goes from ContainerCreating to Running with the events of a first pull', () => {
    const node = new TestNode();
    node.run({ name: 'web', spec: nginx });
    expect(node.show('web')).toBe('0/1 ContainerCreating 0');
    node.advance(20);
    expect(node.story('web')).toEqual(['0/1 Pending 0', '0/1 ContainerCreating 0', '1/1 Running 0']);
    const pod = node.pod('web');
    expect(pod.status).toMatchObject({ phase: 'Running', podIP: '10.244.0.2', hostIP: '172.18.0.2', startTime: '2026-01-01T00:00:00Z' });
    expect(pod.status?.conditions?.map((one) => `${one.type}=${one.status}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(pod.status?.containerStatuses?.[0]).toMatchObject({
      image: 'docker.io/library/nginx:1.27',
      imageID: expect.stringMatching(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/),
      containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
      started: true,
      ready: true,
    });
    expect(node.events('web')).toEqual([
      'Normal Pulling Pulling image "nginx:1.27"',
      expect.stringMatching(/^Normal Pulled Successfully pulled image "nginx:1.27" in [\d.]+m?s \([\d.]+m?s including waiting\)\. Image size: \d+ bytes\.$/),
      'Normal Created Created container: web',
      'Normal Started Started container web',
    ]);
  });

  test('the second pod of a node finds the image there', () => {
    const node = new TestNode();
    node.run({ name: 'one', spec: nginx });
    node.advance(20);
    node.run({ name: 'two', spec: nginx });
    node.advance(5);
    expect(node.show('two')).toBe('1/1 Running 0');
    expect(node.pod('two').status?.podIP).toBe('10.244.0.3');
    expect(node.events('two')[0]).toBe('Normal Pulled Container image "nginx:1.27" already present on machine');
  });
});

describe('a container that exits', () => {
  test('is restarted at once, then after 10, 20, 40, 80, 160, 300 seconds', () => {
    const node = new TestNode();
    node.run({ name: 'crash', spec: { containers: [sh('exit 1')] } });
    node.advance(1300);
    const starts = [0];
    for (const { at, text } of node.history.get('crash') ?? []) {
      const restarts = Number(text.split(' ')[2]);
      if (restarts > starts.length - 1) starts.push(at);
    }
    const gaps = starts.slice(2).map((at, i) => Math.round(at - (starts[i + 1] as number)));
    expect(gaps.slice(0, 6)).toEqual([10, 20, 40, 80, 160, 300]);
    expect(node.story('crash').slice(0, 8)).toEqual([
      '0/1 Pending 0',
      '0/1 ContainerCreating 0',
      '0/1 Error 0',
      '0/1 Error 1',
      '0/1 CrashLoopBackOff 1',
      '0/1 Error 2',
      '0/1 CrashLoopBackOff 2',
      '0/1 Error 3',
    ]);
    expect(node.pod('crash').status?.phase).toBe('Running');
  });

  test.each([
    ['Always', 0, 'Running'],
    ['OnFailure', 0, 'Succeeded'],
    ['Never', 0, 'Succeeded'],
    ['OnFailure', 3, 'Running'],
    ['Never', 3, 'Failed'],
  ])('%s and exit code %i come to phase %s', (restartPolicy, code, phase) => {
    const node = new TestNode();
    node.run({ name: 'p', spec: { restartPolicy, containers: [sh(`sleep 5; exit ${code}`)] } });
    node.advance(60);
    expect(node.pod('p').status?.phase).toBe(phase);
  });
});

describe('deletion', () => {
  test('nginx is gone soon after SIGQUIT', () => {
    const node = new TestNode();
    node.run({ name: 'web', spec: nginx });
    node.advance(20);
    node.delete('web');
    expect(node.show('web')).toBe('1/1 Terminating 0');
    node.advance(3);
    expect(node.find('web')).toBeUndefined();
    expect(node.events('web').at(-1)).toBe('Normal Killing Stopping container web');
    expect(node.state.keys('nodes/podsim-control-plane/pods/')).toEqual([]);
    expect(node.state.keys('nodes/podsim-control-plane/sandboxes/')).toEqual([]);
  });
  test('sleep as process 1 lives out its grace period', () => {
    const node = new TestNode();
    node.run({ name: 'deaf', spec: { containers: [{ name: 'c', image: 'busybox', args: ['sleep', '3600'] }] } });
    node.advance(10);
    node.delete('deaf');
    node.advance(29);
    expect(node.show('deaf')).toBe('1/1 Terminating 0');
    node.advance(4);
    expect(node.find('deaf')).toBeUndefined();
  });
});
