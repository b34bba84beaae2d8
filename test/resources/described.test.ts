/** Descriptions to the byte, of objects made up to have everything a description can show. Recorded from kubectl v1.33. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { AnyResource } from '../../src/api/resource.js';
import { parseTime, type Time } from '../../src/api/time.js';
import { nodes } from '../../src/resources/nodes/index.js';
import { pods } from '../../src/resources/pods/index.js';
import { indentedWriter } from '../../src/text/indented-writer.js';
import { fakeReader } from './fake-cluster.js';

const read = (file: string): string => readFileSync(new URL(`../golden/described/${file}`, import.meta.url), 'utf8');
const recorded = JSON.parse(read('objects.json')) as { readonly now: string; readonly items: readonly KubeObject[] };

const CASES: readonly (readonly [file: string, resource: AnyResource, kind: string, name: string])[] = [
  ['pod-vols.txt', pods, 'Pod', 'vols'],
  ['pod-conts.txt', pods, 'Pod', 'conts'],
  ['pod-empty.txt', pods, 'Pod', 'empty'],
  ['pod-sums.txt', pods, 'Pod', 'sums'],
  ['node-n1.txt', nodes, 'Node', 'n1'],
  ['node-n2.txt', nodes, 'Node', 'n2'],
];

test.each(CASES)('%s', async (file, resource, kind, name) => {
  const object = recorded.items.find((item) => item.kind === kind && item.metadata.name === name) as KubeObject;
  const out = indentedWriter();
  await resource.describe?.(object, fakeReader(recorded.items), out, { showEvents: true, now: parseTime(recorded.now) as Time });
  expect(out.text()).toBe(read(file));
});
