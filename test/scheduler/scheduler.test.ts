/** The scheduler at work in a cluster. */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Event } from '../../src/resources/events/types.js';
import type { Node } from '../../src/resources/nodes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const pod = (name: string, spec: Partial<Pod['spec']> = {}, cpu = '100m'): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }], ...spec },
  }) as unknown as KubeObject;
const nodeOf = (c: TestCluster, name: string): string | undefined => c.get<Pod>('pods', name).spec.nodeName;
const scheduled = (c: TestCluster, name: string) => c.get<Pod>('pods', name).status?.conditions?.find(({ type }) => type === 'PodScheduled');
const events = (c: TestCluster, name: string) =>
  c.list<Event>('events', { namespace: 'default' }).filter((event) => event.involvedObject.name === name && event.reportingComponent === 'default-scheduler');

describe('scheduler', () => {
  test('a pod is bound at once, with an event', () => {
    const c = cluster();
    c.create(pod('web'));
    expect(nodeOf(c, 'web')).toBeDefined();
    expect(scheduled(c, 'web')?.status).toBe('True');
    const [event] = events(c, 'web');
    expect(event).toMatchObject({
      reason: 'Scheduled',
      message: `Successfully assigned default/web to ${nodeOf(c, 'web')}`,
      type: 'Normal',
      action: 'Binding',
    });
  });

  test('what does not fit says why, and is tried again when room is made', () => {
    const c = cluster({ nodes: 1, cpu: '2' });
    c.create(pod('big', {}, '800m'));
    c.create(pod('late', {}, '700m'));
    expect(nodeOf(c, 'late')).toBeUndefined();
    expect(scheduled(c, 'late')).toMatchObject({ status: 'False', reason: 'Unschedulable' });
    expect(scheduled(c, 'late')?.message).toMatch(
      /^0\/\d+ nodes are available: .*1 Insufficient cpu.*\. preemption: 0\/\d+ nodes are available: .*No preemption victims found for incoming pod.*\.$/,
    );
    expect(events(c, 'late').map((event) => event.reason)).toEqual(['FailedScheduling']);
    c.delete('pods', 'big');
    c.advance('40s');
    expect(nodeOf(c, 'late')).toBeDefined();
    expect(
      events(c, 'late')
        .map((event) => event.reason)
        .sort(),
    ).toEqual(['FailedScheduling', 'Scheduled']);
  });

  test('without a change it is tried again after five minutes', () => {
    const c = cluster();
    c.create(pod('never', { nodeSelector: { no: 'where' } }));
    const [first] = events(c, 'never');
    c.advance('299s');
    expect(events(c, 'never')[0]).toEqual(first);
    // The condition has been written since: of another version of the pod, it is another Event. The third try counts on that one.
    c.advance('2s');
    expect(events(c, 'never').map(({ series }) => series?.count)).toEqual([undefined, undefined]);
    c.advance('5m');
    expect(events(c, 'never').map(({ series }) => series?.count)).toEqual([undefined, 2]);
  });

  test('a label on a node brings the pod back', () => {
    const c = cluster();
    c.create(pod('picky', { nodeSelector: { disk: 'ssd' } }));
    expect(nodeOf(c, 'picky')).toBeUndefined();
    const [node] = c.list<KubeObject>('nodes');
    c.advance('5s');
    c.api.update('nodes', { ...(node as KubeObject), metadata: { ...(node as KubeObject).metadata, labels: { ...node?.metadata.labels, disk: 'ssd' } } });
    c.advance('0s');
    expect(nodeOf(c, 'picky')).toBe(node?.metadata.name);
  });

  test('a change of the pod itself brings it back', () => {
    const c = cluster({ nodes: 1 });
    const [node] = c.list<KubeObject>('nodes');
    c.api.update('nodes', { ...(node as KubeObject), spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } } as never);
    c.create(pod('shy'));
    expect(scheduled(c, 'shy')?.message).toMatch(/untolerated taint \{gpu: yes\}/);
    c.advance('3s');
    const shy = c.get<Pod>('pods', 'shy');
    c.api.update('pods', { ...shy, spec: { ...shy.spec, tolerations: [...(shy.spec.tolerations ?? []), { key: 'gpu', operator: 'Exists' }] } });
    c.advance('0s');
    expect(nodeOf(c, 'shy')).toBe(node?.metadata.name);
  });

  /** As recorded: tries at 26.4, 28.0, 31.0 s: the second in which 1, 2, 4, 8, 10, 10 … s end is waited out. */
  test('without nodes it is tried again and again, after a back-off that grows to ten seconds', () => {
    const c = cluster({ nodes: 1 });
    const [node] = c.list<Node>('nodes');
    c.delete('nodes', node?.metadata.name as string);
    c.advance('400ms');
    c.create(pod('early'));
    const tries = [];
    for (let second = 0; second < 40; second++) {
      tries.push(c.cluster.state.get<{ attempts: number }>('scheduler/pods/default/early')?.attempts);
      c.advance('1s');
    }
    expect(scheduled(c, 'early')?.message).toBe('no nodes available to schedule pods');
    // prettier-ignore
    expect(tries).toEqual([1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6]);
  });

  test('what may help brings a pod back at once (SchedulerPopFromBackoffQ)', () => {
    const c = cluster({ nodes: 1 });
    const [node] = c.list<Node>('nodes');
    c.create(pod('picky', { nodeSelector: { disk: 'ssd' } }));
    for (const value of ['1', '2']) {
      const now = c.get<Node>('nodes', node?.metadata.name as string);
      c.api.update('nodes', { ...now, spec: { ...now.spec, taints: [{ key: 'n', value, effect: 'PreferNoSchedule' }] } } as Node);
      c.advance('10ms');
    }
    expect(events(c, 'picky').reduce((sum, event) => sum + (event.series?.count ?? 1), 0)).toBe(3);
  });

  test('a pod that was promised room leaves none to its equals', () => {
    const c = cluster({ nodes: 1, cpu: '2' });
    c.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 } as unknown as KubeObject);
    c.create(pod('low', { terminationGracePeriodSeconds: 30 }, '800m'));
    c.advance('5s');
    c.create(pod('first', { priorityClassName: 'high' }, '700m'));
    c.create(pod('second', { priorityClassName: 'high' }, '700m'));
    expect(c.get<Pod>('pods', 'first').status?.nominatedNodeName).toBeDefined();
    expect(c.get<Pod>('pods', 'second').status?.nominatedNodeName).toBeUndefined();
    expect(scheduled(c, 'second')?.message).toBe('0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Insufficient cpu.');
    // It goes, and its equals may try.
    c.delete('pods', 'first');
    expect(c.get<Pod>('pods', 'second').status?.nominatedNodeName).toBeDefined();
  });

  test.each([
    ['99', 2],
    ['200m', 3],
  ])('a new node is of interest if the pod fits it; that it becomes ready, to all: %s', (cpu, tries) => {
    const c = cluster({ nodes: 1, cpu: '1' });
    c.create(pod('there', {}, '600m'));
    c.create(pod('waits', {}, cpu));
    const [node] = c.list<Node>('nodes');
    c.api.create('nodes', { ...(node as Node), metadata: { name: 'more' }, spec: { taints: [{ key: 'no', effect: 'NoSchedule' }] } } as Node, {});
    c.advance('0s');
    expect(c.cluster.state.get<{ attempts: number }>('scheduler/pods/default/waits')?.attempts).toBe(tries);
  });

  /** Recorded from a kube-scheduler v1.33.13: which changes make it look at a pod again that found no node (QueueingHints). */
  const [HOST, OS] = ['kubernetes.io/hostname', 'kubernetes.io/os'];
  const near = (x: string) => ({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: HOST, labelSelector: { matchLabels: { x } } }] } },
  });
  const away = (x: string) => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: OS, labelSelector: { matchLabels: { x } } }] } },
  });
  const labelled = (name: string, x: string, spec: object = {}) => {
    const made = pod(name, spec);
    return { ...made, metadata: { ...made.metadata, labels: { x } } } as typeof made;
  };
  const port = (hostPort: number) => ({ containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort }] }] });
  const relabel = (x: string) => (c: TestCluster) => {
    const there = c.get<Pod>('pods', 'there');
    c.api.update('pods', { ...there, metadata: { ...there.metadata, labels: { x } } });
  };
  const change = (patch: (node: Node) => Node) => (c: TestCluster) => c.api.update('nodes', patch(c.list<Node>('nodes')[0] as Node));
  const label = change((node) => ({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, n: '1' } } }));
  const tainted = change((node) => ({ ...node, spec: { ...node.spec, taints: [{ key: 't', effect: 'PreferNoSchedule' }] } }));
  const end = (c: TestCluster) => c.request('DELETE', '/api/v1/namespaces/default/pods/there', { gracePeriodSeconds: 0 });
  const asking = (requests: Readonly<Record<string, string>>) => ({ containers: [{ name: 'c', image: 'nginx', resources: { requests } }] });
  const resize = (requests: Readonly<Record<string, string>>) => (c: TestCluster) => {
    const sent = { spec: asking(requests) };
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    expect(c.request('PATCH', '/api/v1/namespaces/default/pods/there/resize', sent, headers).status).toBe(200);
  };
  test.each([
    ['affinity: another pod', labelled('there', 'a'), pod('waits', near('b')), (c: TestCluster) => c.create(labelled('more', 'c')), 1],
    ['affinity: a pod gets another label', labelled('there', 'a'), pod('waits', near('b')), relabel('c'), 1],
    ['affinity: a pod gets the label', labelled('there', 'a'), pod('waits', near('b')), relabel('b'), 2],
    ['affinity: a label of a node', labelled('there', 'a'), pod('waits', near('b')), label, 1],
    ['affinity: a taint', labelled('there', 'a'), pod('waits', near('b')), tainted, 2],
    ['anti-affinity: the pod goes', labelled('there', 'b'), pod('waits', away('b')), end, 2],
    ['anti-affinity: the pod loses the label', labelled('there', 'b'), pod('waits', away('b')), relabel('a'), 2],
    ['anti-affinity of the other: it goes', labelled('there', 'a', away('b')), labelled('waits', 'b'), end, 1],
    ['resources: a pod goes', pod('there'), pod('waits', { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '99' } } }] }), end, 2],
    ['resources: a pod is given more', pod('there', asking({ cpu: '1m' })), pod('waits', asking({ cpu: '99' })), resize({ cpu: '2m' }), 1],
    ['resources: a pod is given less', pod('there', asking({ cpu: '2m' })), pod('waits', asking({ cpu: '99' })), resize({ cpu: '1m' }), 2],
    ['resources: a pod is given less of another', pod('there', asking({ memory: '2Mi' })), pod('waits', asking({ cpu: '99' })), resize({ memory: '1Mi' }), 1],
    ['selector: a pod goes', pod('there'), pod('waits', { nodeSelector: { disk: 'ssd' } }), end, 1],
    ['selector: another label', pod('there'), pod('waits', { nodeSelector: { disk: 'ssd' } }), label, 1],
    ['selector: a taint', pod('there'), pod('waits', { nodeSelector: { disk: 'ssd' } }), tainted, 2],
    ['ports: the pod with the port goes', pod('there', port(8080)), pod('waits', port(8080)), end, 2],
  ])('%s', (_, there, waits, happens, tries) => {
    const c = cluster({ nodes: 1 });
    c.create(there);
    c.advance('5s');
    c.create(waits);
    c.advance('2s');
    happens(c);
    c.advance('5s');
    expect(events(c, 'waits').reduce((sum, { series }) => sum + (series?.count ?? 1), 0)).toBe(tries);
  });

  test('gates keep a pod away from the scheduler', () => {
    const c = cluster();
    c.create(pod('gated', { schedulingGates: [{ name: 'example.com/wait' }] }));
    expect(nodeOf(c, 'gated')).toBeUndefined();
    expect(events(c, 'gated')).toEqual([]);
    const gated = c.get<Pod>('pods', 'gated');
    const { schedulingGates: _, ...spec } = gated.spec;
    c.api.update('pods', { ...gated, spec });
    c.advance('0s');
    expect(nodeOf(c, 'gated')).toBeDefined();
  });

  test('another scheduler’s pods are left alone', () => {
    const c = cluster();
    c.create(pod('other', { schedulerName: 'mine' }));
    expect(nodeOf(c, 'other')).toBeUndefined();
    expect(scheduled(c, 'other')).toBeUndefined();
  });

  test('more important pods take the place of others', () => {
    const c = cluster({ nodes: 1, cpu: '2' });
    c.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 } as unknown as KubeObject);
    c.create(pod('low', {}, '800m'));
    c.advance('5s');
    c.create(pod('high', { priorityClassName: 'high' }, '700m'));
    const high = c.get<Pod>('pods', 'high');
    expect(high.status?.nominatedNodeName).toBe(nodeOf(c, 'low'));
    expect(scheduled(c, 'high')?.message).toMatch(/^0\/\d+ nodes are available: .*1 Insufficient cpu[^:]*\.$/);
    const low = c.get<Pod>('pods', 'low');
    expect(low.metadata.deletionTimestamp).toBeDefined();
    expect(low.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    expect(events(c, 'low').map((event) => event.message)).toContain(`Preempted by pod ${high.metadata.uid} on node ${high.status?.nominatedNodeName}`);
    c.advance('60s');
    expect(c.has('pods', 'low')).toBe(false);
    expect(nodeOf(c, 'high')).toBe(high.status?.nominatedNodeName);
    // The kubelet's first status forgets it.
    expect(c.get<Pod>('pods', 'high').status?.nominatedNodeName).toBeUndefined();
  });

  test('a claim that does not exist, and then does', () => {
    const c = cluster();
    c.create(pod('db', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }));
    expect(scheduled(c, 'db')?.message).toMatch(
      /^0\/(\d+) nodes are available: persistentvolumeclaim "data" not found\. preemption: 0\/\1 nodes are available: \1 Preemption is not helpful for scheduling\.$/,
    );
  });

  test('pods spread over the nodes', () => {
    const c = cluster({ nodes: 4 });
    for (let i = 0; i < 8; i++) c.create(pod(`p${i}`));
    const counts = new Map<string, number>();
    for (let i = 0; i < 8; i++) counts.set(nodeOf(c, `p${i}`) as string, (counts.get(nodeOf(c, `p${i}`) as string) ?? 0) + 1);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
  });

  test('the same seed gives the same places', () => {
    const places = () => {
      const c = cluster({ nodes: 4, seed: 7 });
      for (let i = 0; i < 6; i++) c.create(pod(`p${i}`, {}, '0'));
      return Array.from({ length: 6 }, (_, i) => nodeOf(c, `p${i}`)).join();
    };
    expect(places()).toBe(places());
  });
});
