import { expect, test } from 'vitest';
import { SortedKeys, SortedMap } from '../../src/store/sorted-keys.js';

test('behaves as a sorted set, over many chunks', () => {
  const keys = new SortedKeys(['p/0', 'p/1']);
  const map = new SortedMap<string>();
  const model = new Set(['p/0', 'p/1']);
  for (const key of model) map.set(key, `old ${key}`);
  let random = 7;
  const next = (n: number) => {
    random = (random * 1103515245 + 12345) % 2147483648;
    return random % n;
  };
  for (let i = 0; i < 20_000; i++) {
    const key = `${'abp'[next(3)]}/${next(3000)}`;
    if (next(3) === 0) {
      map.delete(key);
      expect(keys.delete(key)).toBe(model.delete(key));
    } else {
      map.set(key, `of ${key}`);
      expect(keys.add(key)).toBe(!model.has(key));
      model.add(key);
    }
  }
  const sorted = [...model].sort();
  expect(keys.size).toBe(model.size);
  expect(keys.withPrefix()).toEqual(sorted);
  expect(map.size).toBe(model.size);
  expect(map.withPrefix('a/')).toEqual(sorted.filter((key) => key.startsWith('a/')).map((key) => `of ${key}`));
  expect(map.withPrefix()).toHaveLength(sorted.length);
  for (const prefix of ['a/', 'b/12', 'p/', 'zzz', 'a', '0']) expect(keys.withPrefix(prefix), prefix).toEqual(sorted.filter((key) => key.startsWith(prefix)));
  expect(new SortedKeys(sorted).withPrefix('b/1')).toEqual(keys.withPrefix('b/1'));
});
