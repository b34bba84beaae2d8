import { describe, expect, test } from 'vitest';
import { humanDuration, shortHumanDuration } from '../../src/api/human-duration.js';

describe('human durations', () => {
  const s = 1000;
  const m = 60 * s;
  const h = 60 * m;
  const d = 24 * h;
  const cases: readonly [number, string][] = [
    [-2100, '<invalid>'],
    [-2000, '<invalid>'],
    [-1900, '0s'],
    [0, '0s'],
    [999, '0s'],
    [119 * s, '119s'],
    [120 * s, '2m'],
    [125 * s, '2m5s'],
    [599 * s, '9m59s'],
    [600 * s, '10m'],
    [179 * m, '179m'],
    [180 * m, '3h'],
    [185 * m, '3h5m'],
    [479 * m, '7h59m'],
    [8 * h, '8h'],
    [47 * h + 59 * m, '47h'],
    [48 * h, '2d'],
    [49 * h, '2d1h'],
    [8 * d - 1, '7d23h'],
    [8 * d, '8d'],
    [729 * d, '729d'],
    [730 * d, '2y'],
    [731 * d, '2y1d'],
    [8 * 365 * d, '8y'],
    [10 * 365 * d + d, '10y'],
  ];
  for (const [ms, text] of cases) test(`${ms} → ${text}`, () => expect(humanDuration(ms)).toBe(text));
});

/** Those of duration_test.go, and their neighbours. */
describe('short human durations', () => {
  const cases: readonly [number, string][] = [
    [-2000, '<invalid>'],
    [-1000, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [3_599_999, '59m'],
    [3_600_000, '1h'],
    [7_199_000, '1h'],
    [86_399_000, '23h'],
    [86_400_000, '1d'],
    [364 * 86_400_000, '364d'],
    [365 * 86_400_000, '1y'],
    [10 * 365 * 86_400_000 - 1000, '9y'],
  ];
  for (const [ms, text] of cases) test(`${ms} → ${text}`, () => expect(shortHumanDuration(ms)).toBe(text));
});
