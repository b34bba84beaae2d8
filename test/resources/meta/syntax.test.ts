/** Go structs as messages show them; the first as a kube-apiserver v1.33.13 printed it. */
import { expect, test } from 'vitest';
import { goDiff } from '../../../src/resources/meta/go/diff.js';
import { goBadValue } from '../../../src/resources/meta/go/syntax.js';

const ENTRY = { manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:a': {} } };

test('%#v of an entry of managedFields', () => {
  const goSyntax =
    'v1.ManagedFieldsEntry{Manager:"x", Operation:"Update", APIVersion:"v1", Time:<nil>, FieldsType:"FieldsV1", FieldsV1:(*v1.FieldsV1)(0xc000a00000), Subresource:""}';
  expect(goBadValue('ManagedFieldsEntry', ENTRY)).toEqual({ goSyntax });
});

test('its fields are the text they were sent as', () => {
  expect(goDiff('ManagedFieldsEntry', { manager: 'x' }, ENTRY)).toMatch(/^\+ \tFieldsV1: +s`\{"f:a":\{\}\}`,$/m);
});
