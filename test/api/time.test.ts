import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMicroTime, formatTime, parseTime, time } from '../../src/api/time.js';

test('times are written as Date writes them', () => {
  const years = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
  const corners = [
    '1970-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2000-02-29T12:00:00.001Z',
    '1900-02-28T23:59:59.000Z',
    '2024-12-31T23:59:59.999Z',
    '2026-03-01T00:00:00.000Z',
  ];
  const check = (at: number) => {
    expect(formatTime(time(at))).toBe(`${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z`);
    expect(formatMicroTime(time(at))).toBe(new Date(at).toISOString().replace('Z', '000Z'));
    expect(parseTime(formatMicroTime(time(at)))).toBe(at);
    expect(parseTime(formatTime(time(at)))).toBe(Math.floor(at / 1000) * 1000);
  };
  for (const text of corners) check(Date.parse(text));
  fc.assert(fc.property(years, check), { numRuns: 500 });
  expect(formatTime(time(Date.UTC(12000, 0, 1)))).toBe(`${new Date(Date.UTC(12000, 0, 1)).toISOString().slice(0, 19)}Z`);
});

test('what is no time is none', () => {
  const none = ['2026-13-01T00:00:00Z', '2026-00-01T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T00:60:00Z', '2026-0a-01T00:00:00Z'];
  for (const text of [...none, '2026-01-01 00:00:00Z', '2026-01-01T00:00:00', '2026/01/01T00:00:00Z', '']) expect(parseTime(text), text).toBeUndefined();
  expect(parseTime('2026-01-31T00:00:00Z')).toBe(Date.UTC(2026, 0, 31));
  expect(parseTime('0001-01-01T00:00:00Z')).toBe(-62135596800000);
});
