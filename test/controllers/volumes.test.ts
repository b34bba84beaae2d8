/** Claims and volumes find each other, and part: pkg/controller/volume/persistentvolume; golden texts in controllers.md §14 of the reference. */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Event } from '../../src/resources/events/types.js';
import type { PersistentVolumeClaim } from '../../src/resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../src/resources/persistentvolumes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

type Spec = Readonly<Record<string, unknown>>;
const object = (apiVersion: string, kind: string, name: string, more: Readonly<Record<string, unknown>>): KubeObject =>
  ({ apiVersion, kind, metadata: { name }, ...more }) as unknown as KubeObject;
const volume = (name: string, size: string, spec: Spec = {}): KubeObject =>
  object('v1', 'PersistentVolume', name, {
    spec: { capacity: { storage: size }, accessModes: ['ReadWriteOnce'], hostPath: { path: `/tmp/${name}` }, storageClassName: 'manual', ...spec },
  });
const claim = (name: string, size: string, spec: Spec = {}): KubeObject =>
  object('v1', 'PersistentVolumeClaim', name, {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, storageClassName: 'manual', ...spec },
  });
const pod = (name: string, claimName: string, spec: Spec = {}): KubeObject =>
  object('v1', 'Pod', name, {
    spec: {
      containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/data' }] }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }],
      ...spec,
    },
  });
const storageClass = (name: string, provisioner: string, more: Readonly<Record<string, unknown>> = {}): KubeObject =>
  object('storage.k8s.io/v1', 'StorageClass', name, { provisioner, ...more });

const claimOf = (c: TestCluster, name: string) => c.get<PersistentVolumeClaim>('persistentvolumeclaims', name);
const volumeOf = (c: TestCluster, name: string) => c.get<PersistentVolume>('persistentvolumes', name);
const eventsOf = (c: TestCluster, name: string) =>
  c
    .list<Event>('events')
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ type, reason, message, count }) => `${type} ${reason} x${count ?? 1} ${message}`);

/** TestSync of pkg/controller/volume/persistentvolume/binder_test.go, cases 2-2 and 1-3. */
test('a claim that says it is bound, and is not, waits again', () => {
  const c = cluster();
  c.create(claim('x', '1Gi', { volumeName: 'nowhere' }));
  c.create(claim('y', '1Gi', { storageClassName: '' }));
  for (const name of ['x', 'y']) {
    const status = { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } };
    c.api.updateStatus('persistentvolumeclaims', { ...claimOf(c, name), status } as KubeObject);
    c.advance('1s');
    expect(claimOf(c, name).status).toEqual({ phase: 'Pending' });
  }
});

describe('which volume a claim gets', () => {
  const cases: readonly (readonly [string, readonly KubeObject[], KubeObject, string | undefined])[] = [
    ['the smallest that is large enough', [volume('a', '5Gi'), volume('b', '3Gi'), volume('c', '1Gi')], claim('x', '2Gi'), 'b'],
    [
      'one with no more access modes than it asks for, although larger',
      [volume('a', '1Gi', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }), volume('b', '9Gi'), volume('c', '5Gi')],
      claim('x', '1Gi'),
      'c',
    ],
    ['none that is too small', [volume('a', '1Gi')], claim('x', '2Gi'), undefined],
    ['none of another class', [volume('a', '1Gi', { storageClassName: 'other' })], claim('x', '1Gi'), undefined],
    ['no class is a class too', [volume('a', '1Gi', { storageClassName: '' })], claim('x', '1Gi', { storageClassName: '' }), 'a'],
    ['all modes are needed', [volume('a', '1Gi')], claim('x', '1Gi', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }), undefined],
    ['no block device for a file system', [volume('a', '1Gi', { volumeMode: 'Block' })], claim('x', '1Gi'), undefined],
    [
      'the one reserved for it, although larger',
      [volume('a', '1Gi'), volume('b', '9Gi', { claimRef: { namespace: 'default', name: 'x' } })],
      claim('x', '1Gi'),
      'b',
    ],
    ['none reserved for another', [volume('a', '1Gi', { claimRef: { namespace: 'default', name: 'y' } })], claim('x', '1Gi'), undefined],
    ['the one it names', [volume('a', '1Gi'), volume('b', '9Gi')], claim('x', '1Gi', { volumeName: 'b' }), 'b'],
    ['none without the label', [volume('a', '1Gi')], claim('x', '1Gi', { selector: { matchLabels: { disk: 'ssd' } } }), undefined],
  ];
  test.each(cases)('%s', (_, volumes, wanted, expected) => {
    const c = cluster({ nodes: 1 });
    for (const one of volumes) c.create(one);
    c.create(wanted);
    c.advance('1s');
    const { spec, status } = claimOf(c, 'x');
    expect(status.phase).toBe(expected === undefined ? 'Pending' : 'Bound');
    if (expected !== undefined) expect(spec.volumeName).toBe(expected);
    expect(c.list<PersistentVolume>('persistentvolumes').map((one) => [one.metadata.name, one.status.phase])).toEqual(
      volumes.map(({ metadata }) => [metadata.name, metadata.name === expected ? 'Bound' : 'Available']),
    );
  });
});

test('what is written on both sides tells who made the bond', () => {
  const c = cluster({ nodes: 1 });
  c.create(volume('free', '2Gi'));
  c.create(volume('reserved', '9Gi', { claimRef: { namespace: 'default', name: 'lucky' } }));
  c.create(claim('any', '1Gi'));
  c.create(claim('lucky', '1Gi'));
  c.advance('1s');
  expect(volumeOf(c, 'free').metadata.annotations).toEqual({ 'pv.kubernetes.io/bound-by-controller': 'yes' });
  expect(volumeOf(c, 'free').spec.claimRef).toMatchObject({
    kind: 'PersistentVolumeClaim',
    namespace: 'default',
    name: 'any',
    uid: claimOf(c, 'any').metadata.uid,
  });
  expect(volumeOf(c, 'reserved').metadata.annotations).toBeUndefined();
  expect(volumeOf(c, 'reserved').spec.claimRef?.uid).toBe(claimOf(c, 'lucky').metadata.uid);
  expect(claimOf(c, 'any').metadata.annotations).toEqual({ 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' });
  expect(claimOf(c, 'any').status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } });
});

describe('what a claim that stays pending says, every 15 seconds', () => {
  const cases: readonly (readonly [string, readonly KubeObject[], KubeObject, string])[] = [
    [
      'no class',
      [],
      claim('x', '1Gi', { storageClassName: '' }),
      'Normal FailedBinding x3 no persistent volumes available for this claim and no storage class is set',
    ],
    ['unknown class', [], claim('x', '1Gi'), 'Warning ProvisioningFailed x3 storageclass.storage.k8s.io "manual" not found'],
    [
      'class without provisioner',
      [storageClass('manual', 'kubernetes.io/no-provisioner')],
      claim('x', '1Gi'),
      'Warning ProvisioningFailed x3 no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
    [
      'no pod',
      [],
      claim('x', '1Gi', { storageClassName: 'standard' }),
      'Normal WaitForFirstConsumer x3 waiting for first consumer to be created before binding',
    ],
    [
      'a pod that fits nowhere',
      [pod('p', 'x', { nodeSelector: { no: 'such' } })],
      claim('x', '1Gi', { storageClassName: 'standard' }),
      'Normal WaitForPodScheduled x3 waiting for pod p to be scheduled',
    ],
    [
      'too small a volume by name',
      [volume('v', '1Gi')],
      claim('x', '2Gi', { volumeName: 'v' }),
      'Warning VolumeMismatch x3 Cannot bind to requested volume "v": requested PV is too small',
    ],
    [
      'a volume of somebody else by name',
      [volume('v', '1Gi', { claimRef: { namespace: 'other', name: 'y' } })],
      claim('x', '1Gi', { volumeName: 'v' }),
      'Warning FailedBinding x3 volume "v" already bound to a different claim.',
    ],
  ];
  test.each(cases)('%s', (_, before, wanted, expected) => {
    const c = cluster({ nodes: 1 });
    for (const one of before) c.create(one);
    c.create(wanted);
    c.advance('31s');
    expect(claimOf(c, 'x').status.phase).toBe('Pending');
    expect(eventsOf(c, 'x')).toEqual([expected]);
  });

  test('it finds a volume that comes later', () => {
    const c = cluster({ nodes: 1 });
    c.create(claim('x', '1Gi'));
    c.advance('5s');
    c.create(volume('v', '1Gi'));
    c.advance('9s');
    expect(claimOf(c, 'x').status.phase).toBe('Pending');
    c.advance('2s');
    expect(claimOf(c, 'x').status.phase).toBe('Bound');
  });

  test('a default class that comes later is given to it', () => {
    const c = cluster({ nodes: 1 });
    c.delete('storageclasses.storage.k8s.io', 'standard');
    const { storageClassName: _, ...spec } = (claim('x', '1Gi') as unknown as PersistentVolumeClaim).spec;
    c.create(object('v1', 'PersistentVolumeClaim', 'x', { spec }));
    c.create({
      ...storageClass('late', 'rancher.io/local-path'),
      metadata: { name: 'late', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    });
    c.advance('16s');
    expect(claimOf(c, 'x').spec.storageClassName).toBe('late');
  });
});

describe('volumes made for a claim', () => {
  test('on the node the scheduler has chosen', () => {
    const c = cluster({ nodes: 3 });
    c.create(claim('x', '1Gi', { storageClassName: 'standard' }));
    c.create(pod('p', 'x'));
    c.advance('15s');
    const { spec, metadata } = claimOf(c, 'x');
    const made = volumeOf(c, `pvc-${metadata.uid}`);
    const node = c.get<Pod>('pods', 'p').spec.nodeName;
    expect(spec.volumeName).toBe(made.metadata.name);
    expect(made.spec.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.[0]?.values).toEqual([node]);
    expect(made.spec).toMatchObject({ persistentVolumeReclaimPolicy: 'Delete', storageClassName: 'standard', capacity: { storage: '1Gi' } });
    expect(made.status.phase).toBe('Bound');
    expect(c.get<Pod>('pods', 'p').status?.phase).toBe('Running');
  });

  test('local-path makes none for many writers, and none without a node', () => {
    const c = cluster({ nodes: 1 });
    c.create(storageClass('now', 'rancher.io/local-path'));
    c.create(claim('many', '1Gi', { storageClassName: 'standard', accessModes: ['ReadWriteMany'] }));
    c.create(pod('p', 'many'));
    c.create(claim('early', '1Gi', { storageClassName: 'now' }));
    c.advance('10s');
    expect(eventsOf(c, 'many')).toContain(
      'Warning ProvisioningFailed x1 failed to provision volume with StorageClass "standard": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
    );
    expect(eventsOf(c, 'early')).toContain(
      'Warning ProvisioningFailed x1 failed to provision volume with StorageClass "now": configuration error, no node was specified',
    );
    expect(c.get<Pod>('pods', 'p').spec.nodeName).toBeFalsy();
  });

  test('at once, of a class that binds immediately', () => {
    const c = cluster({ nodes: 1 });
    c.create(storageClass('now', 'k8s.io/minikube-hostpath'));
    c.create(claim('x', '1Gi', { storageClassName: 'now' }));
    c.advance('1s');
    expect(volumeOf(c, claimOf(c, 'x').spec.volumeName as string).spec.hostPath?.path).toBe('/tmp/hostpath-provisioner/default/x');
    expect(claimOf(c, 'x').status.phase).toBe('Bound');
  });

  test('by nobody, if nobody is there to do it', () => {
    const c = cluster({ nodes: 1 });
    c.create(storageClass('ebs', 'ebs.csi.aws.com'));
    c.create(claim('x', '1Gi', { storageClassName: 'ebs' }));
    c.advance('31s');
    expect(eventsOf(c, 'x')).toEqual([
      "Normal ExternalProvisioning x4 Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ]);
    c.create(pod('p', 'x'));
    c.advance('1s');
    expect(c.get<Pod>('pods', 'p').status?.conditions?.[0]?.message).toBe(
      '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    );
  });

  test('a StatefulSet and each of its pods', () => {
    const c = cluster({ nodes: 2 });
    const labels = { app: 'web' };
    c.create(
      object('apps/v1', 'StatefulSet', 'web', {
        spec: {
          serviceName: 'web',
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'www', mountPath: '/www' }] }] } },
          volumeClaimTemplates: [{ metadata: { name: 'www' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
        },
      }),
    );
    c.advance('60s');
    expect(['web-0', 'web-1'].map((name) => c.get<Pod>('pods', name).status?.phase)).toEqual(['Running', 'Running']);
    expect(['www-web-0', 'www-web-1'].map((name) => claimOf(c, name).status.phase)).toEqual(['Bound', 'Bound']);
  });
});

describe('when the claim has gone', () => {
  const cases: readonly (readonly [string, Spec, string | undefined, readonly string[]])[] = [
    ['Retain', { persistentVolumeReclaimPolicy: 'Retain' }, 'Released', []],
    ['Delete, below /tmp', { persistentVolumeReclaimPolicy: 'Delete' }, undefined, []],
    [
      'Delete, elsewhere',
      { persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/mnt/data' } },
      'Failed',
      ['Warning VolumeFailedDelete x1 host_path deleter only supports /tmp/.+ but received provided /mnt/data'],
    ],
    [
      'Delete, a volume nothing deletes',
      { persistentVolumeReclaimPolicy: 'Delete', hostPath: undefined, nfs: { server: 'n', path: '/' } },
      'Failed',
      ['Warning VolumeFailedDelete x1 error getting deleter volume plugin for volume "v": no deletable volume plugin matched'],
    ],
    ['Recycle', { persistentVolumeReclaimPolicy: 'Recycle' }, 'Available', ['Normal VolumeRecycled x1 Volume recycled']],
  ];
  test.each(cases)('%s', (_, spec, phase, events) => {
    const c = cluster({ nodes: 1 });
    c.create(volume('v', '1Gi', spec));
    c.create(claim('x', '1Gi'));
    c.advance('1s');
    expect(volumeOf(c, 'v').status.phase).toBe('Bound');
    c.delete('persistentvolumeclaims', 'x');
    c.advance('20s');
    expect(c.has('persistentvolumes', 'v') ? volumeOf(c, 'v').status.phase : undefined).toBe(phase);
    expect(eventsOf(c, 'v')).toEqual(events);
  });

  test('what is Released is not for a new claim of the same name', () => {
    const c = cluster({ nodes: 1 });
    c.create(volume('v', '1Gi'));
    c.create(claim('x', '1Gi'));
    c.advance('1s');
    c.delete('persistentvolumeclaims', 'x');
    c.create(claim('x', '1Gi'));
    c.advance('20s');
    expect([claimOf(c, 'x').status.phase, volumeOf(c, 'v').status.phase]).toEqual(['Pending', 'Released']);
  });
});

test('a volume that is deleted stays while it is bound; torn away, its claim is Lost', () => {
  const c = cluster({ nodes: 1 });
  c.create(volume('v', '1Gi'));
  c.create(claim('x', '1Gi'));
  c.advance('1s');
  c.delete('persistentvolumes', 'v');
  c.advance('1s');
  const { finalizers: _, ...metadata } = volumeOf(c, 'v').metadata;
  expect(metadata.deletionTimestamp).toBeDefined();
  c.api.update('persistentvolumes', { ...volumeOf(c, 'v'), metadata });
  c.advance('1s');
  expect(claimOf(c, 'x').status).toEqual({ phase: 'Lost' });
  expect(eventsOf(c, 'x')).toEqual(['Warning ClaimLost x1 Bound claim has lost its PersistentVolume. Data on the volume is lost!']);
});

test('a pod put on a node by hand waits for its claim', () => {
  const c = cluster({ nodes: 1 });
  c.create(pod('p', 'x', { nodeName: 'podsim-control-plane' }));
  c.advance('5s');
  const unmounted =
    'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC default/x: ';
  expect(eventsOf(c, 'p')).toEqual([`Warning FailedMount x1 ${unmounted}failed to fetch PVC from API server: persistentvolumeclaims "x" not found`]);
  c.create(claim('x', '1Gi'));
  c.advance('16s');
  expect(eventsOf(c, 'p')[1]).toMatch(`Warning FailedMount x1 ${unmounted}PVC is not bound`);
  c.create(volume('v', '1Gi'));
  c.advance('60s');
  expect(c.get<Pod>('pods', 'p').status?.phase).toBe('Running');
});

describe('a generic ephemeral volume', () => {
  const ephemeral = (name: string): KubeObject =>
    pod(name, '', {
      volumes: [
        {
          name: 'v',
          ephemeral: {
            volumeClaimTemplate: {
              metadata: { labels: { type: 'scratch' }, annotations: { note: 'n' } },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          },
        },
      ],
    });

  test('has a claim of the pod’s, which goes with it', () => {
    const c = cluster({ nodes: 1 });
    c.create(ephemeral('p'));
    c.advance('10s');
    const { uid } = c.get<Pod>('pods', 'p').metadata;
    const { metadata, spec, status } = claimOf(c, 'p-v');
    expect(metadata).toMatchObject({
      labels: { type: 'scratch' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid, controller: true, blockOwnerDeletion: true }],
    });
    expect(metadata.annotations?.['note']).toBe('n');
    expect([spec.storageClassName, status.phase, c.get<Pod>('pods', 'p').status?.phase]).toEqual(['standard', 'Bound', 'Running']);
    c.delete('pods', 'p');
    c.advance('40s');
    expect([c.has('persistentvolumeclaims', 'p-v'), c.list('persistentvolumes')]).toEqual([false, []]);
  });

  test('will not take a claim that was there', () => {
    const c = cluster({ nodes: 1 });
    c.create(claim('p-v', '1Gi'));
    c.create(ephemeral('p'));
    c.advance('1s');
    const foreign = 'PVC default/p-v was not created for pod default/p (pod is not owner)';
    expect(eventsOf(c, 'p')).toContainEqual(
      expect.stringMatching(new RegExp(`^Warning FailedBinding x\\d+ ephemeral volume v: ${foreign.replace(/[()]/g, '\\$&')}$`)),
    );
    expect(c.get<Pod>('pods', 'p').status?.conditions?.[0]?.message).toBe(
      `0/1 nodes are available: ${foreign}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
    );
    c.delete('persistentvolumeclaims', 'p-v');
    c.advance('30s');
    expect(c.get<Pod>('pods', 'p').status?.phase).toBe('Running');
  });

  test('says why it cannot have a claim, and gets it when it can', () => {
    const c = cluster({ nodes: 1 });
    c.create(object('v1', 'ResourceQuota', 'q', { spec: { hard: { persistentvolumeclaims: '0' } } }));
    c.advance('1s');
    c.create(ephemeral('p'));
    c.advance('1s');
    // The scheduler looks at the pod before the claim can be made.
    expect(eventsOf(c, 'p')[0]).toBe(
      'Warning FailedScheduling x1 0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "p-v". preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    );
    expect(eventsOf(c, 'p')[1]).toMatch(
      /^Warning FailedBinding x\d+ ephemeral volume v: create PVC p-v: persistentvolumeclaims "p-v" is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, limited: persistentvolumeclaims=0$/,
    );
    c.delete('resourcequotas', 'q');
    c.advance('30s');
    expect(claimOf(c, 'p-v').status.phase).toBe('Bound');
  });
});

test('a claim that wants to grow: where the class forbids it, and where nobody can do it', () => {
  const c = cluster({ nodes: 1 });
  c.create(storageClass('fixed', 'k8s.io/minikube-hostpath'));
  c.create(storageClass('elastic', 'k8s.io/minikube-hostpath', { allowVolumeExpansion: true }));
  c.create(claim('a', '1Gi', { storageClassName: 'fixed' }));
  c.create(claim('b', '1Gi', { storageClassName: 'elastic' }));
  c.advance('1s');
  const grow = (name: string, storage: string) =>
    c.request(
      'PATCH',
      `/api/v1/namespaces/default/persistentvolumeclaims/${name}`,
      { spec: { resources: { requests: { storage } } } },
      {
        'content-type': 'application/merge-patch+json',
      },
    );
  expect((grow('a', '2Gi').body as { message: string }).message).toBe(
    'persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  );
  expect(grow('b', '2Gi').status).toBe(200);
  c.advance('1m');
  expect(grow('b', '3Gi').status).toBe(200);
  c.advance('1m');
  expect(claimOf(c, 'b').status).toMatchObject({ phase: 'Bound', capacity: { storage: '1Gi' } });
  expect(eventsOf(c, 'b').at(-1)).toBe('Normal ExternalExpanding x2 waiting for an external controller to expand this PVC');
  expect((grow('b', '512Mi').body as { message: string }).message).toContain('field can not be less than status.capacity');
});

test('a volume reserved for a claim of the other mode', () => {
  const c = cluster({ nodes: 1 });
  c.create(claim('x', '1Gi', { volumeMode: 'Block' }));
  c.create(volume('v', '1Gi', { claimRef: { namespace: 'default', name: 'x', uid: claimOf(c, 'x').metadata.uid } }));
  c.advance('1s');
  expect([eventsOf(c, 'v'), eventsOf(c, 'x').at(-1)]).toEqual([
    ['Warning VolumeMismatch x1 Cannot bind PersistentVolume to requested PersistentVolumeClaim "x" due to incompatible volumeMode.'],
    'Warning VolumeMismatch x1 Cannot bind PersistentVolume "v" to requested PersistentVolumeClaim due to incompatible volumeMode.',
  ]);
});
