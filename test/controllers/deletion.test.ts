/** Garbage collection and namespace deletion against golden/controllers/{garbage-collection,namespace-deletion}.md of the reference. */
import { expect, test } from 'vitest';
import type { KubeObject, ObjectMeta } from '../../src/api/object.js';
import { minutes, seconds } from '../../src/api/time.js';
import type { DeleteOptions } from '../../src/api/verbs.js';
import { controllers } from '../../src/controllers/index.js';
import type { ConfigMap } from '../../src/resources/configmaps/types.js';
import { deployments } from '../../src/resources/deployments/index.js';
import type { Namespace } from '../../src/resources/namespaces/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { replicasets } from '../../src/resources/replicasets/index.js';
import { views } from '../../src/resources/views.js';
import { MemoryCluster } from './memory-cluster.js';

function setup() {
  const cluster = new MemoryCluster([deployments, replicasets]);
  const all = controllers(
    views.map(({ names }) => names),
    cluster.state,
  );
  cluster.state.set('cluster/ca.crt', 'CERTIFICATE');
  cluster.add(all);
  const { api } = cluster;
  api.create<Namespace>('namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default' },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  cluster.advance(seconds(1));
  return { cluster, api };
}

const key = { namespace: 'default', name: 'web' };
function deployment() {
  const world = setup();
  world.api.create('deployments.apps', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: key,
    spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'x' }] } } },
  } as KubeObject);
  world.cluster.advance(seconds(1));
  const remains = () => ['deployments.apps', 'replicasets.apps', 'pods'].flatMap((resource) => world.api.list(resource)).map(describe);
  return { ...world, remains };
}
const describe = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.finalizers?.join() ?? '-'} ${metadata.ownerReferences?.map(({ kind }) => kind).join() ?? '-'}`;

test.each<[DeleteOptions['propagationPolicy'], string[]]>([
  ['Background', []],
  ['Foreground', []],
  ['Orphan', ['ReplicaSet - -', 'Pod - ReplicaSet']],
])('%s deletion of a deployment', (propagationPolicy, left) => {
  const { cluster, api, remains } = deployment();
  expect(remains()).toEqual(['Deployment - -', 'ReplicaSet - Deployment', 'Pod - ReplicaSet']);
  api.delete('deployments.apps', key, { propagationPolicy: propagationPolicy ?? 'Background' });
  cluster.advance(seconds(1));
  expect(remains()).toEqual(left);
});

// e2e: Garbage collector "should not be blocked by dependency circle"
test('three that own each other do not wait for each other', () => {
  const { cluster, api } = setup();
  const names = ['a', 'b', 'c'];
  const made = names.map((name) => api.create<ConfigMap>('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } }));
  made.forEach((owner, i) => {
    const owned = made[(i + 1) % 3] as ConfigMap;
    const reference = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: owner.metadata.name ?? '',
      uid: owner.metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    };
    api.update<ConfigMap>('configmaps', { ...owned, metadata: { ...owned.metadata, ownerReferences: [reference] } });
  });
  cluster.advance(seconds(1));
  const left = () =>
    api
      .list('configmaps', { namespace: 'default' })
      .map(({ metadata }) => metadata.name)
      .filter((name) => names.includes(name ?? ''));
  expect(left()).toEqual(names);
  api.delete('configmaps', { namespace: 'default', name: 'a' }, { propagationPolicy: 'Foreground' });
  cluster.advance(seconds(1));
  expect(left()).toEqual([]);
});

test('foreground deletion waits for a pod that is still terminating', () => {
  const { cluster, api, remains } = deployment();
  const [pod] = api.list<Pod>('pods') as [Pod];
  api.update<Pod>('pods', { ...pod, spec: { ...pod.spec, nodeName: 'n1' } });
  api.delete('deployments.apps', key, { propagationPolicy: 'Foreground' });
  cluster.advance(seconds(1));
  expect(remains()).toEqual(['Deployment foregroundDeletion -', 'ReplicaSet foregroundDeletion Deployment', 'Pod - ReplicaSet']);
  api.delete('pods', { namespace: 'default', name: pod.metadata.name ?? '' }, { gracePeriodSeconds: 0 });
  cluster.advance(seconds(1));
  expect(remains()).toEqual([]);
});

const configMap = (name: string, metadata: ObjectMeta = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', ...metadata },
});
const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);

test('an object whose owner never was is collected; with another owner only the reference goes', () => {
  const { cluster, api } = setup();
  const owner = api.create('configmaps', configMap('owner'));
  const reference = (name: string, uid = 'nobody') => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid });
  api.create('configmaps', configMap('lost', { ownerReferences: [reference('gone')] }));
  api.create('configmaps', configMap('kept', { ownerReferences: [reference('gone'), reference('owner', owner.metadata.uid)] }));
  api.create('configmaps', configMap('custom', { ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Unknown', name: 'x', uid: 'y' }] }));
  cluster.advance(seconds(1));
  expect(names(api.list('configmaps'))).toEqual(['custom', 'kept', 'kube-root-ca.crt', 'owner']);
  expect(api.get('configmaps', { namespace: 'default', name: 'kept' })?.metadata.ownerReferences).toEqual([reference('owner', owner.metadata.uid)]);
  api.delete('configmaps', { namespace: 'default', name: 'owner' });
  cluster.advance(seconds(1));
  expect(names(api.list('configmaps'))).toEqual(['custom', 'kube-root-ca.crt']);
});

test('an owner in another namespace counts as absent, with an event', () => {
  const { cluster, api } = setup();
  const owner = api.create('configmaps', configMap('owner', { namespace: 'other' }));
  api.create('configmaps', configMap('x', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid ?? '' }] }));
  cluster.advance(seconds(1));
  expect(api.get('configmaps', { namespace: 'default', name: 'x' })).toBeUndefined();
  expect(cluster.eventTexts('x')).toEqual([
    `Warning OwnerRefInvalidNamespace x: ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: ${owner.metadata.uid}] does not exist in namespace "default"`,
  ]);
});

test('a namespace gets its account and certificate, and gets them back', () => {
  const { cluster, api } = setup();
  expect(names(api.list('serviceaccounts'))).toEqual(['default']);
  api.delete('serviceaccounts', { namespace: 'default', name: 'default' });
  api.patch('configmaps', { namespace: 'default', name: 'kube-root-ca.crt' }, { type: 'merge', body: { data: { 'ca.crt': 'forged' } } });
  cluster.advance(seconds(1));
  expect(names(api.list('serviceaccounts'))).toEqual(['default']);
  expect(api.get<ConfigMap>('configmaps', { namespace: 'default', name: 'kube-root-ca.crt' })?.data).toEqual({ 'ca.crt': 'CERTIFICATE' });
});

const namespaceKey = { namespace: '', name: 'default' };
const conditions = (api: ReturnType<typeof setup>['api']) =>
  api.get<Namespace>('namespaces', namespaceKey)?.status.conditions?.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);

test('a namespace with content that has a finalizer waits for it', () => {
  const { cluster, api } = setup();
  api.create('configmaps', configMap('keep', { finalizers: ['example.com/f'] }));
  api.delete('namespaces', namespaceKey);
  cluster.advance(seconds(6));
  expect(conditions(api)).toEqual([
    'NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered',
    'NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed',
    'NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization',
    'NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances',
    'NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/f in 1 resource instances',
  ]);
  expect(names(api.list('serviceaccounts'))).toEqual([]);
  api.patch('configmaps', { namespace: 'default', name: 'keep' }, { type: 'merge', body: { metadata: { finalizers: null } } });
  cluster.advance(seconds(9));
  expect(api.get('namespaces', namespaceKey)).toBeUndefined();
});

/** TestUpdateConditions of pkg/controller/namespace/deletion/status_condition_utils_test.go. */
test('another count of what is left is no transition, and the conditions of others stay where they are', () => {
  const { cluster, api } = setup();
  api.create('configmaps', configMap('a', { finalizers: ['example.com/f'] }));
  api.create('configmaps', configMap('b', { finalizers: ['example.com/f'] }));
  const namespace = api.get<Namespace>('namespaces', namespaceKey) as Namespace;
  const remaining = { type: 'NamespaceContentRemaining', status: 'False', reason: 'x', message: '', lastTransitionTime: '2025-01-01T00:00:00Z' };
  api.updateStatus<Namespace>('namespaces', { ...namespace, status: { ...namespace.status, conditions: [remaining, { type: 'Mine', status: 'True' }] } });
  api.delete('namespaces', namespaceKey);
  const condition = () => api.get<Namespace>('namespaces', namespaceKey)?.status.conditions?.[0];
  cluster.advance(seconds(6));
  expect(condition()?.message).toMatch(/has 2 resource instances/);
  const since = condition()?.lastTransitionTime;
  api.patch('configmaps', { namespace: 'default', name: 'a' }, { type: 'merge', body: { metadata: { finalizers: null } } });
  cluster.advance(minutes(1));
  expect(condition()?.message).toMatch(/has 1 resource instances/);
  expect(condition()?.lastTransitionTime).toBe(since);
  expect(api.get<Namespace>('namespaces', namespaceKey)?.status.conditions?.[1]?.type).toBe('Mine');
});

test('pods go before everything else, and have their grace', () => {
  const { cluster, api } = setup();
  const spec = { containers: [], nodeName: 'n1', terminationGracePeriodSeconds: 30 };
  api.create<Pod>('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec });
  api.delete('namespaces', namespaceKey);
  cluster.advance(seconds(4));
  expect(api.get('pods', { namespace: 'default', name: 'p' })?.metadata.deletionTimestamp).toBeUndefined();
  cluster.advance(seconds(2));
  expect(api.get('pods', { namespace: 'default', name: 'p' })?.metadata.deletionTimestamp).toBeDefined();
  expect(names(api.list('serviceaccounts'))).toEqual(['default']);
  expect(conditions(api)?.[3]).toBe('NamespaceContentRemaining False ContentRemoved: All content successfully removed');
  api.delete('pods', { namespace: 'default', name: 'p' }, { gracePeriodSeconds: 0 });
  cluster.advance(minutes(1));
  expect(api.get('namespaces', namespaceKey)).toBeUndefined();
});
