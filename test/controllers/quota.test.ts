/** Quotas are counted: golden/controllers/quota.md of the reference (what is refused is admission's and tested there). */
import { expect, test } from 'vitest';
import { seconds } from '../../src/api/time.js';
import type { ConfigMap } from '../../src/resources/configmaps/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { resourcequotas } from '../../src/resources/resourcequotas/index.js';
import type { ResourceQuota } from '../../src/resources/resourcequotas/types.js';
import { MemoryCluster } from './memory-cluster.js';

test('used is 0 for all that is limited, and is counted anew when something goes or ends', () => {
  const cluster = new MemoryCluster([resourcequotas]);
  const { api } = cluster;
  const used = () => api.get<ResourceQuota>('resourcequotas', { namespace: 'default', name: 'q' })?.status.used;
  const pod = (name: string): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: '600m' } } }] },
  });
  api.create<ConfigMap>('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' } });
  api.create('pods', pod('a'));
  api.create('pods', pod('b'));
  api.create<ResourceQuota>('resourcequotas', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'default' },
    spec: { hard: { pods: '2', 'requests.cpu': '1', 'count/configmaps': '3', services: '2', 'count/pods': '9' } },
    status: {},
  });
  cluster.advance(seconds(1));
  expect(used()).toEqual({ pods: '2', 'requests.cpu': '1200m', 'count/configmaps': '1', services: '0', 'count/pods': '2' });
  api.delete('pods', { namespace: 'default', name: 'a' });
  cluster.advance(seconds(1));
  expect(used()).toMatchObject({ pods: '1', 'requests.cpu': '600m' });
  cluster.setPodStatus({ namespace: 'default', name: 'b' }, { phase: 'Succeeded' });
  cluster.advance(seconds(1));
  expect(used()).toMatchObject({ pods: '0', 'requests.cpu': '0', 'count/pods': '1' });
});
