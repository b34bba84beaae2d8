/** Disruption budgets against golden/controllers/pdb.md and controllers.md §8 of the reference. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { formatTime, minutes, seconds } from '../../src/api/time.js';
import { deployments } from '../../src/resources/deployments/index.js';
import { poddisruptionbudgets } from '../../src/resources/poddisruptionbudgets/index.js';
import type { PodDisruptionBudget } from '../../src/resources/poddisruptionbudgets/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { replicasets } from '../../src/resources/replicasets/index.js';
import { MemoryCluster } from './memory-cluster.js';

const key = { namespace: 'default', name: 'w' };

function story(spec: object, replicas = 3) {
  const cluster = new MemoryCluster([deployments, replicasets, poddisruptionbudgets]);
  const { api } = cluster;
  const labels = { app: 'w' };
  if (replicas > 0)
    api.create('deployments.apps', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: key,
      spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x' }] } } },
    } as KubeObject);
  api.create<PodDisruptionBudget>('poddisruptionbudgets.policy', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: key,
    spec: { selector: { matchLabels: labels }, ...spec },
  });
  cluster.advance(seconds(1));
  const pods = () => api.list<Pod>('pods');
  const ready = (count = 99) => {
    for (const { metadata } of pods().slice(0, count))
      cluster.setPodStatus({ namespace: 'default', name: metadata.name ?? '' }, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
    cluster.advance(seconds(1));
  };
  const budget = () => api.get<PodDisruptionBudget>('poddisruptionbudgets.policy', key) as PodDisruptionBudget;
  /** allowed, healthy, desired, expected */
  const counts = () => {
    const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = budget().status ?? {};
    return [disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods];
  };
  return { cluster, api, pods, ready, budget, counts };
}

test('minAvailable, as recorded', () => {
  const { budget, ready, counts } = story({ minAvailable: 2 });
  expect(budget().status).toEqual({
    conditions: [
      {
        lastTransitionTime: '2026-01-01T00:00:00Z',
        message: '',
        observedGeneration: 1,
        reason: 'InsufficientPods',
        status: 'False',
        type: 'DisruptionAllowed',
      },
    ],
    currentHealthy: 0,
    desiredHealthy: 2,
    disruptionsAllowed: 0,
    expectedPods: 3,
    observedGeneration: 1,
  });
  ready();
  expect(counts()).toEqual([1, 3, 2, 3]);
  expect(budget().status?.conditions?.[0]).toMatchObject({ status: 'True', reason: 'SufficientPods' });
});

test.each<[object, number[]]>([
  [{ minAvailable: '50%' }, [1, 3, 2, 3]],
  [{ maxUnavailable: 1 }, [1, 3, 2, 3]],
  [{ maxUnavailable: '30%' }, [1, 3, 2, 3]],
  [{ maxUnavailable: 5 }, [3, 3, 0, 3]],
  [{ minAvailable: '100%' }, [0, 3, 3, 3]],
])('%j', (spec, expected) => {
  const { ready, counts } = story(spec);
  ready();
  expect(counts()).toEqual(expected);
});

test('no pods, as recorded; pods without a controller', () => {
  const none = story({ maxUnavailable: 1 }, 0);
  expect(none.counts()).toEqual([0, 0, 0, 0]);
  expect(none.cluster.eventTexts('w')).toEqual(['Normal NoPods w: No matching pods found x2']);
  expect(none.cluster.events()[0]?.source).toEqual({ component: 'controllermanager' });
  none.api.create<Pod>('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', labels: { app: 'w' } },
    spec: { containers: [] },
  });
  none.cluster.advance(seconds(1));
  expect(none.cluster.eventTexts('w').at(-1)).toContain(
    'Warning UnmanagedPods w: Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: w,},MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged.',
  );
});

test('pods of what cannot be scaled', () => {
  const { cluster, api, budget } = story({ maxUnavailable: 1 }, 0);
  api.create<Pod>('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'default',
      labels: { app: 'w' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'u', controller: true }],
    },
    spec: { containers: [] },
  });
  cluster.advance(seconds(1));
  expect(budget().status?.conditions?.[0]).toMatchObject({
    status: 'False',
    reason: 'SyncFailed',
    message: 'jobs.batch does not implement the scale subresource',
  });
  // Evictions are told that the budget is still being processed.
  api.patch('poddisruptionbudgets.policy', key, { type: 'merge', body: { spec: { maxUnavailable: 2 } } });
  cluster.advance(seconds(1));
  expect(budget()).toMatchObject({ metadata: { generation: 2 }, status: { observedGeneration: 1 } });
});

/** TestScaleResource, TestUnsupportedControllerPod of pkg/controller/disruption/disruption_test.go. */
test('pods of a custom resource are counted by its scale subresource', () => {
  const { cluster, api, budget, ready, counts } = story({ maxUnavailable: 5 }, 0);
  const message = () => budget().status?.conditions?.[0]?.message;
  for (let i = 0; i < 4; i++)
    api.create<Pod>('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `p${i}`,
        namespace: 'default',
        labels: { app: 'w' },
        ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Shard', name: 's', uid: 'u', controller: true }],
      },
      spec: { containers: [] },
    });
  cluster.advance(seconds(1));
  expect(message()).toBe('no matches for kind "Shard" in version "example.com/v1"');
  const again = () => {
    api.patch('poddisruptionbudgets.policy', key, { type: 'merge', body: { metadata: { annotations: { at: String(cluster.now) } } } });
    cluster.advance(seconds(1));
  };
  const define = (subresources: object) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'shards.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'shards', kind: 'Shard' },
      versions: [{ name: 'v1', served: true, storage: true, subresources }],
    },
  });
  const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
  api.create(definitions, define({}) as KubeObject);
  again();
  expect(message()).toBe('shards.example.com does not implement the scale subresource');
  const paths = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' };
  api.update(definitions, { ...define({ scale: paths }), metadata: { ...api.list(definitions)[0]?.metadata } } as KubeObject);
  again();
  expect(message()).toBe('found no controllers for pod "p0"');
  const { uid } = api.create('shards.example.com', {
    apiVersion: 'example.com/v1',
    kind: 'Shard',
    metadata: { name: 's', namespace: 'default' },
    spec: { size: 10 },
  } as KubeObject).metadata;
  for (const pod of api.list<Pod>('pods'))
    api.update<Pod>('pods', {
      ...pod,
      metadata: { ...pod.metadata, ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Shard', name: 's', uid: uid ?? '', controller: true }] },
    });
  ready();
  again();
  expect(counts()).toEqual([0, 4, 5, 10]);
});

test('an evicted pod is not counted until it is gone, or two minutes have passed', () => {
  const { cluster, api, pods, ready, budget, counts } = story({ minAvailable: 2 });
  ready();
  const name = pods()[0]?.metadata.name ?? '';
  api.updateStatus('poddisruptionbudgets.policy', {
    ...budget(),
    status: { ...budget().status, disruptionsAllowed: 0, disruptedPods: { [name]: formatTime(cluster.now) } },
  } as PodDisruptionBudget);
  cluster.advance(seconds(1));
  expect(counts()).toEqual([0, 2, 2, 3]);
  cluster.advance(minutes(3));
  expect(counts()).toEqual([1, 3, 2, 3]);
  expect(cluster.eventTexts(name).at(-1)).toBe(`Warning NotDeleted ${name}: Pod was expected by PDB default/default to be deleted but it wasn't`);
});
