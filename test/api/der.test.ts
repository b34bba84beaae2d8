import { expect, test } from 'vitest';
import { integer } from '../../src/api/der.js';

test.each([
  [[2], '020102'],
  [[0x7f, 1], '02027f01'],
  [[0x80], '02020080'],
  [[0, 0x80], '02020080'],
  [[0, 0, 0x12, 0x34], '02021234'],
  [[0, 0], '020100'],
])('the integer %j is as short as may be', (bytes, hex) => {
  expect(Buffer.from(integer(Uint8Array.from(bytes))).toString('hex')).toBe(hex);
});
