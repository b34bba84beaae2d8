/** What a fresh cluster holds, against a recording of a real control plane right after its start, and what kind adds to it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { parseTime } from '../../src/api/time.js';
import { resourceOf } from '../../src/cluster/components.js';
import type { Node } from '../../src/resources/nodes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster } from '../harness/cluster.js';

const recorded = JSON.parse(readFileSync(new URL('../golden/cluster/default-objects.json', import.meta.url), 'utf8')) as readonly KubeObject[];

/** Of this machine, not of Kubernetes; or known to differ. */
const SKIPPED: Readonly<Record<string, string>> = {
  'Lease kube-system/apiserver-<hash>': 'its name is random',
  'ServiceCIDR kubernetes': 'kind has a /16',
  'ConfigMap kube-system/kube-apiserver-legacy-service-account-token-tracking': 'nothing here makes such tokens',
};
const nameOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;

/** As the recording masks them. */
function masked({ metadata, ...rest }: KubeObject): unknown {
  const { managedFields: _, ...meta } = metadata;
  const text = JSON.stringify({ ...rest, metadata: { ...meta, uid: '<uid>', resourceVersion: '<rv>', creationTimestamp: '<time>' } });
  return JSON.parse(text.replace(/"20\d\d-[^"]*Z"/g, '"<time>"').replace(/(-----BEGIN CERTIFICATE-----\\n)[^-]*(\\n-----END)/g, '$1<base64>$2'));
}

describe('the objects of a real control plane', () => {
  const c = cluster({ nodes: 1 });
  for (const object of recorded) {
    const name = nameOf(object);
    const reason = SKIPPED[name];
    test.skipIf(reason !== undefined)(`${name}${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
      const resource = resourceOf(object);
      expect(resource).toBeDefined();
      expect(
        masked(
          c.get(
            resource as string,
            object.metadata.namespace === undefined ? (object.metadata.name as string) : `${object.metadata.namespace}/${object.metadata.name}`,
          ),
        ),
      ).toEqual(object);
    });
  }
});

describe('a cluster as kind makes it', () => {
  test('one node, without a taint', () => {
    const c = cluster({ nodes: 1 });
    expect(c.list<Node>('nodes').map(({ metadata, spec }) => [metadata.name, spec?.taints, spec?.podCIDR])).toEqual([
      ['podsim-control-plane', undefined, '10.244.0.0/24'],
    ]);
  });

  test('more nodes: the control plane is tainted, each has its addresses, sizes and lease', () => {
    const c = cluster({ nodes: 3, cpu: '2', memory: '4Gi', maxPods: 20 });
    const nodes = c.list<Node>('nodes');
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual(['podsim-control-plane', 'podsim-worker', 'podsim-worker2']);
    expect(nodes.map(({ spec }) => spec?.taints?.map(({ key, effect }) => `${key}:${effect}`))).toEqual([
      ['node-role.kubernetes.io/control-plane:NoSchedule'],
      undefined,
      undefined,
    ]);
    expect(nodes.map(({ spec, status }) => `${spec?.podCIDR} ${status?.addresses?.[0]?.address}`)).toEqual([
      '10.244.0.0/24 172.18.0.2',
      '10.244.1.0/24 172.18.0.3',
      '10.244.2.0/24 172.18.0.4',
    ]);
    expect(nodes[1]?.status?.allocatable).toMatchObject({ cpu: '2', memory: '4Gi', pods: '20' });
    expect(c.list('leases.coordination.k8s.io', { namespace: 'kube-node-lease' }).map(({ metadata }) => metadata.name)).toEqual(
      nodes.map(({ metadata }) => metadata.name),
    );
  });

  test('everything runs at the first moment, and nothing is left to happen', () => {
    const c = cluster({ nodes: 2, time: '2026-01-01T00:00:00Z' });
    expect(c.now).toBe(parseTime('2026-01-01T00:00:00Z'));
    const pods = c.list<Pod>('pods');
    expect(pods.length).toBeGreaterThan(5);
    for (const { metadata, status } of pods) {
      expect(status?.phase, metadata.name).toBe('Running');
      expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status, metadata.name).toBe('True');
      expect(status?.containerStatuses?.[0]?.restartCount, metadata.name).toBe(0);
    }
    expect(c.list('events').filter((event) => (event as KubeObject & { type: string }).type === 'Warning')).toEqual([]);
    expect(c.cluster.sim.pending()).toEqual([]);
    const steps = c.cluster.sim.steps;
    c.advance('24h');
    expect(c.cluster.sim.steps).toBe(steps);
  });

  test('every namespace has its service account and certificate', () => {
    const c = cluster();
    for (const { metadata } of c.list('namespaces')) {
      expect(c.has('serviceaccounts', `${metadata.name}/default`)).toBe(true);
      expect(c.get<KubeObject & { data: Record<string, string> }>('configmaps', `${metadata.name}/kube-root-ca.crt`).data['ca.crt']).toMatch(
        /^-----BEGIN CERTIFICATE-----\n/,
      );
    }
  });

  for (const [cni, signs] of [
    ['flannel', ['kube-system/kube-flannel-ds']],
    ['calico', ['kube-system/calico-node']],
  ] as const)
    test(`the network is ${cni}'s`, () => {
      const c = cluster({ cni });
      const found = c.list('daemonsets.apps').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      expect(found).toEqual(expect.arrayContaining([...signs, 'kube-system/kube-proxy']));
      expect(c.list('namespaces').map(({ metadata }) => metadata.name)).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    });
});

describe('a cluster made of somebody’s objects', () => {
  const container = { name: 'c', image: 'nginx', resources: {} };
  const manifests: readonly KubeObject[] = [
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [container] } } as KubeObject,
    { apiVersion: 'v1', kind: 'List', metadata: {}, items: [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'big' } }] } as KubeObject,
    { apiVersion: 'example.com/v1', kind: 'Unknown', metadata: { name: 'x' } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'nowhere' }, spec: { containers: [container] } } as KubeObject,
  ];

  test('manifests: their nodes, the namespaces they name, and everything runs', () => {
    const c = cluster({ objects: manifests });
    expect(c.list('nodes').map(({ metadata }) => metadata.name)).toEqual(['big']);
    c.advance('30s');
    const web = c.get<Pod>('pods', 'shop/web');
    expect([web.status?.phase, web.spec.nodeName]).toEqual(['Running', 'big']);
    expect(c.get<Pod>('pods', 'default/nowhere').status?.phase).toBe('Running');
    expect(c.has('services', 'kubernetes')).toBe(true);
  });

  const dumped: readonly KubeObject[] = [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '4711', creationTimestamp: '2025-01-01T00:00:00Z' },
      spec: { containers: [container] },
      status: { phase: 'Odd' },
    } as KubeObject,
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'real', uid: 'u-2', resourceVersion: '12' } },
  ];

  test('frozen: exactly as they were, whatever time it is', () => {
    const c = cluster({ objects: dumped, isFrozen: true });
    c.advance('24h');
    expect(c.get('pods', 'shop/web')).toEqual(dumped[0]);
    expect(c.list('pods')).toHaveLength(1);
    expect(c.list('namespaces')).toHaveLength(0);
    expect(c.cluster.store.revision).toBe(4711);
  });

  test('a dump goes on from where it was', () => {
    const c = cluster({ objects: dumped });
    expect(c.get('pods', 'shop/web').metadata).toMatchObject({ uid: 'u-1', creationTimestamp: '2025-01-01T00:00:00Z' });
    c.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'later' } });
    expect(Number(c.get('configmaps', 'later').metadata.resourceVersion)).toBeGreaterThan(4711);
  });
});
