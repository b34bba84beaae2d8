/** StatefulSets against golden/controllers/statefulset.md of the reference. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { seconds } from '../../src/api/time.js';
import { controllers } from '../../src/controllers/index.js';
import type { ControllerRevision } from '../../src/resources/controllerrevisions/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { statefulsets } from '../../src/resources/statefulsets/index.js';
import type { StatefulSet } from '../../src/resources/statefulsets/types.js';
import { views } from '../../src/resources/views.js';
import { MemoryCluster, merge } from './memory-cluster.js';

const key = { namespace: 'default', name: 'db' };
const template = (image = 'nginx:1.26') => ({ metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image }] } });
const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }];

function story(spec: object = {}) {
  const cluster = new MemoryCluster([statefulsets]);
  cluster.add(
    controllers(
      views.map(({ names }) => names),
      cluster.state,
    ).filter(({ name }) => name === 'garbage-collector-controller'),
  );
  const { api } = cluster;
  api.create<StatefulSet>('statefulsets.apps', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: key,
    spec: { replicas: 3, serviceName: 'db', selector: { matchLabels: { a: 'b' } }, template: template(), volumeClaimTemplates, ...spec },
  } as StatefulSet);
  const settle = () => cluster.advance(seconds(1));
  const pods = () => api.list<Pod>('pods');
  const ready = (count = Number.POSITIVE_INFINITY) => {
    let left = count;
    for (const { metadata, status } of pods())
      if (!status?.conditions && left-- > 0)
        cluster.setPodStatus(
          { namespace: 'default', name: metadata.name ?? '' },
          { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
        );
    settle();
  };
  const patch = (body: object) => {
    api.patch('statefulsets.apps', key, { type: 'merge', body });
    settle();
  };
  const images = () => pods().map(({ metadata, spec }) => `${metadata.name} ${spec.containers[0]?.image}`);
  settle();
  return { cluster, api, settle, pods, ready, patch, images, set: () => api.get<StatefulSet>('statefulsets.apps', key) as StatefulSet };
}
const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);

test('creation in order, an update from the end, scaling down, as recorded', () => {
  const { cluster, api, pods, ready, patch, images, set } = story();
  expect(names(pods())).toEqual(['db-0']);
  expect(names(api.list('persistentvolumeclaims'))).toEqual(['data-db-0']);
  expect(pods()[0]).toMatchObject({
    metadata: {
      generateName: 'db-',
      labels: { a: 'b', 'apps.kubernetes.io/pod-index': '0', 'controller-revision-hash': 'db-6f87dc954c', 'statefulset.kubernetes.io/pod-name': 'db-0' },
      ownerReferences: [{ apiVersion: 'apps/v1', blockOwnerDeletion: true, controller: true, kind: 'StatefulSet', name: 'db' }],
    },
    spec: { hostname: 'db-0', subdomain: 'db', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }] },
  });
  expect(api.list('persistentvolumeclaims')[0]).toMatchObject({ metadata: { labels: { a: 'b' } }, spec: { accessModes: ['ReadWriteOnce'] } });
  for (let i = 0; i < 3; i++) ready();
  expect(names(pods())).toEqual(['db-0', 'db-1', 'db-2']);
  expect(set().status).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3, currentRevision: 'db-6f87dc954c' });

  patch(merge({}, { spec: { template: template('nginx:1.27') } }) as object);
  expect(images()).toEqual(['db-0 nginx:1.26', 'db-1 nginx:1.26', 'db-2 nginx:1.27']);
  expect(pods()[2]?.metadata.labels?.['controller-revision-hash']).toBe('db-867f64f548');
  expect(set().status).toMatchObject({ currentReplicas: 2, updatedReplicas: 1, currentRevision: 'db-6f87dc954c', updateRevision: 'db-867f64f548' });
  for (let i = 0; i < 3; i++) ready();
  expect(images()).toEqual(['db-0 nginx:1.27', 'db-1 nginx:1.27', 'db-2 nginx:1.27']);

  patch({ spec: { replicas: 1 } });
  expect(names(pods())).toEqual(['db-0']);
  expect(names(api.list('persistentvolumeclaims'))).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
  expect(set().status).toEqual({
    availableReplicas: 1,
    collisionCount: 0,
    currentReplicas: 1,
    currentRevision: 'db-867f64f548',
    observedGeneration: 3,
    readyReplicas: 1,
    replicas: 1,
    updateRevision: 'db-867f64f548',
    updatedReplicas: 1,
  });
  expect(api.list<ControllerRevision>('controllerrevisions.apps').map(({ metadata, revision }) => `${metadata.name} ${revision}`)).toEqual([
    'db-6f87dc954c 1',
    'db-867f64f548 2',
  ]);
  expect(cluster.eventTexts('db')).toEqual([
    'Normal SuccessfulCreate db: create Claim data-db-0 Pod db-0 in StatefulSet db success',
    'Normal SuccessfulCreate db: create Pod db-0 in StatefulSet db successful x2',
    'Normal SuccessfulCreate db: create Claim data-db-1 Pod db-1 in StatefulSet db success',
    'Normal SuccessfulCreate db: create Pod db-1 in StatefulSet db successful x2',
    'Normal SuccessfulCreate db: create Claim data-db-2 Pod db-2 in StatefulSet db success',
    'Normal SuccessfulCreate db: create Pod db-2 in StatefulSet db successful x2',
    'Normal SuccessfulDelete db: delete Pod db-2 in StatefulSet db successful x2',
    'Normal SuccessfulDelete db: delete Pod db-1 in StatefulSet db successful x2',
    'Normal SuccessfulDelete db: delete Pod db-0 in StatefulSet db successful',
  ]);
});

test('in parallel all at once; a start ordinal; no claims', () => {
  const { pods, ready, set } = story({ podManagementPolicy: 'Parallel', ordinals: { start: 5 }, volumeClaimTemplates: undefined });
  expect(names(pods())).toEqual(['db-5', 'db-6', 'db-7']);
  ready();
  expect(set().status).toMatchObject({ readyReplicas: 3 });
});

test('a partition keeps lower ordinals, also when they are recreated', () => {
  const { api, settle, ready, patch, images } = story({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
  for (let i = 0; i < 3; i++) ready();
  patch({ spec: { template: template('nginx:1.27') } });
  ready();
  expect(images()).toEqual(['db-0 nginx:1.26', 'db-1 nginx:1.26', 'db-2 nginx:1.27']);
  api.delete('pods', { namespace: 'default', name: 'db-0' });
  settle();
  expect(images()[0]).toBe('db-0 nginx:1.26');
});

/** updateStatefulSet of pkg/controller/statefulset/stateful_set_control.go: the count goes down whatever revision the pod was of. */
test('a pod of a third revision that goes is taken off the current ones until the next look', () => {
  const { api, ready, patch, set } = story({ podManagementPolicy: 'Parallel', volumeClaimTemplates: undefined });
  for (let i = 0; i < 3; i++) ready();
  patch({ spec: { template: template('nginx:2') } });
  const counts: (number | undefined)[] = [];
  api.watch('statefulsets.apps', ({ object }) => void counts.push((object as StatefulSet).status?.currentReplicas));
  patch({ spec: { template: template('nginx:3') } });
  expect(counts).toContain(1);
  expect(set().status?.currentReplicas).toBe(2);
});

test('a template that comes back gets its old revision, with a new number; OnDelete waits for the user', () => {
  const { api, settle, ready, patch, images } = story({ replicas: 1, updateStrategy: { type: 'OnDelete' } });
  ready();
  patch({ spec: { template: template('nginx:1.27') } });
  expect(images()).toEqual(['db-0 nginx:1.26']);
  api.delete('pods', { namespace: 'default', name: 'db-0' });
  settle();
  expect(images()).toEqual(['db-0 nginx:1.27']);
  patch({ spec: { template: template() } });
  expect(api.list<ControllerRevision>('controllerrevisions.apps').map(({ metadata, revision }) => `${metadata.name} ${revision}`)).toEqual([
    'db-6f87dc954c 3',
    'db-867f64f548 2',
  ]);
});

test('a broken update blocks; a failed pod is replaced', () => {
  const { cluster, ready, patch, images, pods } = story({ replicas: 2 });
  ready();
  ready();
  patch({ spec: { template: template('broken') } });
  expect(images()).toEqual(['db-0 nginx:1.26', 'db-1 broken']);
  patch({ spec: { template: template('nginx:1.27') } });
  // The pod that is not ready has to be deleted by hand.
  expect(images()).toEqual(['db-0 nginx:1.26', 'db-1 broken']);
  cluster.setPodStatus({ namespace: 'default', name: 'db-1' }, { phase: 'Failed' });
  cluster.advance(seconds(1));
  expect(images()).toEqual(['db-0 nginx:1.26', 'db-1 nginx:1.27']);
  expect(pods()).toHaveLength(2);
});

test('claims go with the set or with a scaled pod where the policy says so', () => {
  const { api, settle, ready, patch } = story({ replicas: 2, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } });
  ready();
  ready();
  ready();
  expect(api.list('persistentvolumeclaims').map(({ metadata }) => metadata.ownerReferences?.map(({ kind }) => kind))).toEqual([
    ['StatefulSet'],
    ['StatefulSet'],
  ]);
  patch({ spec: { replicas: 1 } });
  expect(names(api.list('persistentvolumeclaims'))).toEqual(['data-db-0']);
  api.delete('statefulsets.apps', key);
  settle();
  expect(api.list('persistentvolumeclaims')).toEqual([]);
});

test('claims are owned from the start, and a policy that changes is told', () => {
  const { cluster, api, settle, ready, patch } = story({ replicas: 2, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' } });
  const owners = () => api.list('persistentvolumeclaims').map(({ metadata }) => metadata.ownerReferences?.map(({ kind }) => kind));
  expect(owners()).toEqual([['StatefulSet']]);
  ready();
  ready();
  patch({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain' } } });
  expect(owners()).toEqual([undefined, undefined]);
  expect(cluster.eventTexts('db').slice(-2)).toEqual([
    'Normal SuccessfulUpdate db: update Pod db-0 in StatefulSet db successful',
    'Normal SuccessfulUpdate db: update Pod db-1 in StatefulSet db successful',
  ]);
  api.delete('statefulsets.apps', key);
  settle();
  expect(names(api.list('persistentvolumeclaims'))).toEqual(['data-db-0', 'data-db-1']);
});

test('a pod waits until the claim of the one before it is gone; a claim that somebody else controls is left alone', () => {
  const { cluster, api, settle, ready, patch } = story({ replicas: 2, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' } });
  ready();
  ready();
  const claim = { namespace: 'default', name: 'data-db-1' };
  api.patch('persistentvolumeclaims', claim, { type: 'merge', body: { metadata: { finalizers: ['x/y'] } } });
  patch({ spec: { replicas: 1 } });
  patch({ spec: { replicas: 2 } });
  expect(names(api.list('pods'))).toEqual(['db-0']);
  api.patch('persistentvolumeclaims', claim, { type: 'merge', body: { metadata: { finalizers: null } } });
  settle();
  expect(names(api.list('pods'))).toEqual(['db-0', 'db-1']);
  ready();
  const other = { apiVersion: 'example.com/v1', kind: 'Keeper', name: 'k', uid: 'k', controller: true };
  api.patch('persistentvolumeclaims', claim, { type: 'merge', body: { metadata: { ownerReferences: [other] } } });
  patch({ spec: { replicas: 1 } });
  expect(api.get('persistentvolumeclaims', claim)?.metadata.ownerReferences).toEqual([other]);
  expect(cluster.eventTexts('db').some((text) => text.includes('FailedCreate'))).toBe(false);
});

test('a negative revisionHistoryLimit keeps all', () => {
  const { api, ready, patch } = story({ replicas: 1, revisionHistoryLimit: -1 });
  for (const image of ['2', '3', '4']) {
    ready();
    patch({ spec: { template: template(image) } });
  }
  ready();
  expect(api.list('controllerrevisions.apps')).toHaveLength(4);
});

test('in parallel a failure stops what comes after its batch', () => {
  const { cluster, ready, patch, pods } = story({ podManagementPolicy: 'Parallel', volumeClaimTemplates: undefined });
  ready();
  cluster.api.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name: 'db-3' }, spec: { containers: [] } } as KubeObject);
  patch({ spec: { replicas: 9 } });
  // db-3 is nobody's, and of the batches of 1, 2 and 4 pods the last has it.
  expect(names(pods())).toEqual(['db-0', 'db-1', 'db-2', 'db-3', 'db-4', 'db-5', 'db-6']);
});

test('a pod of another name is not adopted, whatever its labels', () => {
  const { api, settle } = story({ replicas: 1 });
  const orphan = (name: string) =>
    api.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name, labels: { a: 'b' } }, spec: { containers: [] } } as KubeObject);
  orphan('other');
  orphan('db-7');
  settle();
  expect(api.list<Pod>('pods').map(({ metadata }) => [metadata.name, metadata.ownerReferences?.length ?? 0])).toEqual([
    ['db-0', 1],
    ['db-7', 1],
    ['other', 0],
  ]);
});
