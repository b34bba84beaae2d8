import { expect, test } from 'vitest';
import { SortedKeys } from '../../src/store/sorted-keys.js';

test('behaves as a sorted set, over many chunks', () => {
  const keys = new SortedKeys(['p/0', 'p/1']);
  const model = new Set(['p/0', 'p/1']);
  let random = 7;
  const next = (n: number) => {
    random = (random * 1103515245 + 12345) % 2147483648;
    return random % n;
  };
  for (let i = 0; i < 20_000; i++) {
    const key = `${'abp'[next(3)]}/${next(3000)}`;
    if (next(3) === 0) expect(keys.delete(key)).toBe(model.delete(key));
    else {
      expect(keys.add(key)).toBe(!model.has(key));
      model.add(key);
    }
  }
  const sorted = [...model].sort();
  expect(keys.size).toBe(model.size);
  expect(keys.withPrefix()).toEqual(sorted);
  for (const prefix of ['a/', 'b/12', 'p/', 'zzz', 'a', '0']) expect(keys.withPrefix(prefix), prefix).toEqual(sorted.filter((key) => key.startsWith(prefix)));
  expect(new SortedKeys(sorted).withPrefix('b/1')).toEqual(keys.withPrefix('b/1'));
});
