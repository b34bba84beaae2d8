/** Environment and volumes of a container (kubelet_pods.go makeEnvironmentVariables, pkg/volume). */
import { describe, expect, test } from 'vitest';
import type { Api } from '../../src/api/verbs.js';
import { ServiceVariables } from '../../src/kubelet/env.js';
import { expand } from '../../src/kubelet/expansion.js';
import { NODE, TestNode } from './node.js';

const known: Readonly<Record<string, string>> = { A: '1', EMPTY: '' };
test.each([
  ['$(A)', '1'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$1'],
  ['$(B)', '$(B)'],
  ['x$(A)y$(EMPTY)z', 'x1yz'],
  ['$A ${A}', '$A ${A}'],
  ['$(A', '$(A'],
  ['$', '$'],
  ['$(A$(A))', '$(A$(A))'],
])('%s expands to %s', (text, expected) => expect(expand(text, (name) => known[name])).toBe(expected));

/** What `env` prints in a container of this spec. */
function env(container: object, before: (node: TestNode) => void = () => undefined, spec: object = {}): Record<string, string> {
  const node = new TestNode();
  node.put('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default' },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443 }] },
  } as never);
  before(node);
  node.run({
    name: 'p',
    labels: { app: 'x' },
    spec: { restartPolicy: 'Never', ...spec, containers: [{ name: 'c', image: 'busybox', command: ['env'], ...container }] },
  });
  node.advance(20);
  const lines = node.log('p', 'c').split('\n');
  return Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
const configMap = (name: string, data: object) => (node: TestNode) => {
  node.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data } as never);
};

const service = (namespace: string, name: string, clusterIP: string, port: number) =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { clusterIP, ports: [{ port, protocol: 'TCP' }] } }) as never;

/** TestMakeEnvironmentVariables of pkg/kubelet/kubelet_pods_test.go. */
test('a Service named kubernetes in the own namespace stands in the place of the cluster', () => {
  const services = [
    service('default', 'kubernetes', '1.2.3.1', 8081),
    service('test', 'kubernetes', '1.2.3.4', 8084),
    service('test', 'test', '1.2.3.5', 8085),
  ];
  const all = services as unknown as readonly { readonly metadata: { readonly name: string; readonly namespace: string } }[];
  const api = {
    get: (_: string, { namespace, name }: { namespace: string; name: string }) =>
      all.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace),
    list: (_: string, { namespace }: { namespace: string }) => all.filter(({ metadata }) => metadata.namespace === namespace),
  } as unknown as Api;
  const addresses = (namespace: string, links: boolean) =>
    Object.entries(new ServiceVariables().of(api, namespace, links)).flatMap(([name, value]) => (name.endsWith('_ADDR') ? [`${name}=${value}`] : []));
  expect(addresses('test', true)).toEqual(['KUBERNETES_PORT_8084_TCP_ADDR=1.2.3.4', 'TEST_PORT_8085_TCP_ADDR=1.2.3.5']);
  expect(addresses('test', false)).toEqual(['KUBERNETES_PORT_8081_TCP_ADDR=1.2.3.1']);
  expect(addresses('default', true)).toEqual(['KUBERNETES_PORT_8081_TCP_ADDR=1.2.3.1']);
});

describe('environment', () => {
  test('has what the runtime, the image and the service say', () => {
    expect(env({})).toMatchObject({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOSTNAME: 'p',
      HOME: '/root',
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
      KUBERNETES_SERVICE_PORT: '443',
      KUBERNETES_SERVICE_PORT_HTTPS: '443',
      KUBERNETES_PORT: 'tcp://10.96.0.1:443',
      KUBERNETES_PORT_443_TCP: 'tcp://10.96.0.1:443',
      KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
      KUBERNETES_PORT_443_TCP_PORT: '443',
      KUBERNETES_PORT_443_TCP_ADDR: '10.96.0.1',
    });
  });
  test('later entries win, and see those before them', () => {
    expect(
      env({
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '$(A)-$(C)' },
          { name: 'A', value: '2' },
          { name: 'H', value: '$(KUBERNETES_SERVICE_HOST)' },
        ],
      }),
    ).toMatchObject({ A: '2', B: '1-$(C)', H: '10.96.0.1' });
  });
  test('takes whole ConfigMaps, with a prefix, and single keys over them', () => {
    const container = {
      envFrom: [{ prefix: 'X_', configMapRef: { name: 'm' } }, { configMapRef: { name: 'm' } }, { configMapRef: { name: 'none', optional: true } }],
      env: [{ name: 'k', value: 'own' }],
    };
    expect(env(container, configMap('m', { k: 'v', 'odd.key': 'w' }))).toMatchObject({ X_k: 'v', k: 'own', 'odd.key': 'w' });
  });
  test('reads secrets as text', () => {
    const secret = (node: TestNode) =>
      void node.put('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, data: { k: 'c2VjcmV0' } } as never);
    expect(env({ env: [{ name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }, secret)).toMatchObject({ S: 'secret' });
  });
  test('knows the pod itself', () => {
    const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
    const resource = (name: string, divisor?: string) => ({ valueFrom: { resourceFieldRef: { resource: name, ...(divisor && { divisor }) } } });
    const container = {
      resources: { requests: { cpu: '250m', memory: '64Mi' }, limits: { cpu: '1500m' } },
      env: [
        { name: 'NAME', ...field('metadata.name') },
        { name: 'APP', ...field("metadata.labels['app']") },
        { name: 'IP', ...field('status.podIP') },
        { name: 'NODE', ...field('spec.nodeName') },
        { name: 'CPU', ...resource('limits.cpu') },
        { name: 'CPU_MILLI', ...resource('requests.cpu', '1m') },
        { name: 'MEMORY', ...resource('requests.memory', '1Mi') },
        { name: 'ALL_MEMORY', ...resource('limits.memory', '1Gi') },
      ],
    };
    expect(env(container)).toMatchObject({ NAME: 'p', APP: 'x', IP: '10.244.0.2', NODE, CPU: '2', CPU_MILLI: '250', MEMORY: '64', ALL_MEMORY: '8' });
  });
  test('is expanded into command and args', () => {
    const node = new TestNode();
    node.run({
      name: 'p',
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'c', image: 'busybox', command: ['echo'], args: ['$(WHO)', '$$(WHO)', '$(NOBODY)'], env: [{ name: 'WHO', value: 'me' }] }],
      },
    });
    node.advance(20);
    expect(node.log('p', 'c')).toBe('me $(WHO) $(NOBODY)');
  });
});
