/** Facts recorded from a kube-controller-manager and a kube-scheduler v1.33.13, where it is easy to believe otherwise. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { ControllerRevision } from '../../src/resources/controllerrevisions/types.js';
import type { Endpoints } from '../../src/resources/endpoints/types.js';
import type { EndpointSlice } from '../../src/resources/endpointslices/types.js';
import type { Event } from '../../src/resources/events/types.js';
import type { HorizontalPodAutoscaler } from '../../src/resources/horizontalpodautoscalers/types.js';
import type { Job } from '../../src/resources/jobs/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const object = (apiVersion: string, kind: string, name: string, more: object): KubeObject =>
  ({ apiVersion, kind, ...more, metadata: { name, ...(more as KubeObject).metadata } }) as KubeObject;
const template = (more: object = {}) => ({
  metadata: { labels: { app: 'a' } },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'nginx:1.27', ...more }] },
});
const selector = { matchLabels: { app: 'a' } };
const workload = (kind: string, spec: object = {}) => object('apps/v1', kind, 'a', { spec: { selector, template: template(), ...spec } });
const service = (spec: object, more: object = {}) => object('v1', 'Service', 's', { ...more, spec });
const eventsOf = (c: TestCluster, name: string) => c.list<Event>('events').filter(({ involvedObject }) => involvedObject.name === name);
const textsOf = (c: TestCluster, name: string) => eventsOf(c, name).map(({ reason, message }) => `${reason}: ${message}`);
const slicesOf = (c: TestCluster) => c.list<EndpointSlice>('endpointslices.discovery.k8s.io').filter(({ metadata }) => metadata.generateName === 's-');
const mergePatch = (c: TestCluster, path: string, body: object) => c.request('PATCH', path, body, { 'content-type': 'application/merge-patch+json' });
const A = '/apis/apps/v1/namespaces/default';

test('the Event that combines similar ones has no reporter', () => {
  const c = cluster({ nodes: 1 });
  c.create(workload('ReplicaSet', { replicas: 11 }));
  c.advance('10s');
  expect(eventsOf(c, 'a').map(({ reportingComponent, source }) => [reportingComponent, source?.component])).toEqual([
    ...Array.from({ length: 9 }, () => ['replicaset-controller', 'replicaset-controller']),
    ['', 'replicaset-controller'],
  ]);
});

test('an annotation of a Deployment is a new generation of it', () => {
  const c = cluster({ nodes: 1 });
  c.create(workload('Deployment'));
  c.advance('10s');
  mergePatch(c, `${A}/deployments/a`, { metadata: { annotations: { 'kubernetes.io/change-cause': 'why' } } });
  c.advance('1s');
  expect(c.get('deployments.apps', 'a')).toMatchObject({ metadata: { generation: 2 }, status: { observedGeneration: 2 } });
  mergePatch(c, `${A}/deployments/a`, { metadata: { labels: { x: 'y' } } });
  expect(c.get('deployments.apps', 'a')).toMatchObject({ metadata: { generation: 2 } });
});

test.each([
  ['StatefulSet', 'statefulsets.apps'],
  ['DaemonSet', 'daemonsets.apps'],
])('a %s adopts the revisions that another one has left', (kind, resource) => {
  const c = cluster({ nodes: 1 });
  c.create(workload(kind, kind === 'StatefulSet' ? { serviceName: 's' } : {}));
  c.advance('5s');
  c.request('DELETE', `${A}/${resource.split('.')[0]}/a`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Orphan' });
  c.advance('5s');
  const owners = () => c.list<ControllerRevision>('controllerrevisions.apps').map(({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid));
  const before = owners().length;
  c.create(workload(kind, kind === 'StatefulSet' ? { serviceName: 's' } : {}));
  c.advance('5s');
  expect(owners()).toHaveLength(before);
  expect(owners()).toContainEqual([c.get(resource, 'a').metadata.uid]);
});

test('a StatefulSet keeps as many old revisions as it may when a rollout is over', () => {
  const c = cluster({ nodes: 1 });
  c.create(workload('StatefulSet', { serviceName: 's', replicas: 1, revisionHistoryLimit: 1 }));
  for (const image of ['nginx:1.26', 'nginx:1.25', 'nginx:1.24']) {
    c.advance('1m');
    mergePatch(c, `${A}/statefulsets/a`, { spec: { template: template({ image }) } });
  }
  c.advance('1m');
  expect(
    c
      .list<ControllerRevision>('controllerrevisions.apps')
      .filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'StatefulSet')
      .map(({ revision }) => revision)
      .sort(),
  ).toEqual([3, 4]);
});

test('a StatefulSet whose claim is refused says so of the claim and of the pod', () => {
  const c = cluster({ nodes: 1 });
  c.create(object('v1', 'ResourceQuota', 'q', { spec: { hard: { persistentvolumeclaims: '0' } } }));
  c.advance('1s');
  const volumeClaimTemplates = [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }];
  c.create(workload('StatefulSet', { serviceName: 's', replicas: 1, volumeClaimTemplates }));
  const why =
    'persistentvolumeclaims "d-a-0" is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, limited: persistentvolumeclaims=0';
  expect(textsOf(c, 'a')).toEqual([
    `FailedCreate: create Claim d-a-0 for Pod a-0 in StatefulSet a failed error: ${why}`,
    `FailedCreate: create Pod a-0 in StatefulSet a failed error: failed to create PVC d-a-0: ${why}`,
  ]);
});

test('the claim of a StatefulSet waits for its first consumer: it is looked at before the pod is known', () => {
  const c = cluster({ nodes: 1 });
  const volumeClaimTemplates = [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }];
  c.create(workload('StatefulSet', { serviceName: 's', replicas: 1, volumeClaimTemplates }));
  c.advance('1s');
  expect(textsOf(c, 'd-a-0')[0]).toBe('WaitForFirstConsumer: waiting for first consumer to be created before binding');
});

const ports = [
  { name: 'web', port: 80, targetPort: 'http' },
  { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353, appProtocol: 'x.io/y' },
];
const pod = (name: string, containerPort: number) =>
  object('v1', 'Pod', name, {
    metadata: { labels: { app: 'a' } },
    spec: { containers: [{ name: 'c', image: 'nginx:1.27', ports: [{ name: 'http', containerPort }] }] },
  });

test('ports are in the order of their hashes, and those that all pods have make one subset', () => {
  const c = cluster({ nodes: 1 });
  c.create(service({ selector: { app: 'a' }, ports }));
  c.create(pod('p', 80));
  c.create(pod('q', 8080));
  c.advance('20s');
  const byPort = slicesOf(c).map(({ ports: of }) => of?.map(({ name, port }) => `${name} ${port}`).join());
  expect(byPort.sort()).toEqual(['dns 5353,web 80', 'web 8080,dns 5353']);
  const { subsets = [] } = c.get<Endpoints>('endpoints', 's');
  expect(subsets.map(({ addresses, ports: of }) => `${of?.map(({ name, port }) => `${name} ${port}`).join()} x${addresses?.length}`).sort()).toEqual([
    'dns 5353 x2',
    'web 80 x1',
    'web 8080 x1',
  ]);
});

test('endpoints that are deleted by hand are made again', () => {
  const c = cluster({ nodes: 1 });
  c.create(service({ selector: { app: 'a' }, ports: [{ port: 80 }] }));
  c.create(pod('p', 80));
  c.advance('20s');
  const [slice] = slicesOf(c);
  c.delete('endpointslices.discovery.k8s.io', slice?.metadata.name ?? '');
  c.delete('endpoints', 's');
  c.advance('1s');
  expect(slicesOf(c).map(({ endpoints }) => endpoints?.length)).toEqual([1]);
  expect(c.get<Endpoints>('endpoints', 's').subsets).toHaveLength(1);
});

test('endpoints made by hand are mirrored into a slice for each family of addresses', () => {
  const c = cluster({ nodes: 1 });
  c.create(object('v1', 'Endpoints', 's', { subsets: [{ addresses: [{ ip: '1.2.3.4' }, { ip: '2001:db8::1' }], ports: [{ port: 80 }] }] }));
  c.create(service({ ports: [{ port: 80 }] }));
  c.advance('1s');
  expect(slicesOf(c).map(({ addressType, endpoints }) => [addressType, endpoints?.map(({ addresses }) => addresses)])).toEqual([
    ['IPv4', [['1.2.3.4']]],
    ['IPv6', [['2001:db8::1']]],
  ]);
});

test('pods that go because a Job has succeeded are no failures of it', () => {
  const c = cluster({ nodes: 1 });
  const command = ['sh', '-c', 'test $JOB_COMPLETION_INDEX = 1 || sleep 3600'];
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'busybox:1.36', command }] };
  const successPolicy = { rules: [{ succeededIndexes: '0-2', succeededCount: 1 }] };
  c.create(object('batch/v1', 'Job', 'j', { spec: { completions: 4, parallelism: 4, completionMode: 'Indexed', successPolicy, template: { spec } } }));
  c.advance('1m');
  const { status } = c.get<Job>('jobs.batch', 'j');
  expect(status?.conditions?.map(({ type }) => type)).toEqual(['SuccessCriteriaMet', 'Complete']);
  expect([status?.succeeded, status?.failed]).toEqual([1, undefined]);
});

test('a deletion in the foreground takes dependents that do not block it along', () => {
  const c = cluster({ nodes: 1 });
  c.create(object('v1', 'ConfigMap', 'a', {}));
  const { uid } = c.get('configmaps', 'a').metadata;
  for (const [name, blockOwnerDeletion] of [
    ['b', true],
    ['c', false],
  ] as const)
    c.create(
      object('v1', 'ConfigMap', name, {
        metadata: { finalizers: ['example.com/x'], ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid, blockOwnerDeletion }] },
      }),
    );
  c.request('DELETE', '/api/v1/namespaces/default/configmaps/a', { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground' });
  c.advance('1s');
  expect(['a', 'b', 'c'].map((name) => c.get('configmaps', name).metadata.deletionTimestamp !== undefined)).toEqual([true, true, true]);
  mergePatch(c, '/api/v1/namespaces/default/configmaps/b', { metadata: { finalizers: null } });
  c.advance('1s');
  expect(c.list('configmaps', { namespace: 'default' }).map(({ metadata }) => metadata.name)).toEqual(['c', 'kube-root-ca.crt']);
});

test('autoscalers that share their pods name each other', () => {
  const c = cluster({ nodes: 1 });
  c.create(workload('Deployment'));
  for (const name of ['h', 'i'])
    c.create(
      object('autoscaling/v2', 'HorizontalPodAutoscaler', name, {
        spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } },
      }),
    );
  c.advance('40s');
  expect(c.get<HorizontalPodAutoscaler>('horizontalpodautoscalers.autoscaling', 'i').status?.conditions?.[1]?.message).toBe(
    'pods by selector app=a are controlled by multiple HPAs: [default/h default/i]',
  );
});

test('components own what they wrote, not what the server put in', () => {
  const c = cluster({ nodes: 1 });
  c.create(workload('Deployment'));
  const command = ['sh', '-c', 'exit 0'];
  const jobTemplate = { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.36', command }] } } } };
  c.create(object('batch/v1', 'CronJob', 'cj', { spec: { schedule: '* * * * *', jobTemplate } }));
  c.advance('65s');
  type Fields = Readonly<Record<string, unknown>>;
  const fieldsOf = (path: string, manager: string, subresource?: string) => {
    const { items } = c.request('GET', path).body as { readonly items: readonly KubeObject[] };
    const entry = items[0]?.metadata.managedFields?.find((one) => one.manager === manager && one.subresource === subresource);
    return (entry?.fieldsV1 ?? {}) as Readonly<Record<string, Readonly<Record<string, Fields>>>>;
  };
  const pods = '/api/v1/namespaces/default/pods?labelSelector=app%3Da';
  expect(Object.keys(fieldsOf(pods, 'kubelet', 'status')['f:status']?.['f:conditions'] ?? {})).not.toContain('.');
  expect(fieldsOf(`${A}/deployments`, 'kube-controller-manager', 'status')['f:metadata']).toEqual({
    'f:annotations': { '.': {}, 'f:deployment.kubernetes.io/revision': {} },
  });
  const job = fieldsOf('/apis/batch/v1/namespaces/default/jobs', 'kube-controller-manager');
  expect(Object.keys(job['f:metadata'] ?? {})).toEqual(['f:annotations', 'f:ownerReferences']);
  expect(Object.keys(job['f:spec'] ?? {})).not.toContain('f:selector');
  expect(Object.keys(job['f:spec']?.['f:template'] ?? {})).toEqual(['f:spec']);
});

test('a ReplicaSet that is scaled behind the back of its Deployment makes its pods before they are taken back', () => {
  const c = cluster({ nodes: 1 });
  c.create(workload('Deployment', { replicas: 2 }));
  c.advance('10s');
  const [set] = c.list('replicasets.apps', { namespace: 'default' });
  const { name = '' } = set?.metadata ?? {};
  mergePatch(c, `${A}/replicasets/${name}`, { spec: { replicas: 5 } });
  c.advance('5s');
  expect(c.list('pods', { namespace: 'default' })).toHaveLength(2);
  expect(eventsOf(c, name).map(({ reason }) => reason)).toEqual([...Array<string>(5).fill('SuccessfulCreate'), ...Array<string>(3).fill('SuccessfulDelete')]);
  expect(textsOf(c, 'a').at(-1)).toBe(`ScalingReplicaSet: Scaled down replica set ${name} from 5 to 2`);
});
