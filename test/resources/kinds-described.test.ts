/**
 * Descriptions of kinds in many states. `described.txt` is what kubectl v1.33 printed of `objects.yaml` on a podsim API server
 * (made at 2025-06-01, TZ=UTC), recorded until its random orders of maps came out sorted.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type KubeObject, keyOf } from '../../src/api/object.js';
import { apiVersionOf, resourceId } from '../../src/api/resource.js';
import type { Reader } from '../../src/api/verbs.js';
import { resources } from '../../src/resources/index.js';
import { indentedWriter } from '../../src/text/indented-writer.js';
import { parseYaml } from '../../src/text/yaml.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

vi.stubEnv('TZ', 'UTC');
afterAll(() => vi.unstubAllEnvs());
const read = (name: string): string => readFileSync(new URL(`../golden/described/kinds/${name}`, import.meta.url), 'utf8');

const load = (isFrozen: boolean): TestCluster => {
  const c = cluster({ nodes: 1, time: '2025-06-01T00:00:00Z', isFrozen });
  c.delete('storageclasses.storage.k8s.io', 'standard');
  for (const text of read('objects.yaml').split(/^---$/m)) {
    const parsed = parseYaml(text);
    if ('error' in parsed) throw new Error(parsed.error);
    const sent = parsed.value as KubeObject & { readonly status?: object };
    const made = c.create<KubeObject>(sent);
    const names = resources.find((resource) => resource.names.kind === sent.kind && apiVersionOf(resource.names) === sent.apiVersion)?.names;
    // Quotas were not counted where this was recorded.
    const status = sent.status ?? (sent.kind === 'ResourceQuota' ? {} : undefined);
    if (status === undefined || names === undefined) continue;
    // Its controller may have written it since.
    const stored = c.api.get(resourceId(names), keyOf(made));
    c.api.updateStatus(resourceId(names), { ...stored, status } as KubeObject);
  }
  return c;
};
/** Nothing bound volumes where this was recorded. */
const clusters: Readonly<Record<string, TestCluster>> = { persistentvolumes: load(true), persistentvolumeclaims: load(true) };
const others = load(false);
/** No Ingress controller told events where this was recorded. */
const SILENT: ReadonlySet<string> = new Set(['ingresses.networking.k8s.io']);
const readerOf = (c: TestCluster, id: string): Reader => ({
  get: async (resource, key) => c.api.get(resource, key),
  list: async (resource, options) => (resource === 'events' && SILENT.has(id) ? [] : c.api.list(resource, options)),
});

describe('as kubectl describes', () => {
  const cases = read('described.txt')
    .split(/^### kubectl describe /m)
    .slice(1)
    .map((text) => ({ command: text.slice(0, text.indexOf('\n')), expected: text.slice(text.indexOf('\n') + 1) }));
  test('there are some', () => expect(cases.length).toBeGreaterThan(40));
  test.each(cases)('$command', async ({ command, expected }) => {
    const [id = '', name = '', , namespace = ''] = command.split(' ');
    const resource = resources.find(({ names }) => resourceId(names) === id);
    const c = clusters[id] ?? others;
    const object = c.api.get(id, { namespace, name });
    if (resource?.describe === undefined || object === undefined) throw new Error(`nothing to describe: ${command}`);
    const out = indentedWriter();
    await resource.describe(object, readerOf(c, id), out, { showEvents: true, now: c.now });
    expect(out.text()).toBe(expected);
  });
});
