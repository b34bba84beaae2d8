/** What each plugin says of one node, by the cases of upstream's own tests (pkg/scheduler/framework/plugins). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject, ObjectKey } from '../../src/api/object.js';
import type { Api, ListOptions } from '../../src/api/verbs.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { ClusterCache } from '../../src/scheduler/cluster-cache.js';
import { filterPlugins } from '../../src/scheduler/plugins/index.js';

interface Case {
  readonly source: string;
  readonly plugin: string;
  readonly pod: Pod;
  readonly nodes: readonly { readonly node: KubeObject; readonly pods: readonly Pod[] }[];
  /** Which of them is looked at. */
  readonly node: string;
  readonly objects?: Readonly<Record<string, readonly KubeObject[]>>;
  /** Reasons; none: the node will do. */
  readonly expected: readonly string[];
  readonly unresolvable?: boolean;
}
const { cases } = JSON.parse(readFileSync(new URL('./filter-cases.json', import.meta.url), 'utf8')) as { cases: readonly Case[] };

/** Names that the cases leave out are made up. */
const nameOf = ({ metadata }: { readonly metadata?: KubeObject['metadata'] }, otherwise: string): string => metadata?.name || otherwise;

function whole(pod: Pod, name: string, nodeName?: string): Pod {
  const metadata = { ...pod.metadata, namespace: pod.metadata?.namespace ?? '', name: nameOf(pod, name), uid: name };
  return { ...pod, metadata, spec: { ...pod.spec, containers: pod.spec?.containers ?? [], ...(nodeName === undefined ? {} : { nodeName }) } };
}

function apiOf({ nodes, objects }: Case): Api {
  const tables: Readonly<Record<string, readonly KubeObject[]>> = {
    ...objects,
    nodes: nodes.map(({ node }) => ({ ...node, metadata: { ...node.metadata, name: nameOf(node, 'node') } })),
    pods: nodes.flatMap(({ node, pods }, n) => pods.map((pod, i) => whole(pod, `pod-${n}-${i}`, nameOf(node, 'node')))),
  };
  const isIn = (object: KubeObject, namespace: string | undefined) => namespace === undefined || (object.metadata.namespace ?? '') === namespace;
  return {
    get: (resource: string, key: ObjectKey) => tables[resource]?.find((object) => object.metadata.name === key.name && isIn(object, key.namespace)),
    list: (resource: string, options?: ListOptions) => tables[resource]?.filter((object) => isIn(object, options?.namespace)) ?? [],
    watch: () => undefined,
  } as unknown as Api;
}

describe('filters', () => {
  test('there are cases of every plugin', () => expect(new Set(cases.map(({ plugin }) => plugin))).toEqual(new Set(filterPlugins.map(({ name }) => name))));
  for (const [i, one] of cases.entries())
    test(`${i} ${one.plugin} (${one.source.split(' ').at(-1)})`, () => {
      const cache = new ClusterCache(apiOf(one));
      const node = cache.node(one.node || 'node');
      expect(node).toBeDefined();
      const prepared = filterPlugins.find(({ name }) => name === one.plugin)?.prepare(cache.info(whole(one.pod, 'new')), cache);
      const rejection =
        prepared === undefined || node === undefined
          ? undefined
          : typeof prepared === 'function'
            ? prepared(node)
            : 'rejection' in prepared
              ? prepared.rejection
              : prepared.filter(node);
      expect(rejection?.reasons ?? []).toEqual(one.expected);
      expect(rejection?.code === 'unresolvable').toBe(one.unresolvable ?? false);
    });
});
