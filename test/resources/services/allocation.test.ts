/** Cluster IPs and node ports over a Service's life. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/object.js';
import { strategy } from '../../../src/resources/services/strategy.js';
import type { Service, ServiceSpec } from '../../../src/resources/services/types.js';
import { fakeContext } from '../fake-cluster.js';

const service = (name: string, spec: ServiceSpec): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec,
  status: {},
});
const create = (name: string, spec: ServiceSpec, others: readonly KubeObject[] = []): Service => {
  const sent = strategy.defaults(service(name, spec));
  return strategy.prepareForCreate?.(sent, fakeContext(others)) ?? sent;
};
const update = (old: Service, spec: ServiceSpec): Service => {
  const sent = strategy.defaults({ ...old, spec });
  return strategy.prepareForUpdate?.(sent, old, fakeContext([old])) ?? sent;
};
const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const cidr = (range: string) =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs: [range] } }) as KubeObject;
const http: ServiceSpec = { selector: { app: 'web' }, ports: [{ port: 80 }] };

test('addresses come from the dynamic part of the cluster’s range', () => {
  expect(create('a', http).spec.clusterIP).toBe('10.104.0.127');
  expect(create('a', http, [cidr('10.96.0.0/16')]).spec.clusterIP).toBe('10.96.128.127');
});

test('an address or port in use is passed over, or refused when asked for', () => {
  const first = create('a', { ...http, type: 'NodePort' });
  const second = create('b', { ...http, type: 'NodePort' }, [first]);
  expect(second.spec.clusterIP).toBe('10.104.0.128');
  expect([first, second].map(({ spec }) => spec.ports?.[0]?.nodePort)).toEqual([31427, 31428]);
  expect(message(() => create('c', { ...http, clusterIP: '10.104.0.127' }, [first]))).toBe(
    'Service "c" is invalid: spec.clusterIPs: Invalid value: []string{"10.104.0.127"}: failed to allocate IP 10.104.0.127: provided IP is already allocated',
  );
  expect(message(() => create('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 31427 }] }, [first]))).toBe(
    'Service "c" is invalid: spec.ports[0].nodePort: Invalid value: 31427: provided port is already allocated',
  );
  expect(message(() => create('c', { ...http, clusterIP: '10.96.0.0' }))).toContain('the provided network does not match the current range');
});

test('TCP and UDP of one port number share a node port', () => {
  const dns = create('dns', {
    type: 'NodePort',
    ports: [
      { name: 'tcp', port: 53 },
      { name: 'udp', port: 53, protocol: 'UDP' },
    ],
  });
  expect(dns.spec.ports?.map(({ nodePort }) => nodePort)).toEqual([31427, 31427]);
});

test('a PUT that leaves out what was allocated keeps it', () => {
  const old = create('a', { ...http, type: 'NodePort' });
  const next = update(old, { ...http, type: 'NodePort' });
  expect(next.spec).toEqual(old.spec);
});

test('types change: a node port comes and goes, the address stays, ExternalName gives it back', () => {
  const plain = create('a', http);
  const node = update(plain, { ...plain.spec, type: 'NodePort' });
  expect(node.spec).toMatchObject({ clusterIP: plain.spec.clusterIP, externalTrafficPolicy: 'Cluster', ports: [{ nodePort: 31427 }] });
  const back = update(node, { ...node.spec, type: 'ClusterIP' });
  expect(back.spec).toEqual(plain.spec);
  const outside = update(plain, { ...plain.spec, type: 'ExternalName', externalName: 'example.com' });
  expect(outside.spec).toMatchObject({ type: 'ExternalName', externalName: 'example.com' });
  expect(outside.spec).not.toHaveProperty('clusterIP');
  expect(outside.spec).not.toHaveProperty('ipFamilies');
  expect(strategy.validateUpdate?.(outside, plain).filter(({ field }) => !field.startsWith('metadata'))).toEqual([]);
});

test('a load balancer for local traffic gets a port for health checks', () => {
  const local = create('lb', { ...http, type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
  expect(local.spec.healthCheckNodePort).toBe(31428);
  expect(strategy.validate(local)).toEqual([]);
  const anywhere = update(local, { ...local.spec, externalTrafficPolicy: 'Cluster' });
  expect(anywhere.spec).not.toHaveProperty('healthCheckNodePort');
});

test('without node ports when told so', () => {
  expect(create('lb', { ...http, type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }).spec.ports?.[0]).not.toHaveProperty('nodePort');
});

test('headless services take no address; without a selector they may be of both families', () => {
  expect(create('h', { ...http, clusterIP: 'None' }).spec).toMatchObject({ clusterIPs: ['None'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  expect(create('h', { clusterIP: 'None' }).spec).toMatchObject({ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' });
  expect(message(() => create('d', { ...http, ipFamilyPolicy: 'RequireDualStack' }))).toContain('this cluster is not configured for dual-stack services');
});
