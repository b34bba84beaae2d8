/** Names and uids the server makes. */
import { expect, test } from 'vitest';
import { generateName, newUid } from '../../src/apiserver/registry/metadata.js';

/** Evenly spread, and different every time. */
const counter = () => {
  let n = 0;
  return () => (++n * 0.6180339887498949) % 1;
};

test('uids are version 4 and differ', () => {
  const random = counter();
  const uids = new Set(Array.from({ length: 20_000 }, () => newUid(random)));
  expect(uids.size).toBe(20_000);
  for (const uid of uids) expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('generated names keep 58 characters of the base', () => {
  const random = counter();
  expect(generateName('web-', random)).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(generateName('x'.repeat(80), random)).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});
