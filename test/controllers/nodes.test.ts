/** Nodes that fall silent, taints, eviction and pod garbage collection: controllers.md §10 of the reference. */
import { expect, test } from 'vitest';
import { minutes, seconds } from '../../src/api/time.js';
import { controllers, nodeDownKey } from '../../src/controllers/index.js';
import type { Event } from '../../src/resources/events/types.js';
import type { Node } from '../../src/resources/nodes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { MemoryCluster } from './memory-cluster.js';

const nodeKey = (name: string) => ({ namespace: '', name });
const podKey = (name: string) => ({ namespace: 'default', name });
const defaultTolerations = ['not-ready', 'unreachable'].map(
  (key) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }) as const,
);

function setup(count: number, labels: (i: number) => Record<string, string> = () => ({})) {
  const cluster = new MemoryCluster();
  cluster.add(controllers([], cluster.state));
  const { api } = cluster;
  for (let i = 1; i <= count; i++) {
    const name = `n${i}`;
    api.create<Node>('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: labels(i) }, spec: {} });
    setReady(name, 'True');
  }
  function setReady(name: string, status: 'True' | 'False') {
    const node = api.get<Node>('nodes', nodeKey(name)) as Node;
    const conditions = ['MemoryPressure', 'Ready'].map((type) => ({
      type,
      status: type === 'Ready' ? status : ('False' as const),
      reason: 'Kubelet',
      message: '',
    }));
    api.updateStatus<Node>('nodes', { ...node, status: { conditions } });
  }
  const addPod = (name: string, nodeName: string, tolerations: Pod['spec']['tolerations'] = defaultTolerations) => {
    api.create<Pod>('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [], nodeName, tolerations } });
    cluster.setPodStatus(podKey(name), { phase: 'Running', conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True' })) });
  };
  const fall = (...names: string[]) => {
    for (const name of names) {
      cluster.state.set(nodeDownKey(name), { since: cluster.now });
      api.patch('nodes', nodeKey(name), { type: 'merge', body: { metadata: { annotations: { touched: 'yes' } } } });
    }
  };
  const recover = (name: string) => {
    cluster.state.delete(nodeDownKey(name));
    setReady(name, 'True');
  };
  cluster.advance(seconds(1));
  const node = (name: string) => api.get<Node>('nodes', nodeKey(name)) as Node;
  const taints = (name: string) => (node(name).spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
  const pod = (name: string) => api.get<Pod>('pods', podKey(name));
  return { cluster, api, addPod, fall, recover, node, taints, pod };
}

test('a silent node turns Unknown after 50 s, its pods unready, and they leave after 300 s more', () => {
  const { cluster, addPod, fall, node, taints, pod, recover } = setup(2);
  expect(cluster.eventTexts('n1')).toEqual(['Normal RegisteredNode n1: Node n1 event: Registered Node n1 in Controller']);
  addPod('p', 'n1');
  addPod('stays', 'n1', [{ operator: 'Exists' }]);
  fall('n1');
  cluster.advance(seconds(49));
  expect(node('n1').status?.conditions?.[1]).toMatchObject({ type: 'Ready', status: 'True' });
  cluster.advance(seconds(2));
  expect(node('n1').status?.conditions).toMatchObject(
    ['MemoryPressure', 'Ready', 'DiskPressure', 'PIDPressure'].map((type, i) => ({
      type,
      status: 'Unknown',
      reason: i < 2 ? 'NodeStatusUnknown' : 'NodeStatusNeverUpdated',
      message: i < 2 ? 'Kubelet stopped posting node status.' : 'Kubelet never posted node status.',
    })),
  );
  expect(taints('n1')).toEqual(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']);
  expect(pod('p')?.status?.conditions).toMatchObject([
    { type: 'Ready', status: 'False' },
    { type: 'ContainersReady', status: 'True' },
  ]);
  expect(cluster.eventTexts('n1').at(-1)).toBe('Normal NodeNotReady n1: Node n1 status is now: NodeNotReady');
  expect(cluster.eventTexts('p')).toEqual(['Warning NodeNotReady p: Node is not ready']);
  cluster.advance(seconds(298));
  expect(pod('p')?.metadata.deletionTimestamp).toBeUndefined();
  cluster.advance(seconds(3));
  expect(pod('p')?.metadata.deletionTimestamp).toBeDefined();
  expect(pod('p')?.status?.conditions?.[2]).toMatchObject({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' });
  expect(cluster.eventTexts('p').at(-1)).toBe('Normal TaintManagerEviction p: Marking for deletion Pod default/p');
  // Recorded from a kube-controller-manager v1.33.13: its reference has no uid, so `kubectl describe pod` does not find it.
  const [marking] = cluster.api.list<Event>('events').filter(({ reason }) => reason === 'TaintManagerEviction');
  expect(marking?.involvedObject).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' });
  expect(pod('stays')?.metadata.deletionTimestamp).toBeUndefined();
  recover('n1');
  cluster.advance(seconds(1));
  expect(taints('n1')).toEqual([]);
});

test('a node that comes back in time cancels the deletion', () => {
  const { cluster, addPod, fall, recover, pod } = setup(2);
  addPod('p', 'n1');
  fall('n1');
  cluster.advance(minutes(3));
  recover('n1');
  cluster.advance(minutes(10));
  expect(pod('p')?.metadata.deletionTimestamp).toBeUndefined();
  expect(cluster.eventTexts('p').at(-1)).toBe('Normal TaintManagerEviction p: Cancelling deletion of Pod default/p');
});

test('another taint, not tolerated, cancels the plan and ends the pod at once', () => {
  const { cluster, api, addPod, fall, node, pod } = setup(2);
  addPod('p', 'n1');
  fall('n1');
  cluster.advance(minutes(3));
  const taints = [...(node('n1').spec?.taints ?? []), { key: 'x', effect: 'NoExecute' }];
  api.patch('nodes', nodeKey('n1'), { type: 'merge', body: { spec: { taints } } });
  cluster.advance(seconds(1));
  expect(pod('p')?.metadata.deletionTimestamp).toBeDefined();
  expect(cluster.eventTexts('p').slice(-2)).toEqual([
    'Normal TaintManagerEviction p: Cancelling deletion of Pod default/p',
    'Normal TaintManagerEviction p: Marking for deletion Pod default/p',
  ]);
});

test('when all nodes are down, none is emptied', () => {
  const { cluster, addPod, fall, taints, pod } = setup(1);
  addPod('p', 'n1');
  fall('n1');
  cluster.advance(minutes(20));
  expect(taints('n1')).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
  expect(pod('p')?.metadata.deletionTimestamp).toBeUndefined();
});

test('nodes are emptied one in ten seconds, and not at all when most of a zone is down', () => {
  const { cluster, fall, taints } = setup(6);
  fall('n1', 'n2');
  cluster.advance(seconds(51));
  const evicting = () => ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].filter((name) => taints(name).some((taint) => taint.endsWith('NoExecute')));
  expect(evicting()).toEqual(['n1']);
  cluster.advance(seconds(10));
  expect(evicting()).toEqual(['n1', 'n2']);
  fall('n3', 'n4');
  cluster.advance(minutes(5));
  expect(evicting()).toEqual(['n1', 'n2']);
});

test('a zone of which nothing is left is emptied like any other, while there is another', () => {
  const { cluster, fall, taints } = setup(4, (i) => ({ 'topology.kubernetes.io/zone': i === 4 ? 'b' : 'a' }));
  fall('n1', 'n2', 'n3');
  cluster.advance(seconds(51));
  const evicting = () => ['n1', 'n2', 'n3'].filter((name) => taints(name).some((taint) => taint.endsWith('NoExecute')));
  expect(evicting()).toEqual(['n1']);
  cluster.advance(seconds(20));
  expect(evicting()).toEqual(['n1', 'n2', 'n3']);
});

test('cordoning taints, with the time; pods without a toleration leave a NoExecute taint at once', () => {
  const { cluster, api, addPod, node, pod } = setup(1);
  addPod('p', 'n1');
  api.patch('nodes', nodeKey('n1'), { type: 'merge', body: { spec: { unschedulable: true } } });
  cluster.advance();
  expect(node('n1').spec?.taints).toEqual([{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:01Z' }]);
  api.patch('nodes', nodeKey('n1'), { type: 'merge', body: { spec: { unschedulable: null, taints: [{ key: 'k', value: 'v', effect: 'NoExecute' }] } } });
  cluster.advance();
  expect(node('n1').spec?.taints).toEqual([{ key: 'k', value: 'v', effect: 'NoExecute' }]);
  expect(pod('p')?.metadata.deletionTimestamp).toBeDefined();
});

test('a node that never reported is given a minute', () => {
  const { cluster, api, node } = setup(0);
  api.create<Node>('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'ghost' } });
  cluster.advance(seconds(59));
  expect(node('ghost').status).toBeUndefined();
  cluster.advance(seconds(2));
  expect(node('ghost').status?.conditions?.[0]).toMatchObject({ type: 'Ready', status: 'Unknown', reason: 'NodeStatusNeverUpdated' });
});

test('pods of a node that is deleted are ended and removed within a minute', () => {
  const { cluster, api, addPod, pod } = setup(2);
  addPod('p', 'n1');
  const phases: unknown[] = [];
  api.watch('pods', ({ object }) => phases.push((object as Pod).status?.phase));
  api.delete('nodes', nodeKey('n1'));
  cluster.advance(seconds(30));
  expect(pod('p')).toBeDefined();
  cluster.advance(seconds(31));
  expect(pod('p')).toBeUndefined();
  expect(phases).toEqual(['Failed', 'Failed']);
  expect(cluster.eventTexts('n1').at(-1)).toBe('Normal RemovingNode n1: Node n1 event: Removing Node n1 from Controller');
});
