import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goSort } from '../../src/text/go-sort.js';

const order = <T>(keys: readonly T[], less: (a: T, b: T) => boolean): string => {
  const items = keys.map((key, i) => ({ key, i }));
  goSort(items, (a, b) => less(a.key, b.key));
  return items.map(({ i }) => i).join(' ');
};
const forty = Array.from({ length: 40 }, (_, i) => i);

/** Recorded from `kubectl get pods --sort-by` over forty pods with few distinct values. */
describe('equal elements end where Go puts them', () => {
  test('three letters', () => {
    expect(
      order(
        forty.map((i) => 'xyz'[(i * 7) % 3] as string),
        (a, b) => a < b,
      ),
    ).toBe('15 39 36 3 33 30 6 27 24 9 0 21 12 18 10 4 16 1 13 19 37 34 22 31 28 25 7 14 8 29 5 23 32 26 11 35 2 20 38 17');
  });
  test('four numbers', () => {
    expect(
      order(
        forty.map((i) => i % 4),
        (a, b) => a < b,
      ),
    ).toBe('0 24 16 36 4 20 28 32 8 12 5 29 9 13 33 25 37 17 1 21 10 30 22 38 18 2 26 34 14 6 15 31 7 11 27 35 3 19 23 39');
  });
  test('all the same', () => {
    expect(
      order(
        forty.map(() => 0),
        (a, b) => a < b,
      ),
    ).toBe(forty.join(' '));
  });
});

test('it sorts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 400 }), (numbers) => {
      const items = [...numbers];
      goSort(items, (a, b) => a < b);
      expect(items).toEqual([...numbers].sort((a, b) => a - b));
    }),
  );
  const saw = Array.from({ length: 5000 }, (_, i) => (i % 7) * 1000 - i);
  goSort(saw, (a, b) => a < b);
  expect(saw).toEqual([...saw].sort((a, b) => a - b));
});
