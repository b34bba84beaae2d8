/** Pods and their claims: which nodes, what is asked of provisioners, and when the pod gets its node. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { PersistentVolumeClaim } from '../../src/resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../src/resources/persistentvolumes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const storageClass = (provisioner: string, mode: string) =>
  ({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' }, provisioner, volumeBindingMode: mode }) as unknown as KubeObject;
const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
} as unknown as KubeObject;
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db' },
  spec: { containers: [{ name: 'c', image: 'nginx' }], volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
} as unknown as KubeObject;
const volume = (node: string) =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv1' },
    spec: {
      storageClassName: 'fast',
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '2Gi' },
      local: { path: '/data' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } },
    },
  }) as unknown as KubeObject;
const message = (c: TestCluster) => c.get<Pod>('pods', 'db').status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
const bind = (c: TestCluster, name: string) => {
  const data = c.get<PersistentVolumeClaim>('persistentvolumeclaims', 'data');
  c.api.update('persistentvolumeclaims', {
    ...data,
    metadata: { ...data.metadata, annotations: { ...data.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' } },
    spec: { ...data.spec, volumeName: name },
  });
  c.advance('0s');
};

test('an unbound claim of an immediate class', () => {
  const c = cluster();
  c.create(storageClass('example.com/none', 'Immediate'));
  c.create(claim);
  c.create(pod);
  expect(message(c)).toBe(
    '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
});

test('a class that waits for its first pod: the node is told, and the pod waits for the volume', () => {
  const c = cluster();
  c.create(storageClass('example.com/disk', 'WaitForFirstConsumer'));
  c.create(claim);
  c.create(pod);
  const node = c.get<PersistentVolumeClaim>('persistentvolumeclaims', 'data').metadata.annotations?.['volume.kubernetes.io/selected-node'];
  expect(node).toBe(c.list('nodes')[0]?.metadata.name);
  expect(c.get<Pod>('pods', 'db').spec.nodeName).toBeUndefined();
  expect(message(c)).toBeUndefined();
  c.create({ ...volume(node as string), spec: { ...(volume(node as string) as unknown as PersistentVolume).spec } } as never);
  bind(c, 'pv1');
  expect(c.get<Pod>('pods', 'db').spec.nodeName).toBe(node);
});

test('no provisioner and no volume', () => {
  const c = cluster();
  c.create(storageClass('kubernetes.io/no-provisioner', 'WaitForFirstConsumer'));
  c.create(claim);
  c.create(pod);
  expect(message(c)).toBe(
    "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
  );
});

test('a local volume draws the pod to its node', () => {
  const c = cluster({ nodes: 3 });
  const target = c.list('nodes').at(-1)?.metadata.name as string;
  c.create(storageClass('kubernetes.io/no-provisioner', 'WaitForFirstConsumer'));
  c.create(volume(target));
  c.create(claim);
  c.create(pod);
  expect(c.get<PersistentVolume>('persistentvolumes', 'pv1').spec.claimRef).toMatchObject({
    kind: 'PersistentVolumeClaim',
    namespace: 'default',
    name: 'data',
  });
  bind(c, 'pv1');
  expect(c.get<Pod>('pods', 'db').spec.nodeName).toBe(target);
});

test('a bound volume that is elsewhere', () => {
  const c = cluster();
  c.create(storageClass('kubernetes.io/no-provisioner', 'WaitForFirstConsumer'));
  c.create(volume('nowhere'));
  c.create(claim);
  bind(c, 'pv1');
  c.create(pod);
  expect(message(c)).toBe(
    "0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
  );
});
