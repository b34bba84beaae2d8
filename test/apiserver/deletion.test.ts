/** Grace periods that are shortened while they run: k8s.io/apiserver/pkg/registry/rest/delete.go BeforeDelete. */
import { expect, test } from 'vitest';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster } from '../harness/cluster.js';

const PATH = '/api/v1/namespaces/default/pods/p';

/** A pod that does not end when it is asked to, 20 s after it was first deleted with 60 s. */
function story() {
  const c = cluster({ nodes: 1 });
  c.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { terminationGracePeriodSeconds: 60, containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'trap "" TERM; sleep 1000'] }] },
  } as never);
  c.advance('30s');
  c.request('DELETE', PATH);
  c.advance('20s');
  const shorten = (gracePeriodSeconds: number) => {
    c.request('DELETE', PATH, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds });
    const { deletionTimestamp, deletionGracePeriodSeconds } = c.get<Pod>('pods', 'p').metadata;
    return [deletionTimestamp, deletionGracePeriodSeconds];
  };
  return { c, shorten };
}

test('a shorter period counts from the first deletion', () => {
  const { shorten } = story();
  expect(shorten(90)).toEqual(['2026-01-01T00:01:30Z', 60]);
  expect(shorten(30)).toEqual(['2026-01-01T00:01:00Z', 30]);
});

test('one that would be over ends in a second, not in the past', () => {
  const { shorten } = story();
  expect(shorten(10)).toEqual(['2026-01-01T00:00:50Z', 1]);
});

test("a definition's generation stays as it is", () => {
  const c = cluster({ nodes: 1 });
  const schema = { openAPIV3Schema: { type: 'object' } };
  c.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.ex.io' },
    spec: { group: 'ex.io', scope: 'Namespaced', names: { plural: 'foos', kind: 'Foo' }, versions: [{ name: 'v1', served: true, storage: true, schema }] },
  } as never);
  const { body } = c.request('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.ex.io');
  expect(body).toMatchObject({ metadata: { generation: 1, finalizers: ['customresourcecleanup.apiextensions.k8s.io'] } });
});
