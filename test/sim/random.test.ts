import { expect, test } from 'vitest';
import { draw, Random } from '../../src/sim/random.js';

test('the same seed, stream and count give the same number; each of them matters', () => {
  expect(draw(1, 'uid', 0)).toBe(draw(1, 'uid', 0));
  const others = [draw(2, 'uid', 0), draw(1, 'uie', 0), draw(1, 'uid', 1), draw(1, 'diu', 0), draw(0, 'uid', 0), draw(1, '', 0)];
  expect(new Set([draw(1, 'uid', 0), ...others]).size).toBe(7);
});

test('numbers are spread evenly in [0, 1), also in their low bits and from one to the next', () => {
  for (const seed of [0, 1, 42, 2 ** 31 - 1]) {
    const n = 64_000;
    const high = new Array<number>(64).fill(0);
    const low = new Array<number>(64).fill(0);
    let rising = 0;
    let last = 0;
    let outside = 0;
    for (let i = 0; i < n; i++) {
      const value = draw(seed, 'names', i);
      if (value < 0 || value >= 1) outside++;
      high[Math.floor(value * 64)]!++;
      low[Math.floor(value * 2 ** 40) % 64]!++;
      if (value > last) rising++;
      last = value;
    }
    expect(outside).toBe(0);
    // Chi squared with 63 degrees of freedom: below 115 except once in 10,000.
    for (const counts of [high, low]) expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(115);
    expect(Math.abs(rising / n - 0.5)).toBeLessThan(0.01);
  }
});

test('a new draw in one stream changes no other, and counts go on after loading', () => {
  const one = new Random(7, {});
  const two = new Random(7, {});
  two.next('other');
  const first = [one.next('uid'), one.next('uid')];
  expect([two.next('uid'), two.next('uid')]).toEqual(first);
  expect(two.draws()).toEqual({ other: 1, uid: 2 });
  expect(new Random(7, two.draws()).next('uid')).toBe(one.next('uid'));
});
