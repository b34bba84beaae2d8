/** The kinds, their names and their order as a real 1.33 API server announces them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { views } from '../../src/resources/views.js';

interface Discovered {
  readonly resource: string;
  readonly responseKind: { readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}
interface DiscoveryList {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources: readonly Discovered[] }[];
  }[];
}

const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
/** Asked of the API server itself; nothing of them is stored. */
const REQUESTS = new Set([
  'bindings',
  'selfsubjectreviews',
  'tokenreviews',
  'localsubjectaccessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'subjectaccessreviews',
]);

test('views are what discovery of a real cluster lists, in its order', () => {
  const golden = JSON.parse(readFileSync(new URL('../golden/cluster/discovery-aggregated.json', import.meta.url), 'utf8')) as Record<
    '/api' | '/apis',
    DiscoveryList
  >;
  const expected = [...golden['/api'].items, ...golden['/apis'].items].flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources
        .filter(({ resource }) => !REQUESTS.has(resource))
        .map(({ resource, responseKind, scope, singularResource, verbs, shortNames, categories }) => ({
          group: metadata.name ?? '',
          version,
          kind: responseKind.kind,
          plural: resource,
          singular: singularResource,
          shortNames: shortNames ?? [],
          namespaced: scope === 'Namespaced',
          categories: categories ?? [],
          verbs,
        })),
    ),
  );
  expect(views.map(({ names: { deprecation: _, ...names } }) => ({ ...names, verbs: names.verbs ?? ALL }))).toEqual(expected);
});

test('reading loads nothing that only writing or describing needs', () => {
  const src = new URL('../../src/', import.meta.url);
  const seen = new Set<string>();
  const visit = (file: URL): void => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*? from '(\.[^']+)'/gm))
      visit(new URL(from?.replace(/\.js$/, '.ts') ?? '', file));
  };
  visit(new URL('resources/views.ts', src));
  const heavy = [...seen].map((href) => href.slice(src.href.length)).filter((file) => /(validation|strategy|describe|controller|index)\.ts$/.test(file));
  expect(heavy).toEqual([]);
  expect(seen.size).toBeGreaterThan(50);
});
