/**
 * What a new cluster prints, recorded from a Kubernetes 1.33.13 control plane (golden/cluster/*.txt). Addresses and ages are that
 * cluster's own, and it had no metrics server; how wide a masked column was is not known, so runs of blanks count as one.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { terminal } from '../harness/terminal.js';

const COMMANDS: Readonly<Record<string, string>> = {
  'api-resources.name': 'api-resources -o name',
  'api-resources.namespaced.name': 'api-resources --namespaced=true -o name',
  'api-resources': 'api-resources',
  'api-resources.wide': 'api-resources -o wide',
  'api-versions': 'api-versions',
  'describe-clusterrole-cluster-admin': 'describe clusterrole cluster-admin',
  'describe-clusterrole-view': 'describe clusterrole view',
  'describe-clusterrolebinding-cluster-admin': 'describe clusterrolebinding cluster-admin',
  'describe-ns-default': 'describe ns default',
  'describe-priorityclass': 'describe priorityclass system-node-critical',
  'describe-sa-default': 'describe sa default',
  'describe-svc-kubernetes': 'describe svc kubernetes',
  'get-apiservices': 'get apiservices',
  'get-endpointslices': 'get endpointslices',
  'get-flowschemas': 'get flowschemas',
  'get-ns': 'get ns',
  'get-priorityclasses': 'get priorityclasses',
  'get-prioritylevelconfigurations': 'get prioritylevelconfigurations',
  'get-svc': 'get svc -o wide',
};

const blanks = (text: string): readonly string[] =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => !line.includes('metrics.k8s.io'))
    .map((line) => line.trimEnd().replace(/ {2,}/g, '  '));

describe('a new cluster', () => {
  test.each(Object.entries(COMMANDS))('%s', async (name, command) => {
    const golden = readFileSync(new URL(`../golden/cluster/${name}.txt`, import.meta.url), 'utf8');
    const shell = terminal();
    await shell.run(['cluster', 'create', '--clock', 'paused', '--force']);
    await shell.run(['clock', 'advance', '90s']);
    const { out, err } = await shell.run(command.split(' '));
    const age = golden.includes('<age>') ? (text: string) => text.replace(/\b\d+[smh](\d+[smh])?(?=\s|$)/gm, '<age>') : (text: string) => text;
    expect(err).toBe('');
    expect(blanks(age(out))).toEqual(blanks(golden));
  });
});

describe('what a new cluster answers', () => {
  const recorded = (name: string) => JSON.parse(readFileSync(new URL(`../golden/cluster/${name}.json`, import.meta.url), 'utf8')) as unknown;
  const raw = async (path: string) => JSON.parse((await terminal().run(['get', '--raw', path])).out) as Record<string, unknown>;
  const withoutMetrics = (paths: readonly string[]) => paths.filter((path) => !path.includes('metrics.k8s.io'));

  test('its paths', async () => {
    expect(withoutMetrics((await raw('/'))['paths'] as string[])).toEqual(recorded('root-paths'));
  });
  test('its OpenAPI documents, each of which is there', async () => {
    const { paths } = await raw('/openapi/v3');
    expect(withoutMetrics(Object.keys(paths as object))).toEqual(recorded('openapi-v3-paths'));
    for (const path of ['api', 'apis/apps', 'apis/authentication.k8s.io/v1', 'version'])
      expect(Object.keys((await raw(`/openapi/v3/${path}`))['paths'] as object)[0]).toMatch(new RegExp(`^/${path}/`));
  });
  test.each(Object.entries(recorded('rbac-defaults') as Record<string, readonly Record<string, unknown>[]>))('every %s of RBAC', async (kind, objects) => {
    const { items } = (await raw(`/apis/rbac.authorization.k8s.io/v1/${kind.toLowerCase()}s`)) as { items: { metadata: Meta }[] };
    for (const object of objects) {
      const { name, namespace, labels, annotations } = object['metadata'] as Meta;
      const found = items.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
      expect(found).toMatchObject({ ...object, metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) } });
    }
  });
});

test('a definition, whose names a controller accepts', async () => {
  const golden = (name: string) => readFileSync(new URL(`../golden/defaulting/crd.${name}.yaml`, import.meta.url), 'utf8');
  const shell = terminal({ files: { 'crd.yaml': golden('in') } });
  await shell.run(['create', '-f', 'crd.yaml']);
  const { out } = await shell.run(['get', 'crd', 'crontabs.stable.example.com', '-o', 'yaml']);
  expect(
    out
      .replace(/"20\d\d-.*"/g, '"<time>"')
      .replace(/uid: .*/, 'uid: <uid>')
      .replace(/resourceVersion: .*/, 'resourceVersion: "<rv>"'),
  ).toBe(golden('out'));
});

interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: object;
  readonly annotations?: object;
}
