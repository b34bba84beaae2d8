import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareQuantities, quantity, quantityMilliValue } from '../../../src/api/quantity.js';
import { compareAmounts, quickMilli } from '../../../src/resources/meta/quick-quantity.js';

const amount = fc
  .tuple(fc.integer({ min: 0, max: 2_000_000 }), fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'Ti', 'u', 'e3'))
  .map(([n, suffix]) => `${n}${suffix}`);

test('thousandths are exact', () => {
  fc.assert(
    fc.property(amount, (text) => {
      const quick = quickMilli(text);
      if (quick !== undefined) expect(quick).toBe(quantityMilliValue(quantity(text)));
    }),
  );
  expect(quickMilli('64Mi')).toBe(64 * 2 ** 20 * 1000);
  expect([quickMilli(''), quickMilli('-1'), quickMilli('1.5'), quickMilli('m')]).toEqual([undefined, undefined, undefined, undefined]);
});

test('amounts compare as quantities do', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(Math.sign(compareAmounts(a, b))).toBe(compareQuantities(quantity(a), quantity(b)));
    }),
  );
});
