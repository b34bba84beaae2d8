/** Services and the pods behind them against golden/controllers/endpoints.md of the reference. */
import { expect, test } from 'vitest';
import type { KubeObject, ObjectKey } from '../../src/api/object.js';
import { seconds } from '../../src/api/time.js';
import type { Endpoints } from '../../src/resources/endpoints/types.js';
import { endpointslices } from '../../src/resources/endpointslices/index.js';
import type { EndpointSlice } from '../../src/resources/endpointslices/types.js';
import type { Node } from '../../src/resources/nodes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { endpointSlicesController } from '../../src/resources/services/endpoint-slices-controller.js';
import { endpointsController } from '../../src/resources/services/endpoints-controller.js';
import { services } from '../../src/resources/services/index.js';
import type { Service } from '../../src/resources/services/types.js';
import { cluster } from '../harness/cluster.js';
import { MemoryCluster } from './memory-cluster.js';

const inDefault = (name: string): ObjectKey => ({ namespace: 'default', name });

function story(spec: object = {}) {
  // Without the Service's own strategy, which allocates addresses.
  const cluster = new MemoryCluster([endpointslices], services.controllers);
  cluster.add([endpointsController(cluster.state), endpointSlicesController(cluster.state)]);
  const { api } = cluster;
  api.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'a' } } } as Node);
  api.create<Service>('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
    spec: { clusterIP: '10.96.0.7', selector: { app: 'web' }, ports: [{ name: '80-8080', port: 80, protocol: 'TCP', targetPort: 8080 }], ...spec },
    status: {},
  });
  const addPod = (name: string, status: object, podSpec: object = {}) => {
    api.create<Pod>('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'x' }], nodeName: 'n1', ...podSpec },
    });
    cluster.setPodStatus(inDefault(name), status);
  };
  const settle = () => cluster.advance(seconds(1));
  settle();
  return {
    cluster,
    api,
    addPod,
    settle,
    endpoints: () => api.get<Endpoints>('endpoints', inDefault('web')) as Endpoints,
    slices: () => api.list<EndpointSlice>('endpointslices.discovery.k8s.io'),
  };
}
const ready = (ip: string, status = 'True') => ({
  phase: 'Running',
  podIPs: [{ ip }],
  conditions: [{ type: 'Ready', status, lastTransitionTime: '2026-01-01T00:00:01Z' }],
});

test('ready and unready pods, one terminating, and publishNotReadyAddresses, as recorded', () => {
  const { addPod, settle, endpoints, slices, api } = story();
  expect(endpoints().subsets).toBeUndefined();
  expect(slices()).toMatchObject([
    { endpoints: null, ports: null, metadata: { annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' } } },
  ]);
  addPod('p0', ready('10.244.0.10'));
  addPod('p1', ready('10.244.0.11', 'False'));
  addPod('p2', ready('10.244.0.12'));
  addPod('p3', { phase: 'Succeeded', podIPs: [{ ip: '10.244.0.13' }] });
  addPod('p4', { phase: 'Pending' });
  settle();
  const [slice] = slices() as [EndpointSlice];
  const endpoint = (i: number, conditions: object) => ({
    addresses: [`10.244.0.1${i}`],
    conditions,
    nodeName: 'n1',
    targetRef: { kind: 'Pod', name: `p${i}`, namespace: 'default', uid: expect.any(String) },
    zone: 'a',
  });
  const [up, down] = [
    { ready: true, serving: true, terminating: false },
    { ready: false, serving: false, terminating: false },
  ];
  expect(slices()).toHaveLength(1);
  expect(slice).toMatchObject({
    addressType: 'IPv4',
    endpoints: [endpoint(0, up), endpoint(1, down), endpoint(2, up)],
    ports: [{ name: '80-8080', port: 8080, protocol: 'TCP' }],
    metadata: {
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:01Z' },
      generateName: 'web-',
      labels: { app: 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io', 'kubernetes.io/service-name': 'web' },
      ownerReferences: [{ apiVersion: 'v1', blockOwnerDeletion: true, controller: true, kind: 'Service', name: 'web' }],
    },
  });
  expect(endpoints().subsets?.[0]?.addresses?.map(({ ip }) => ip)).toEqual(['10.244.0.10', '10.244.0.12']);
  expect(endpoints().metadata.labels).toEqual({ app: 'web', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });

  api.delete('pods', inDefault('p2'));
  settle();
  expect(slices()[0]?.endpoints?.[2]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  expect(endpoints().subsets).toEqual([
    {
      addresses: [{ ip: '10.244.0.10', nodeName: 'n1', targetRef: endpoint(0, {}).targetRef }],
      notReadyAddresses: [{ ip: '10.244.0.11', nodeName: 'n1', targetRef: endpoint(1, {}).targetRef }],
      ports: [{ name: '80-8080', port: 8080, protocol: 'TCP' }],
    },
  ]);
  expect(endpoints().metadata.annotations).toBeUndefined();

  api.patch('services', inDefault('web'), { type: 'merge', body: { spec: { publishNotReadyAddresses: true } } });
  settle();
  expect(endpoints().subsets?.[0]?.addresses).toHaveLength(3);
  expect(slices()[0]?.endpoints?.map(({ conditions }) => conditions?.ready)).toEqual([true, true, true]);
  expect(slices()[0]?.metadata.name).toBe(slice.metadata.name);
});

test('named target ports differ between pods, and so do their slices', () => {
  const { addPod, settle, endpoints, slices } = story({ ports: [{ name: 'h', port: 80, targetPort: 'http' }] });
  const container = (containerPort: number) => ({ containers: [{ name: 'c', image: 'x', ports: [{ name: 'http', containerPort }] }] });
  addPod('a', ready('10.0.0.1'), container(8080));
  addPod('b', ready('10.0.0.2'), container(9090));
  settle();
  expect(
    slices()
      .map(({ ports }) => ports?.[0]?.port)
      .sort(),
  ).toEqual([8080, 9090]);
  expect(endpoints().subsets).toHaveLength(2);
});

test('a headless service gives pods their host names', () => {
  const { addPod, settle, endpoints, slices } = story({ clusterIP: 'None' });
  addPod('a', ready('10.0.0.1'), { hostname: 'a', subdomain: 'web' });
  settle();
  expect(slices()[0]).toMatchObject({ endpoints: [{ hostname: 'a' }], metadata: { labels: { 'service.kubernetes.io/headless': '' } } });
  expect(endpoints().subsets?.[0]?.addresses?.[0]?.hostname).toBe('a');
});

test('more than a hundred endpoints take several slices; deleting pods and the service cleans up', () => {
  const { addPod, settle, slices, api, endpoints } = story();
  for (let i = 0; i < 120; i++) addPod(`p${i}`, ready(`10.0.1.${i}`));
  settle();
  expect(
    slices()
      .map((slice) => slice.endpoints?.length)
      .sort(),
  ).toEqual([100, 20]);
  for (let i = 0; i < 120; i++) api.delete('pods', inDefault(`p${i}`), { gracePeriodSeconds: 0 });
  settle();
  expect(slices()).toMatchObject([{ endpoints: null, ports: null }]);
  api.delete('services', inDefault('web'));
  settle();
  expect(endpoints()).toBeUndefined();
});

test('no selector, no endpoints; a pod on an unknown node is left out of slices', () => {
  const { addPod, settle, slices, api } = story();
  addPod('lost', ready('10.0.0.9'), { nodeName: 'nowhere' });
  settle();
  expect(slices()[0]?.endpoints).toBeNull();
  api.create<Service>('services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'ext', namespace: 'default' }, spec: { ports: [] }, status: {} });
  settle();
  expect(api.get('endpoints', inDefault('ext'))).toBeUndefined();
});

test('a slice that somebody edits is put back; its generation counts labels too, as recorded', () => {
  const c = cluster({ nodes: 1 });
  const run = { containers: [{ name: 'c', image: 'busybox', command: ['sleep', '1000'] }] };
  c.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: { app: 'a' } }, spec: run } as KubeObject);
  c.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } } as KubeObject);
  c.advance('30s');
  const slice = () =>
    c.list<EndpointSlice>('endpointslices.discovery.k8s.io').find(({ metadata }) => metadata.ownerReferences?.[0]?.name === 'a') as EndpointSlice;
  const patch = (body: object) => {
    const path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/${slice().metadata.name}`;
    c.request('PATCH', path, body, { 'content-type': 'application/merge-patch+json', 'user-agent': 'kubectl' });
    c.advance('2s');
  };
  const before = slice().metadata.generation as number;
  expect(slice().endpoints).toHaveLength(1);
  patch({ endpoints: [] });
  expect([slice().endpoints?.length, slice().metadata.generation]).toEqual([1, before + 2]);
  patch({ metadata: { labels: { x: 'y' } } });
  expect([slice().metadata.labels?.['x'], slice().metadata.generation]).toEqual([undefined, before + 4]);
  // Given away, it is not missed.
  patch({ metadata: { labels: { 'kubernetes.io/service-name': 'other' } } });
  expect(slice().metadata.labels).toMatchObject({ 'kubernetes.io/service-name': 'other' });
});

/** TestSyncEndpointsItemsPreexistingOverCapacity, TestTruncateEndpoints of pkg/controller/endpoint/endpoints_controller_test.go. */
test('of more than a thousand pods those that are ready are listed first', () => {
  const { addPod, settle, endpoints } = story();
  for (let i = 0; i < 1002; i++) addPod(`p${String(i).padStart(4, '0')}`, ready(`10.244.${i >> 8}.${i & 255}`, i < 5 ? 'False' : 'True'));
  settle();
  settle();
  const [subset] = endpoints().subsets ?? [];
  expect([subset?.addresses?.length, subset?.notReadyAddresses?.length]).toEqual([997, 3]);
  expect(endpoints().metadata.annotations).toMatchObject({ 'endpoints.kubernetes.io/over-capacity': 'truncated' });
  addPod('q1', ready('10.244.9.1'));
  for (let i = 2; i < 6; i++) addPod(`q${i}`, ready(`10.244.9.${i}`));
  settle();
  settle();
  const [later] = endpoints().subsets ?? [];
  expect([later?.addresses?.length, later?.notReadyAddresses]).toEqual([1000, undefined]);
});

test('PreferClose hints at the zones of ready endpoints', () => {
  const { addPod, settle, slices, api } = story({ trafficDistribution: 'PreferClose' });
  addPod('a', ready('10.244.0.1'));
  addPod('b', ready('10.244.0.2', 'False'));
  settle();
  expect(slices()[0]?.endpoints?.map(({ zone, hints }) => [zone, hints])).toEqual([
    ['a', { forZones: [{ name: 'a' }] }],
    ['a', undefined],
  ]);
  api.patch('services', inDefault('web'), { type: 'merge', body: { spec: { trafficDistribution: null } } });
  settle();
  expect(slices()[0]?.endpoints?.some(({ hints }) => hints !== undefined)).toBe(false);
});
