/** Nodes made through the API get what kubeadm's get. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Node } from '../../src/resources/nodes/types.js';
import { cluster } from '../harness/cluster.js';

const node = (name: string, spec?: object): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, ...(spec === undefined ? {} : { spec }) }) as KubeObject;

test('a node gets the first addresses that are free, and an annotation', () => {
  const c = cluster({ nodes: 2 });
  c.create(node('own', { podCIDR: '10.244.2.0/24' }));
  c.create(node('extra'));
  c.advance('1s');
  const [own, extra] = [c.get<Node>('nodes', 'own'), c.get<Node>('nodes', 'extra')];
  expect(extra.spec).toMatchObject({ podCIDR: '10.244.3.0/24', podCIDRs: ['10.244.3.0/24'] });
  expect(own.spec).toMatchObject({ podCIDR: '10.244.2.0/24' });
  for (const { metadata } of [own, extra]) expect(metadata.annotations).toMatchObject({ 'node.alpha.kubernetes.io/ttl': '0' });
});
