/** What a kube-apiserver v1.33.13 said of patches that make what cannot be read: byte for byte, with the whole object as the patch left it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testServer, withNamespaces } from './harness.js';

const recorded = JSON.parse(readFileSync(new URL('refused-patches.json', import.meta.url), 'utf8')) as {
  readonly object: unknown;
  readonly patches: readonly { readonly type: string; readonly patch: unknown; readonly message: string }[];
};
const collection = '/apis/apps/v1/namespaces/default/deployments';

test.each(recorded.patches)('$type $patch', async ({ type, patch, message }) => {
  const s = withNamespaces(await testServer(), 'default');
  s.ok('POST', collection, recorded.object, { 'user-agent': 'judge/1' });
  const { body } = s.request('PATCH', `${collection}/d?fieldValidation=Strict`, patch, { 'content-type': `application/${type}-patch+json` });
  const said = (body as { readonly message: string }).message;
  const plain = said.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  expect(plain.replace(/(resourceVersion\\*":\\*")\d+/g, '$1RV')).toBe(message);
});
