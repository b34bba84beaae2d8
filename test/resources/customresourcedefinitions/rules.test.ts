/** What rules say of an object, new and changed: pkg/apiserver/schema/cel/validation.go. How it is said is recorded (test/apiserver/recorded/rules.json). */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/object.js';
import type { CustomSchema } from '../../../src/resources/customresourcedefinitions/custom-schema.js';
import { type Rule, type Rules, rulesOf, validateByRules } from '../../../src/resources/customresourcedefinitions/rules.js';

const whole = (spec: object, labels?: object): KubeObject =>
  ({ apiVersion: 'x.io/v1', kind: 'X', metadata: { name: 'x', ...(labels && { labels }) }, spec }) as never;
const schemaOf = (spec: object, rules: readonly Rule[] = []): CustomSchema => ({
  type: 'object',
  ...(rules.length > 0 && { 'x-kubernetes-validations': rules }),
  properties: { spec: { type: 'object', ...spec } as CustomSchema },
});
function said(schema: CustomSchema, object: KubeObject, old?: KubeObject): readonly string[] {
  return validateByRules(object, old, rulesOf(schema) as Rules).map(({ field, detail }) => `${field}: ${detail}`);
}
const number = { type: 'integer' };
const ruled = (...rules: readonly Rule[]): object => ({ 'x-kubernetes-validations': rules });

test('what an update leaves as it was may stay wrong', () => {
  const schema = schemaOf({ properties: { n: { ...number, ...ruled({ rule: 'self > 1' }) }, m: number } });
  const failed = 'spec.n: Invalid value: "integer": failed rule: self > 1';
  expect(said(schema, whole({ n: 1 }))).toEqual([failed]);
  expect(said(schema, whole({ n: 1, m: 2 }), whole({ n: 1, m: 1 }))).toEqual([]);
  expect(said(schema, whole({ n: 0 }), whole({ n: 1 }))).toEqual([failed]);
});

test('a rule about what was is not one about what is new, unless it says so', () => {
  const grows = schemaOf({ properties: { n: { ...number, ...ruled({ rule: 'self >= oldSelf' }) } } });
  expect(said(grows, whole({ n: 1 }))).toEqual([]);
  expect(said(grows, whole({ n: 1 }), whole({ n: 2 }))).toHaveLength(1);
  const optional = schemaOf({ properties: { n: { ...number, ...ruled({ rule: 'oldSelf.hasValue() || self == 1', optionalOldSelf: true }) } } });
  expect([said(optional, whole({ n: 2 })).length, said(optional, whole({ n: 2 }), whole({ n: 5 })).length]).toEqual([1, 0]);
});

test('items are told from one another by their keys, where there are such', () => {
  const list = { type: 'array', items: { type: 'object', properties: { k: { type: 'string' }, v: { ...number, ...ruled({ rule: 'self >= oldSelf' }) } } } };
  const keyed = schemaOf({ properties: { l: { ...list, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] } } });
  const [a, b] = [
    { k: 'a', v: 1 },
    { k: 'b', v: 5 },
  ];
  expect(said(keyed, whole({ l: [b, a] }), whole({ l: [a, b] }))).toEqual([]);
  expect(said(keyed, whole({ l: [{ k: 'b', v: 1 }] }), whole({ l: [a, b] }))).toEqual(['spec.l[0].v: Invalid value: "integer": failed rule: self >= oldSelf']);
});

test('rules within allOf see the type around it', () => {
  const schema = schemaOf({ properties: { n: number }, allOf: [{ properties: { n: ruled({ rule: 'self > 1' }) } }] });
  expect(said(schema, whole({ n: 1 }))).toEqual(['spec.n: Invalid value: "integer": failed rule: self > 1']);
});

test('of metadata only the names are seen', () => {
  const rule = { rule: "self.metadata.name == 'x' && !has(self.metadata.labels)" };
  expect(said(schemaOf({}, [rule]), whole({}, { a: 'b' }))).toEqual([]);
});

test('names that are no identifiers are escaped', () => {
  const schema = schemaOf({
    properties: { 'a-b': number, namespace: number, c__d: number },
    ...ruled({ rule: 'self.a__dash__b == 1 && self.__namespace__ == 2 && self.c__underscores__d == 3' }),
  });
  expect(said(schema, whole({ 'a-b': 1, namespace: 2, c__d: 3 }))).toEqual([]);
});

test('a message that is too long, empty or of several lines is none', () => {
  const failed = (messageExpression: string): readonly string[] => said(schemaOf(ruled({ rule: 'false', message: 'm', messageExpression })), whole({}));
  const plain = ['spec: Invalid value: "object": m'];
  expect([failed("'x'"), failed("''"), failed("'a\\nb'"), failed(`'${'x'.repeat(5121)}'`), failed('self.nope')]).toEqual([
    ['spec: Invalid value: "object": x'],
    plain,
    plain,
    plain,
    plain,
  ]);
});
