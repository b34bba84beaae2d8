/** Recordings of a real 1.33 API server: what it stores of a manifest (decoding, defaults, admission together), and discovery. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { apiVersionOf, type ResourceNames, resourceId } from '../../src/api/resource.js';
import { subresourcesOf } from '../../src/apiserver/rest/subresource-names.js';
import { METRICS, virtualKinds } from '../../src/apiserver/rest/virtual-kinds.js';
import { resources } from '../../src/resources/index.js';
import { views } from '../../src/resources/views.js';
import { parseYaml } from '../../src/text/yaml.js';
import { testServer, withNamespaces } from './harness.js';

const folder = new URL('../golden/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

function parse(text: string): KubeObject {
  const parsed = parseYaml(text);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.value as KubeObject;
}

/** `actual` with the mask wherever `expected` has one, also within a text. */
function mask(actual: unknown, expected: unknown): unknown {
  if (typeof expected === 'string' && /<\w+>/.test(expected)) {
    const pattern = new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<\w+>/g, '.+')}$`);
    return pattern.test(String(actual)) ? expected : actual;
  }
  if (Array.isArray(actual) && Array.isArray(expected)) return actual.map((item, i) => mask(item, expected[i]));
  if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null)
    return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, mask(value, (expected as Record<string, unknown>)[key])]));
  return actual;
}

/** What the recording's controllers had done by then. */
const BY_CONTROLLERS: Readonly<Record<string, string>> = { crd: 'a controller accepts its names: test/kubectl/golden-cluster.test.ts' };

/** Objects that are there from the beginning. */
const FROM_THE_START: readonly (readonly [string, KubeObject & { readonly value?: number; readonly preemptionPolicy?: string }])[] = [
  [
    'priorityclasses.scheduling.k8s.io',
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'system-cluster-critical' },
      value: 2000000000,
      preemptionPolicy: 'PreemptLowerPriority',
    },
  ],
  [
    'priorityclasses.scheduling.k8s.io',
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'system-node-critical' },
      value: 2000001000,
      preemptionPolicy: 'PreemptLowerPriority',
    },
  ],
  [
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
    { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'PriorityLevelConfiguration', metadata: { name: 'global-default' } },
  ],
];

describe('defaulting', () => {
  for (const file of readdirSync(new URL('defaulting/', folder)).filter((name) => name.endsWith('.in.yaml'))) {
    const name = file.slice(0, -'.in.yaml'.length);
    const sent = parse(read(`defaulting/${file}`));
    const resource = resources.find(({ names }) => names.kind === sent.kind && apiVersionOf(names) === sent.apiVersion);
    test.skipIf(resource === undefined || name in BY_CONTROLLERS)(
      `${name}${resource === undefined ? ` (no ${sent.kind} yet)` : name in BY_CONTROLLERS ? ` (skipped: ${BY_CONTROLLERS[name]})` : ''}`,
      async () => {
        const s = withNamespaces(await testServer(), 'default');
        for (const [id, object] of FROM_THE_START) s.store.put(id, object);
        const { names } = resource!;
        const path = `${names.group === '' ? '/api' : `/apis/${names.group}`}/${names.version}${names.namespaced ? '/namespaces/default' : ''}/${names.plural}`;
        const answer = s.request('POST', `${path}?fieldManager=kubectl-create&fieldValidation=Strict`, JSON.parse(JSON.stringify(sent)));
        const expected = parse(read(`defaulting/${name}.out.yaml`));
        const { managedFields: _, ...metadata } = (answer.body as KubeObject).metadata;
        const stored = JSON.parse(JSON.stringify({ ...(answer.body as KubeObject), metadata })) as KubeObject;
        expect(mask(stored, expected)).toEqual(expected);
      },
    );
  }
});

interface ResourceList {
  readonly resources: readonly { readonly name: string }[];
}
interface Group {
  readonly name: string;
  readonly versions: readonly { readonly version: string }[];
}
interface AggregatedList {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources: readonly { readonly resource: string }[] }[];
  }[];
}

/** The recorded cluster had no metrics server. */
const served: readonly ResourceNames[] = [...views.map(({ names }) => names), ...virtualKinds.filter(({ group }) => group !== METRICS)];

describe('discovery', () => {
  const legacy = JSON.parse(read('cluster/discovery.json')) as Readonly<Record<string, unknown>>;
  const isKnown = (path: string, plural: string) => {
    const [, , group = '', version = ''] = path.startsWith('/api/') ? ['', '', '', 'v1'] : path.split('/');
    return served.some((names) => names.plural === plural && names.group === group && names.version === version);
  };

  test('resource lists', async () => {
    const s = await testServer();
    for (const [path, expected] of Object.entries(legacy)) {
      if ((expected as { kind?: string }).kind !== 'APIResourceList') continue;
      const list = expected as ResourceList;
      const known = list.resources.filter(({ name }) => isKnown(path, name.split('/')[0] as string));
      if (known.length === 0) continue;
      expect(s.ok<ResourceList>('GET', path), path).toEqual({ ...list, resources: known });
    }
  });

  test('the subresources it lists are those the kinds have', () => {
    const own = new Set(['attach', 'exec', 'log', 'portforward', 'proxy', 'status']);
    for (const { names, subresources = {}, strategy } of resources) {
      const listed = subresourcesOf(resourceId(names), names.kind);
      const described = listed.filter(({ name }) => !own.has(name)).map(({ name, verbs }) => [name, verbs]);
      const declared = Object.entries(subresources).map(([name, { verbs }]) => [name, [...verbs].sort()]);
      expect(described, names.plural).toEqual(declared.sort());
      expect(
        listed.some(({ name }) => name === 'status'),
        `${names.plural}/status`,
      ).toBe(strategy.hasStatus);
    }
  });

  test('groups, in order', async () => {
    const s = await testServer();
    const groups = s.ok<{ groups: readonly Group[] }>('GET', '/apis').groups.filter(({ name }) => name !== METRICS);
    const expected = (legacy['/apis'] as { groups: readonly Group[] }).groups;
    const names = groups.map(({ name }) => name);
    expect(names).toEqual(expected.map(({ name }) => name).filter((name) => names.includes(name)));
    for (const group of groups) {
      const recorded = expected.find(({ name }) => name === group.name);
      const versions = new Set(served.filter((names) => names.group === group.name).map((names) => names.version));
      expect(group, group.name).toEqual({ ...recorded, versions: recorded?.versions.filter(({ version }) => versions.has(version)) });
    }
  });

  test('aggregated', async () => {
    const s = await testServer();
    const recorded = JSON.parse(read('cluster/discovery-aggregated.json')) as Readonly<Record<string, AggregatedList>>;
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    for (const path of ['/api', '/apis']) {
      const answer = s.request('GET', path, undefined, { accept });
      expect(answer.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
      for (const item of (answer.body as AggregatedList).items) {
        if (item.metadata.name === METRICS) continue;
        const expected = recorded[path]?.items.find(({ metadata }) => metadata.name === item.metadata.name);
        for (const { version, resources: found } of item.versions) {
          const all = expected?.versions.find((one) => one.version === version)?.resources ?? [];
          const known = all.filter(({ resource }) => found.some((one) => one.resource === resource));
          expect(found, `${item.metadata.name}/${version}`).toEqual(known);
        }
      }
    }
  });
});
