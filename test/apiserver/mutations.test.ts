/**
 * What a kube-apiserver v1.33.13 said to manifests in which one field is odd, found by sending thousands of such to both and comparing.
 * `holds`: values of the answer by their paths; null: absent.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer, withAccount, withNamespaces } from './harness.js';

interface Line {
  readonly name: string;
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

test.each(lines)('$name', ({ p, body, code, warning, message, holds }) => {
  const said = s.request('POST', p, body, { 'content-type': 'application/json' });
  const status = said.body as { readonly kind: string; readonly message?: string };
  expect({ code: said.status, warning: said.headers?.warning, message: status.kind === 'Status' ? withoutAddresses(status.message) : undefined }).toEqual({
    code,
    warning,
    message: withoutAddresses(message),
  });
  for (const [path, value] of Object.entries(holds ?? {})) expect({ path, value: at(said.body, path) }).toEqual({ path, value });
});
