import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/object.js';
import { priorityclasses } from '../../../src/resources/priorityclasses/index.js';
import { cluster } from '../../harness/cluster.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(priorityclasses, ['priorityclass-second-global-default']);
runDefaulting(priorityclasses, ...['priorityclass']);

test('its first generation is its only one; a CSIDriver begins to count at the first change', () => {
  const c = cluster();
  const patch = (path: string, body: object) => {
    const { metadata } = c.request('PATCH', path, body, { 'content-type': 'application/merge-patch+json' }).body as KubeObject;
    return metadata.generation;
  };
  expect(
    c.create<KubeObject>({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'a' }, value: 1 } as KubeObject).metadata.generation,
  ).toBe(1);
  expect(patch('/apis/scheduling.k8s.io/v1/priorityclasses/a', { description: 'x' })).toBe(1);
  expect(
    c.create<KubeObject>({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'd' }, spec: {} } as KubeObject).metadata.generation,
  ).toBeUndefined();
  expect(patch('/apis/storage.k8s.io/v1/csidrivers/d', { spec: { requiresRepublish: true } })).toBe(1);
  expect(patch('/apis/storage.k8s.io/v1/csidrivers/d', { metadata: { labels: { a: 'b' } } })).toBe(1);
});
