/** Nodes under pressure, and pods the kubelet finds running. */
import { describe, expect, test } from 'vitest';
import { pressureKey } from '../../src/kubelet/index.js';
import type { Node } from '../../src/resources/nodes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { node as makeNode, NODE, TestNode } from './node.js';

const nginx = { name: 'web', image: 'nginx:1.27' };
const conditions = [
  { type: 'MemoryPressure', status: 'False' },
  { type: 'DiskPressure', status: 'False' },
];
const healthy = () => {
  const made = makeNode();
  return { ...made, status: { ...(made.status as object), capacity: { 'ephemeral-storage': '50Gi', memory: '8Gi' }, conditions } };
};

describe('memory pressure', () => {
  const under = () => {
    const node = new TestNode({ node: healthy() as never });
    node.run({ name: 'frugal', spec: { containers: [{ ...nginx, resources: { requests: { memory: '64Mi' } } }] } });
    node.run({ name: 'greedy', spec: { containers: [{ name: 'db', image: 'mongo' }] } });
    node.run({ name: 'critical', spec: { priority: 2_000_001_000, containers: [{ name: 'db', image: 'redis' }] } });
    node.advance(60);
    node.state.set(pressureKey(NODE), ['memory']);
    node.sim.wake(`kubelet/${NODE}`, { namespace: '', name: NODE });
    node.advance(30);
    return node;
  };
  test('shows in the node’s conditions and events', () => {
    const node = under();
    expect(node.api.get<Node>('nodes', { namespace: '', name: NODE })?.status?.conditions?.[0]).toMatchObject({
      type: 'MemoryPressure',
      status: 'True',
      reason: 'KubeletHasInsufficientMemory',
      message: 'kubelet has insufficient memory available',
    });
    expect(node.events(NODE)).toEqual([
      'Warning EvictionThresholdMet Attempting to reclaim memory',
      `Normal NodeHasInsufficientMemory Node ${NODE} status is now: NodeHasInsufficientMemory`,
    ]);
  });
  test('says what was asked for as it was asked for, of sidecars too', () => {
    const node = new TestNode({ node: healthy() as never });
    const asks = { resources: { requests: { memory: '100M' } } };
    const initContainers = [{ name: 'beside', image: 'mongo', restartPolicy: 'Always', ...asks }];
    node.run({ name: 'greedy', spec: { initContainers, containers: [{ name: 'db', image: 'redis', ...asks }] } });
    node.advance(60);
    node.state.set(pressureKey(NODE), ['memory']);
    node.sim.wake(`kubelet/${NODE}`, { namespace: '', name: NODE });
    node.advance(30);
    expect(node.pod('greedy').status?.message).toBe(
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 81896Ki. Container beside was using 160Mi, request is 100M, has larger consumption of memory. ',
    );
  });
  test('costs the pod that takes most beyond its request, and no other', () => {
    const node = under();
    const message =
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 81896Ki. Container db was using 160Mi, request is 0, has larger consumption of memory. ';
    expect(node.pod('greedy').status).toMatchObject({ phase: 'Failed', reason: 'Evicted', message });
    expect(node.pod('greedy').status?.conditions?.find((one) => one.type === 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'TerminationByKubelet',
      message,
    });
    expect(node.events('greedy').slice(-2)).toEqual([`Warning Evicted ${message}`, 'Normal Killing Stopping container db']);
    expect(node.show('frugal')).toBe('1/1 Running 0');
    expect(node.show('critical')).toBe('1/1 Running 0');
  });
});

describe('a pod of a loaded cluster', () => {
  const loaded = (status: object): TestNode => {
    const node = new TestNode();
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'old', namespace: 'default', uid: 'u', generation: 1 },
      spec: { nodeName: NODE, containers: [{ ...nginx, imagePullPolicy: 'IfNotPresent' }] },
      status: { startTime: '2025-12-01T00:00:00Z', podIP: '10.244.0.77', ...status },
    };
    node.put('pods', pod as never);
    node.advance(5);
    return node;
  };
  const running = {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'web',
        ready: true,
        started: true,
        restartCount: 3,
        image: 'docker.io/library/nginx:1.27',
        imageID: 'x',
        containerID: 'containerd://abc',
        state: { running: { startedAt: '2025-12-02T00:00:00Z' } },
        lastState: {},
      },
    ],
  };
  test('goes on running as it was', () => {
    const node = loaded(running);
    expect(node.show('old')).toBe('1/1 Running 3');
    expect(node.events('old')).toEqual([]);
    expect(node.pod('old').status).toMatchObject({
      startTime: '2025-12-01T00:00:00Z',
      podIP: '10.244.0.77',
      containerStatuses: [{ containerID: 'containerd://abc', state: { running: { startedAt: '2025-12-02T00:00:00Z' } } }],
    });
    expect(node.runtime.sandboxAt('10.244.0.77')).toBeDefined();
    node.delete('old');
    node.advance(3);
    expect(node.find('old')).toBeUndefined();
  });
  test('that has ended is left alone', () => {
    const status = {
      phase: 'Succeeded',
      containerStatuses: [{ ...running.containerStatuses[0], ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    };
    const node = loaded(status);
    expect((node.pod('old') as Pod).status).toMatchObject(status);
    expect(node.writes).toBe(0);
    node.delete('old');
    expect(node.find('old')).toBeUndefined();
  });
});
