/**
 * What a kube-apiserver v1.33.13 said to manifests in which one field is odd, found by sending thousands of such to both and comparing.
 * `holds`: values of the answer by their paths; null: absent.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer, withAccount, withNamespaces } from './harness.js';

interface Line {
  readonly name: string;
  readonly m?: 'PUT';
  readonly p: string;
  readonly body: unknown;
  readonly code: number;
  readonly warning?: string;
  readonly message?: string;
  readonly holds?: Readonly<Record<string, unknown>>;
}
const lines = JSON.parse(readFileSync(new URL('mutations.json', import.meta.url), 'utf8')) as readonly Line[];

let s: TestServer;
beforeAll(async () => {
  s = withNamespaces(await testServer(), 'default');
  withAccount(s, 'default');
});

/** As sent. */
const at = (object: unknown, path: string): unknown =>
  path.split('/').reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], JSON.parse(JSON.stringify(object))) ?? null;
/** Pointers inside Go structs print as addresses. */
const withoutAddresses = (text: string | undefined): string | undefined => text?.replaceAll(/0xc[0-9a-f]+/g, '0xc');

test.each(lines)('$name', ({ m, p, body, code, warning, message, holds }) => {
  const said = s.request(m ?? 'POST', p, body, { 'content-type': 'application/json' });
  const status = said.body as { readonly kind: string; readonly message?: string };
  expect({ code: said.status, warning: said.headers?.warning, message: status.kind === 'Status' ? withoutAddresses(status.message) : undefined }).toEqual({
    code,
    warning,
    message: withoutAddresses(message),
  });
  for (const [path, value] of Object.entries(holds ?? {})) expect({ path, value: at(said.body, path) }).toEqual({ path, value });
});

test('a patched object that cannot be read is shown with its metadata as Go orders it', () => {
  const made = s.ok('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'shown', labels: { x: '1' } }, data: { a: '1' } });
  const said = s.request('PATCH', '/api/v1/namespaces/default/configmaps/shown', { data: { e: 5 } }, { 'content-type': 'application/merge-patch+json' });
  const { name, namespace, uid, resourceVersion, creationTimestamp } = made.metadata;
  const metadata = JSON.stringify({ name, namespace, uid, resourceVersion, creationTimestamp, labels: { x: '1' } }).slice(0, -1);
  const text = `{"apiVersion":"v1","data":{"a":"1","e":5},"kind":"ConfigMap","metadata":${metadata},"managedFields":[{"manager":"`;
  expect((said.body as { readonly message: string }).message).toContain(`patch: Invalid value: ${JSON.stringify(text).slice(0, -1)}`);
});
