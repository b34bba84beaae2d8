/** Names, services and policies as a pod meets them. */
import { describe, expect, test } from 'vitest';
import type { KubeObject, ObjectKey } from '../../src/api/object.js';
import type { Api } from '../../src/api/verbs.js';
import type { FakeRuntime } from '../../src/runtime/fake-runtime.js';
import { createNetwork } from '../../src/runtime/index.js';
import type { Caller } from '../../src/runtime/network.js';

const object = (kind: string, name: string, namespace: string, rest: object): KubeObject =>
  ({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, uid: `${kind}-${name}`, ...(rest as { metadata?: object }).metadata },
    ...rest,
    ...{},
  }) as KubeObject;
const pod = (name: string, namespace: string, ip: string, labels = {}) =>
  ({
    ...object('Pod', name, namespace, { spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 80 }] }] }, status: { podIP: ip } }),
    metadata: { name, namespace, labels },
  }) as KubeObject;

const objects: Readonly<Record<string, readonly KubeObject[]>> = {
  nodes: [
    object('Node', 'n1', '', { spec: { podCIDR: '10.244.1.0/24' }, status: { addresses: [{ type: 'InternalIP', address: '172.18.0.2' }] } }),
    object('Node', 'n2', '', { spec: { podCIDR: '10.244.2.0/24' }, status: { addresses: [{ type: 'InternalIP', address: '172.18.0.3' }] } }),
  ],
  namespaces: [{ ...object('Namespace', 'red', '', {}), metadata: { name: 'red', labels: { team: 'red' } } }],
  pods: [pod('web', 'blue', '10.244.1.5', { app: 'web' }), pod('friend', 'blue', '10.244.2.6', { role: 'friend' }), pod('caller', 'red', '10.244.2.7')],
  services: [
    object('Service', 'web', 'blue', { spec: { clusterIP: '10.96.0.7', ports: [{ name: 'http', port: 80, nodePort: 30080 }] } }),
    object('Service', 'none', 'blue', { spec: { clusterIP: '10.96.0.8', ports: [{ port: 80 }] } }),
    object('Service', 'headless', 'blue', { spec: { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] } }),
    object('Service', 'outside', 'blue', { spec: { type: 'ExternalName', externalName: 'example.com' } }),
  ],
  'endpointslices.discovery.k8s.io': [
    {
      ...object('EndpointSlice', 'web-1', 'blue', {}),
      metadata: { name: 'web-1', namespace: 'blue', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [
        { addresses: ['10.244.1.5'], conditions: { ready: true } },
        { addresses: ['10.244.1.9'], conditions: { ready: false } },
      ],
      ports: [{ name: 'http', port: 8080 }],
    } as never,
    {
      ...object('EndpointSlice', 'headless-1', 'blue', {}),
      metadata: { name: 'headless-1', namespace: 'blue', labels: { 'kubernetes.io/service-name': 'headless' } },
      endpoints: [
        { addresses: ['10.244.1.5'], hostname: 'db-0' },
        { addresses: ['10.244.2.6'], hostname: 'db-1' },
      ],
      ports: [{ name: 'http', port: 80 }],
    } as never,
  ],
};

function make(policies: readonly object[] = []) {
  const all = { ...objects, 'networkpolicies.networking.k8s.io': policies.map((spec, i) => object('NetworkPolicy', `p${i}`, 'blue', { spec })) };
  const list = (resource: string): readonly KubeObject[] => all[resource as keyof typeof all] ?? [];
  const api = {
    get: (resource: string, key: ObjectKey) => list(resource).find((one) => one.metadata.name === key.name && (one.metadata.namespace ?? '') === key.namespace),
    list: (resource: string, options: { namespace?: string; index?: { name: string; value: string } } = {}) =>
      list(resource).filter((one) => {
        if (options.namespace !== undefined && one.metadata.namespace !== options.namespace) return false;
        const { spec } = one as KubeObject & { spec?: { clusterIP?: string; ports?: { nodePort?: number }[] } };
        if (options.index?.name === 'clusterIP') return spec?.clusterIP === options.index.value;
        if (options.index?.name === 'nodePort') return spec?.ports?.some((port) => String(port.nodePort) === options.index?.value) === true;
        if (options.index?.name === 'service')
          return `${one.metadata.namespace}/${one.metadata.labels?.['kubernetes.io/service-name']}` === options.index.value;
        return true;
      }),
  } as unknown as Api;
  const keys: Readonly<Record<string, string>> = { '10.244.1.5': 'blue/web', '10.244.2.6': 'blue/friend', '10.244.2.7': 'red/caller' };
  const runtime = (node: string) =>
    ({
      sandboxAt: (ip: string) => (keys[ip] === undefined ? undefined : ip),
      podKey: (sandbox: string) => keys[sandbox],
      onHost: (port: number) => (node === 'n1' && port === 6443 ? { sandbox: '10.244.1.5', port: 6443 } : undefined),
      nextConnection: () => 1,
      serve: (sandbox: string, port: number) => ({ status: 200, body: `${sandbox}:${port}`, takes: 1 }),
    }) as unknown as FakeRuntime;
  return createNetwork({ api: () => api, runtime, enforcesPolicy: policies.length > 0, podCIDR: '10.244.0.0/16', serviceCIDR: '10.96.0.0/16' });
}

const searches = ['blue.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];
const from: Caller = { ip: '10.244.2.6', podKey: 'blue/friend', sandbox: 's', hostname: 'friend', dns: { servers: [], searches, options: ['ndots:5'] } };

test.each<[string, readonly string[] | string]>([
  ['web', ['10.96.0.7']],
  ['web.blue', ['10.96.0.7']],
  ['web.blue.svc', ['10.96.0.7']],
  ['web.blue.svc.cluster.local', ['10.96.0.7']],
  ['web.blue.svc.cluster.local.', ['10.96.0.7']],
  ['WEB', ['10.96.0.7']],
  ['web.red', 'NXDOMAIN'],
  ['nobody', 'NXDOMAIN'],
  ['headless', ['10.244.1.5', '10.244.2.6']],
  ['db-1.headless', ['10.244.2.6']],
  ['db-9.headless', 'NXDOMAIN'],
  ['10-244-1-5.blue.pod.cluster.local', ['10.244.1.5']],
  ['localhost', ['127.0.0.1']],
  ['friend', ['10.244.2.6']],
  ['1.2.3.4', ['1.2.3.4']],
  ['registry.invalid', 'NXDOMAIN'],
])('%s resolves to %j', (name, expected) => {
  const answer = make().resolve(name, from);
  expect('error' in answer ? answer.error : answer.addresses).toEqual(expected);
});

test('an ExternalName is another name', () => {
  expect(make().resolve('outside', from)).toMatchObject({ canonical: 'example.com' });
});

test.each<[string, number, string]>([
  ['10.244.1.5', 80, '10.244.1.5:80'],
  ['10.96.0.7', 80, '10.244.1.5:8080'],
  ['10.96.0.7', 81, 'timeout'],
  ['10.96.0.8', 80, 'refused'],
  ['10.96.9.9', 80, 'timeout'],
  ['10.244.1.77', 80, 'no-route'],
  ['10.244.9.1', 80, 'no-route'],
  ['172.18.0.3', 30080, '10.244.1.5:8080'],
  ['172.18.0.2', 6443, '10.244.1.5:6443'],
  ['172.18.0.3', 6443, 'refused'],
])('%s port %i leads to %s', (ip, port, expected) => {
  const peer = make().dial(ip, port, from);
  const got = 'failure' in peer ? peer.failure : peer.serve({ type: 'http', method: 'GET', path: '/', headers: {}, body: '', from: from.ip })?.body;
  expect(got).toBe(expected);
});

describe('policies', () => {
  const reaches = (policies: readonly object[], caller: Partial<Caller>, port = 80): boolean =>
    !('failure' in make(policies).dial('10.244.1.5', port, { ...from, ...caller }));
  const red: Partial<Caller> = { ip: '10.244.2.7', podKey: 'red/caller' };
  const kubelet: Caller = { ip: '10.244.1.1' };
  test.each<[string, readonly object[], { friend: boolean; red: boolean }]>([
    ['deny all', [{ podSelector: {} }], { friend: false, red: false }],
    ['one that selects others', [{ podSelector: { matchLabels: { app: 'db' } } }], { friend: true, red: true }],
    ['the own namespace', [{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }], { friend: true, red: false }],
    ['another namespace', [{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'red' } } }] }] }], { friend: false, red: true }],
    ['an address range', [{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.244.2.0/29' } }] }] }], { friend: true, red: true }],
    [
      'a range with a hole',
      [{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.244.2.0/24', except: ['10.244.2.7/32'] } }] }] }],
      { friend: true, red: false },
    ],
    ['a port by name', [{ podSelector: {}, ingress: [{ ports: [{ port: 'web' }] }] }], { friend: true, red: true }],
    ['another port', [{ podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] }], { friend: false, red: false }],
    ['no egress for the friend', [{ podSelector: { matchLabels: { role: 'friend' } }, policyTypes: ['Egress'] }], { friend: false, red: true }],
    ['two that add up', [{ podSelector: {} }, { podSelector: {}, ingress: [{}] }], { friend: true, red: true }],
  ])('%s', (_, policies, expected) => {
    expect({ friend: reaches(policies, {}), red: reaches(policies, red) }).toEqual(expected);
    expect('failure' in make(policies).dial('10.244.1.5', 80, kubelet)).toBe(false);
  });
});
