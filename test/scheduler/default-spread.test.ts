/** What default spreading counts is remembered for the pods of an owner, as long as nothing it was made of changes. */
import { expect, test } from 'vitest';
import { type KubeObject, keyOf, keyString } from '../../src/api/object.js';
import type { Api } from '../../src/api/verbs.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { ClusterCache } from '../../src/scheduler/cluster-cache.js';
import { attempt } from '../../src/scheduler/cycle.js';

const node = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
});
const owner = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { namespace: 'default', name: 'web' },
  spec: { selector: { matchLabels: { app: 'web' } } },
};
const pod = (name: string, labels: Record<string, string>, nodeName?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'default',
    name,
    uid: name,
    generation: 1,
    labels,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'web', controller: true }],
  },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...(nodeName === undefined ? {} : { nodeName }) },
});
const service = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'web' }, spec: { selector: { app: 'web', tier: 'x' } } };

/** As of the store, a list is the same array until something of it changes. */
function cacheOf(objects: Record<string, readonly KubeObject[]>): ClusterCache {
  return new ClusterCache({
    get: (resource: string, key: { namespace: string; name: string }) => objects[resource]?.find((object) => keyString(keyOf(object)) === keyString(key)),
    list: (resource: string) => objects[resource] ?? [],
    watch: () => undefined,
  } as unknown as Api);
}

test('a Service that is new, and pods with other labels, are minded', () => {
  const plain = { app: 'web' };
  const chosen = { app: 'web', tier: 'x' };
  const objects: Record<string, readonly KubeObject[]> = {
    nodes: [node('a'), node('b')],
    pods: [pod('p1', plain, 'a'), pod('p2', plain, 'a'), pod('p3', chosen, 'b')],
    services: [],
    'replicasets.apps': [owner],
  };
  const cache = cacheOf(objects);
  const nodeFor = (labels: Record<string, string>) => attempt(cache.info(pod('new', labels)), cache, { random: () => 0 }).node?.name;
  expect(nodeFor(chosen)).toBe('b');
  expect(nodeFor(chosen)).toBe('b');
  // Now only those count that the Service selects, too: none on node a.
  objects['services'] = [service];
  expect(nodeFor(chosen)).toBe('a');
  // This one it does not select.
  expect(nodeFor(plain)).toBe('b');
  expect(nodeFor(chosen)).toBe('a');
});
