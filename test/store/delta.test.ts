import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDelta, delta } from '../../src/store/delta.js';

// Through JSON once: -0 does not survive that.
const value = fc.jsonValue({ maxDepth: 4 }).map(throughJson);

test('a delta turns one value into the other', () => {
  fc.assert(
    fc.property(value, value, (from, to) => {
      expect(applyDelta(from, throughJson(delta(from, to)))).toEqual(to);
      expect(delta(from, structuredClone(from))).toBeUndefined();
    }),
  );
});

const cases: readonly { readonly name: string; readonly from: unknown; readonly to: unknown; readonly delta: unknown }[] = [
  { name: 'a changed member', from: { a: 1, b: 2 }, to: { a: 1, b: 3 }, delta: { '+': { b: { '=': 3 } } } },
  { name: 'a member gone', from: { a: 1, b: 2 }, to: { a: 1 }, delta: { '-': ['b'] } },
  {
    name: 'an item of a list',
    from: { c: [{ s: 'x' }, { s: 'y' }] },
    to: { c: [{ s: 'x' }, { s: 'z' }] },
    delta: { '+': { c: { '+': { 1: { '+': { s: { '=': 'z' } } } } } } },
  },
  { name: 'a longer list', from: [1], to: [1, 2], delta: { '=': [1, 2] } },
  { name: 'undefined is absent', from: { a: undefined, b: 1 }, to: { b: 1, c: undefined }, delta: undefined },
  { name: 'keys that all objects inherit', from: { toString: 1 }, to: { constructor: 2 }, delta: { '-': ['toString'], '+': { constructor: { '=': 2 } } } },
  { name: 'null is a value', from: { a: 1 }, to: { a: null }, delta: { '+': { a: { '=': null } } } },
];
for (const { name, from, to, delta: expected } of cases) test(`delta: ${name}`, () => expect(delta(from, to)).toEqual(expected));

function throughJson<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}
