/** What is derived from what users write: mirrored Endpoints, aggregated roles. */
import { expect, test } from 'vitest';
import { seconds } from '../../src/api/time.js';
import { clusterroles } from '../../src/resources/clusterroles/index.js';
import type { ClusterRole } from '../../src/resources/clusterroles/types.js';
import type { Endpoints } from '../../src/resources/endpoints/types.js';
import type { EndpointSlice } from '../../src/resources/endpointslices/types.js';
import { services } from '../../src/resources/services/index.js';
import type { Service } from '../../src/resources/services/types.js';
import { MemoryCluster } from './memory-cluster.js';

test('Endpoints of a Service without a selector are mirrored', () => {
  const cluster = new MemoryCluster([], services.controllers);
  const { api } = cluster;
  const metadata = { name: 'ext', namespace: 'default' };
  api.create<Service>('services', { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] }, status: {} });
  api.create<Endpoints>('endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...metadata, labels: { a: 'b' } },
    subsets: [{ addresses: [{ ip: '1.2.3.4' }], notReadyAddresses: [{ ip: '1.2.3.5' }], ports: [{ port: 9376 }] }],
  });
  cluster.advance(seconds(1));
  const slices = () => api.list<EndpointSlice>('endpointslices.discovery.k8s.io');
  expect(slices()).toMatchObject([
    {
      metadata: {
        labels: { a: 'b', 'kubernetes.io/service-name': 'ext', 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' },
        ownerReferences: [{ kind: 'Endpoints', name: 'ext' }],
      },
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['1.2.3.4'], conditions: { ready: true } },
        { addresses: ['1.2.3.5'], conditions: { ready: false } },
      ],
      ports: [{ name: '', port: 9376, protocol: 'TCP' }],
    },
  ]);
  api.patch('endpoints', metadata, { type: 'merge', body: { metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } } } });
  cluster.advance(seconds(1));
  expect(slices()).toEqual([]);
});

test('a role gathers the rules of those it selects', () => {
  const cluster = new MemoryCluster([clusterroles]);
  const { api } = cluster;
  const role = (name: string, labels: Record<string, string>, more: object): ClusterRole =>
    ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name, labels }, rules: null, ...more }) as ClusterRole;
  const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
  api.create('clusterroles.rbac.authorization.k8s.io', role('all', {}, { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { add: 'all' } }] } }));
  api.create('clusterroles.rbac.authorization.k8s.io', role('b', { add: 'all' }, { rules: [rule('pods')] }));
  api.create('clusterroles.rbac.authorization.k8s.io', role('a', { add: 'all' }, { rules: [rule('secrets'), rule('pods')] }));
  api.create('clusterroles.rbac.authorization.k8s.io', role('c', {}, { rules: [rule('nodes')] }));
  cluster.advance(seconds(1));
  expect(api.get<ClusterRole>('clusterroles.rbac.authorization.k8s.io', { namespace: '', name: 'all' })?.rules).toEqual([rule('secrets'), rule('pods')]);
});
