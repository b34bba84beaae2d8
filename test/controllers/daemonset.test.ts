/** DaemonSets against golden/controllers/daemonset.md of the reference. */
import { expect, test } from 'vitest';
import { seconds } from '../../src/api/time.js';
import type { ControllerRevision } from '../../src/resources/controllerrevisions/types.js';
import { daemonsets } from '../../src/resources/daemonsets/index.js';
import type { DaemonSet } from '../../src/resources/daemonsets/types.js';
import type { Node, Taint } from '../../src/resources/nodes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { MemoryCluster } from './memory-cluster.js';

const key = { namespace: 'default', name: 'agent' };
const template = (image = 'nginx:1.26', spec: object = {}) => ({ metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image }], ...spec } });

function story(spec: object = {}) {
  const cluster = new MemoryCluster([daemonsets]);
  const { api } = cluster;
  api.create<DaemonSet>('daemonsets.apps', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: key,
    spec: { selector: { matchLabels: { a: 'b' } }, template: template(), ...spec },
  } as DaemonSet);
  const settle = () => cluster.advance(seconds(1));
  const addNode = (name: string, labels = {}, taints: Taint[] = []) => {
    api.create<Node>('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: taints.length === 0 ? {} : { taints } });
    settle();
  };
  const pods = () => api.list<Pod>('pods');
  const nodeOf = ({ spec }: Pod) =>
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0];
  const ready = (...nodes: string[]) => {
    for (const pod of pods())
      if (!pod.status?.conditions && (nodes.length === 0 || nodes.includes(nodeOf(pod) ?? '')))
        cluster.setPodStatus(
          { namespace: 'default', name: pod.metadata.name ?? '' },
          { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
        );
    settle();
  };
  const patch = (body: object) => {
    api.patch('daemonsets.apps', key, { type: 'merge', body });
    settle();
  };
  /** DESIRED CURRENT READY UP-TO-DATE AVAILABLE. */
  const counts = () => {
    const {
      desiredNumberScheduled,
      currentNumberScheduled,
      numberReady,
      updatedNumberScheduled = 0,
      numberAvailable = 0,
    } = api.get<DaemonSet>('daemonsets.apps', key)?.status ?? {};
    return [desiredNumberScheduled, currentNumberScheduled, numberReady, updatedNumberScheduled, numberAvailable].join(' ');
  };
  const images = () =>
    pods()
      .map((pod) => `${nodeOf(pod)} ${pod.spec.containers[0]?.image}`)
      .sort();
  settle();
  return { cluster, api, settle, addNode, pods, nodeOf, ready, patch, counts, images };
}

test('a pod for every node, and an update one after the other, as recorded', () => {
  const { cluster, api, addNode, pods, ready, patch, counts, images } = story();
  expect(counts()).toBe('0 0 0 0 0');
  addNode('dn1');
  addNode('dn2');
  expect(counts()).toBe('2 2 0 2 0');
  expect(pods().find(({ spec }) => JSON.stringify(spec).includes('dn2'))).toMatchObject({
    metadata: { generateName: 'agent-', labels: { a: 'b', 'controller-revision-hash': '6df9fbc957', 'pod-template-generation': '1' } },
    spec: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['dn2'] }] }] },
        },
      },
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
        { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/disk-pressure', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/pid-pressure', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
      ],
    },
  });
  ready();
  expect(counts()).toBe('2 2 2 2 2');
  patch({ spec: { template: template('nginx:1.27') } });
  expect(counts()).toBe('2 2 1 1 1');
  expect(api.list<ControllerRevision>('controllerrevisions.apps').map(({ metadata, revision }) => `${metadata.name} ${revision}`)).toEqual([
    'agent-6dbc486b76 2',
    'agent-6df9fbc957 1',
  ]);
  ready();
  ready();
  expect(images()).toEqual(['dn1 nginx:1.27', 'dn2 nginx:1.27']);
  expect(api.get<DaemonSet>('daemonsets.apps', key)?.metadata.annotations).toEqual({ 'deprecated.daemonset.template.generation': '2' });
  // Upstream's set hears nothing of a node that goes.
  api.delete('nodes', { namespace: '', name: 'dn2' });
  cluster.advance(seconds(1));
  expect(counts()).toBe('2 2 2 2 2');
  expect(cluster.eventTexts('agent').map((text) => text.replace(/-\w{5}$/, ''))).toEqual([
    'Normal SuccessfulCreate agent: Created pod: agent',
    'Normal SuccessfulCreate agent: Created pod: agent',
    'Normal SuccessfulDelete agent: Deleted pod: agent',
    'Normal SuccessfulCreate agent: Created pod: agent',
    'Normal SuccessfulDelete agent: Deleted pod: agent',
    'Normal SuccessfulCreate agent: Created pod: agent',
  ]);
});

test('selectors, affinity and taints choose the nodes; a NoSchedule taint lets a pod stay', () => {
  const terms = [{ matchExpressions: [{ key: 'size', operator: 'Gt', values: ['3'] }] }];
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } };
  const { api, settle, addNode, pods, nodeOf, counts } = story({ template: template('x', { nodeSelector: { disk: 'ssd' }, affinity }) });
  addNode('fits', { disk: 'ssd', size: '4' });
  addNode('small', { disk: 'ssd', size: '3' });
  addNode('other', { size: '4' });
  addNode('tainted', { disk: 'ssd', size: '4' }, [{ key: 'k', effect: 'NoSchedule' }]);
  expect(pods().map(nodeOf)).toEqual(['fits']);
  const taint = (effect: Taint['effect']) => {
    api.patch('nodes', { namespace: '', name: 'fits' }, { type: 'merge', body: { spec: { taints: [{ key: 'k', effect }] } } });
    settle();
  };
  taint('NoSchedule');
  expect(pods()).toHaveLength(1);
  expect(counts()).toBe('0 0 0 0 0');
  taint('NoExecute');
  expect(pods()).toHaveLength(0);
});

test('failed pods are killed, with a pause that doubles', () => {
  const { cluster, addNode, pods } = story();
  addNode('n1');
  const fail = () => {
    cluster.setPodStatus({ namespace: 'default', name: pods()[0]?.metadata.name ?? '' }, { phase: 'Failed' });
    cluster.advance();
  };
  const first = pods()[0]?.metadata.name;
  fail();
  expect(pods()[0]?.metadata.name).not.toBe(first);
  const second = pods()[0]?.metadata.name;
  fail();
  expect(pods()[0]?.metadata.name).toBe(second);
  cluster.advance(seconds(1));
  expect(pods()[0]?.metadata.name).not.toBe(second);
  const events = cluster.eventTexts('agent').filter((text) => text.includes('FailedDaemonPod'));
  expect(events).toEqual(
    [first, second].map((name) => `Warning FailedDaemonPod agent: Found failed daemon pod default/${name} on node n1, will try to kill it`),
  );
});

test('with surge the old pod stays until the new one is available; OnDelete waits for the user', () => {
  const { addNode, ready, patch, images } = story({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  addNode('n1');
  addNode('n2');
  ready();
  patch({ spec: { template: template('new') } });
  expect(images()).toEqual(['n1 new', 'n1 nginx:1.26', 'n2 nginx:1.26']);
  ready();
  ready();
  expect(images()).toEqual(['n1 new', 'n2 new']);
  patch({ spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null }, template: template('newest') } });
  expect(images()).toEqual(['n1 new', 'n2 new']);
});

test('with surge no new pod is made where none is to run any more; the old one goes when enough others are available', () => {
  const { cluster, api, addNode, ready, patch, images, settle } = story({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  });
  const taint = (name: string) =>
    api.patch('nodes', { namespace: '', name }, { type: 'merge', body: { spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } } });
  addNode('n1');
  addNode('n2');
  ready();
  taint('n1');
  settle();
  expect(images()).toEqual(['n1 nginx:1.26', 'n2 nginx:1.26']);
  patch({ spec: { template: template('new') } });
  expect(images()).toEqual(['n2 new', 'n2 nginx:1.26']);
  expect(cluster.eventTexts('agent').filter((text) => text.includes('SuccessfulDelete'))).toHaveLength(1);
});
