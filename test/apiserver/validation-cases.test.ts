/**
 * What the server says to a manifest, from decoding to quota, as kubectl prints it: every case of validation-cases.json whose
 * kind is there. What kubectl itself refuses is asked of kubectl, on a whole cluster.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import { apiVersionOf, type ResourceNames } from '../../src/api/resource.js';
import type { Answer } from '../../src/apiserver/long-running.js';
import { acceptNames } from '../../src/resources/customresourcedefinitions/names.js';
import type { CustomResourceDefinition } from '../../src/resources/customresourcedefinitions/types.js';
import { resources } from '../../src/resources/index.js';
import { terminal } from '../harness/terminal.js';
import { type TestServer, testServer, withAccount, withNamespaces } from './harness.js';

interface Case {
  readonly name: string;
  readonly manifest: KubeObject | { readonly items: readonly KubeObject[] };
  readonly existing?: KubeObject & { readonly items?: readonly KubeObject[] };
  readonly operation?: string;
  readonly expectedError?: string | null;
  readonly expectedErrorPrefix?: string;
  readonly warnings?: readonly string[];
}

const { cases } = JSON.parse(readFileSync(new URL('../cases/validation-cases.json', import.meta.url), 'utf8')) as { cases: readonly Case[] };

/** The kind that a definition among the existing objects defines. */
const definedBy = ({ existing }: Case, object: KubeObject): Names | undefined => {
  const definitions = existing === undefined ? [] : ((existing.items ?? [existing]) as readonly CustomResourceDefinition[]);
  const found = definitions.find(({ kind, spec }) => kind === 'CustomResourceDefinition' && spec.names.kind === object.kind);
  const version = object.apiVersion?.split('/')[1] ?? '';
  return found === undefined ? undefined : { group: found.spec.group, version, plural: found.spec.names.plural, namespaced: found.spec.scope === 'Namespaced' };
};
type Names = Pick<ResourceNames, 'group' | 'version' | 'plural' | 'namespaced'>;
const resourceOf = (object: KubeObject) => resources.find(({ names }) => names.kind === object.kind && apiVersionOf(names) === object.apiVersion);

function pathOf(one: Case, object: KubeObject, name = ''): string | undefined {
  const names = resourceOf(object)?.names ?? definedBy(one, object);
  if (names === undefined) return undefined;
  const root = names.group === '' ? `/api/${names.version}` : `/apis/${names.group}/${names.version}`;
  const within = names.namespaced ? `/namespaces/${object.metadata?.namespace ?? 'default'}` : '';
  return `${root}${within}/${names.plural}${name === '' ? '' : `/${name}`}`;
}

/** kubectl's rules (pkg/cmd/util/helpers.go StandardErrorMessage, and where the file's name goes in). */
function rendered(status: Status, verb: string): string {
  const { reason, message, details } = status;
  if (reason === 'Invalid') {
    const head = details?.kind || details?.name ? `The ${details.kind} "${details.name}" is invalid` : 'The request is invalid';
    const causes = [...new Set((details?.causes ?? []).map((cause) => `${cause.field}: ${cause.message}`))];
    if (causes.length === 0) return `${head}: ${message}`;
    return causes.length === 1 ? `${head}: ${causes[0]}` : `${head}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`;
  }
  return `Error from server${reason ? ` (${reason})` : ''}: ${verb === '' ? '' : `error when ${verb} "f.yaml": `}${message}`;
}

function send(s: TestServer, one: Case): { readonly answer: Answer; readonly verb: string } {
  const { manifest, operation = 'create' } = one;
  const object = manifest as KubeObject;
  if (operation === 'create')
    return { answer: s.request('POST', `${pathOf(one, object)}?fieldManager=kubectl-create&fieldValidation=Strict`, object), verb: 'creating' };
  const at = pathOf(one, object, object.metadata?.name);
  if (operation === 'replace') {
    const live = s.ok('GET', at as string);
    const body = { ...object, metadata: { ...object.metadata, resourceVersion: live.metadata.resourceVersion } };
    return { answer: s.request('PUT', `${at}?fieldManager=kubectl-replace&fieldValidation=Strict`, body), verb: 'replacing' };
  }
  if (operation === 'apply')
    return {
      answer: s.request('PATCH', `${at}?fieldManager=kubectl-client-side-apply&fieldValidation=Strict`, object, {
        'content-type': 'application/strategic-merge-patch+json',
      }),
      verb: 'patching',
    };
  const [, kind = '', name = '', flags = ''] = /^patch (\S+) (\S+) (.*)$/.exec(operation) ?? [];
  const subresource = /--subresource=(\w+)/.exec(flags)?.[1] ?? '';
  const path = `/api/v1/namespaces/default/${kind}s/${name}${subresource === '' ? '' : `/${subresource}`}?fieldManager=kubectl-patch`;
  return { answer: s.request('PATCH', path, manifest, { 'content-type': 'application/strategic-merge-patch+json' }), verb: '' };
}

/** What cannot be asked of the server. */
function isElsewhere(one: Case): string | undefined {
  const { existing, manifest, operation } = one;
  const objects = [...(existing === undefined ? [] : (existing.items ?? [existing])), ...(operation?.startsWith('patch') ? [] : [manifest as KubeObject])];
  const unknown = objects.find((object) => pathOf(one, object) === undefined);
  return unknown === undefined ? undefined : `no ${unknown.kind} yet`;
}

/** Before the server has a say. */
const isRefused = ({ expectedError }: Case): boolean => expectedError?.startsWith('error: ') === true;

test.each(cases.filter(isRefused))('$name (by kubectl)', async ({ manifest, expectedError }) => {
  const shell = terminal({ files: { 'f.yaml': JSON.stringify(manifest) } });
  expect(await shell.run(['create', '-f', 'f.yaml'])).toMatchObject({ code: 1, out: '', err: `${expectedError}\n` });
});

for (const one of cases.filter((each) => !isRefused(each))) {
  const elsewhere = isElsewhere(one);
  test.skipIf(elsewhere !== undefined)(`${one.name}${elsewhere === undefined ? '' : ` (${elsewhere})`}`, async () => {
    const s = withNamespaces(await testServer(), 'default');
    const { existing } = one;
    for (const object of existing === undefined ? [] : (existing.items ?? [existing])) {
      s.ok('POST', pathOf(one, object) as string, object);
      // As the naming controller would.
      if (object.kind === 'CustomResourceDefinition') {
        const id = 'customresourcedefinitions.apiextensions.k8s.io';
        const stored = s.api.get(id, { namespace: '', name: object.metadata.name ?? '' }) as CustomResourceDefinition;
        s.api.updateStatus(id, { ...stored, status: acceptNames(stored, [], '2026-01-01T00:00:00Z') });
      }
      // As the service account controller would.
      if (object.kind === 'Namespace') withAccount(s, object.metadata.name ?? '');
      // As the quota controller would: nothing is used yet.
      const { hard } = (object as { spec?: { hard?: Record<string, string> } }).spec ?? {};
      if (object.kind === 'ResourceQuota' && hard !== undefined) {
        const stored = s.api.get('resourcequotas', { namespace: 'default', name: object.metadata.name ?? '' }) as KubeObject;
        const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
        s.api.updateStatus('resourcequotas', { ...stored, status: { hard, used } } as KubeObject);
      }
    }
    const { answer, verb } = send(s, one);
    const said = answer.status < 300 ? null : rendered(answer.body as Status, verb);
    if (one.expectedErrorPrefix !== undefined) expect(said?.slice(0, one.expectedErrorPrefix.length)).toBe(one.expectedErrorPrefix);
    else expect(said).toBe(one.expectedError ?? null);
    if (one.warnings !== undefined) expect(answer.headers['warning']).toBe(one.warnings.map((text) => `299 - "${text.replaceAll('"', '\\"')}"`).join(', '));
  });
}
