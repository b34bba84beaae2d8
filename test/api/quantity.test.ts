import { describe, expect, test } from 'vitest';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantity,
  quantityMilliValue,
  quantityValue,
  subtractQuantities,
} from '../../src/api/quantity.js';

const FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const SUFFIX = "unable to parse quantity's suffix";

const canonical: readonly [string | number, string][] = [
  ['0', '0'],
  ['0Mi', '0'],
  ['000', '0'],
  ['+', '0'],
  ['m', '0'],
  ['.', '0'],
  ['1', '1'],
  [2, '2'],
  [0.5, '500m'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['1.5', '1500m'],
  ['0.5', '500m'],
  ['.5', '500m'],
  ['1.', '1.'],
  ['1024Mi', '1Gi'],
  ['1536Mi', '1536Mi'],
  ['0.5Gi', '512Mi'],
  ['1.5Gi', '1536Mi'],
  ['0.1Gi', '107374182400m'],
  ['0.5Ki', '512'],
  ['512Ki', '512Ki'],
  ['1Ki', '1Ki'],
  ['1000Ki', '1000Ki'],
  ['0.0001Ki', '102400u'],
  ['100k', '100k'],
  ['100000', '100k'],
  ['123456', '123456'],
  ['1000000m', '1k'],
  ['5M', '5M'],
  ['1e3', '1e3'],
  ['1E3', '1E3'],
  ['1e1', '10'],
  ['12e4', '120e3'],
  ['1e', SUFFIX],
  ['1E', '1E'],
  ['0.1n', '1n'],
  ['1.1n', '2n'],
  ['-1.1n', '-2n'],
  ['-5', '-5'],
  ['-1.5Gi', '-1536Mi'],
  ['1.500', '1.500'],
  ['+5Mi', '+5Mi'],
  ['9223372036854775808Ki', '9223372036854775807'],
  ['1e-1000000', '1e-9'],
  ['', FORMAT],
  [' 1', FORMAT],
  ['1 Gi', FORMAT],
  ['abc', FORMAT],
  ['1.5.5', FORMAT],
  ['1GiB', FORMAT],
  ['1gi', FORMAT],
  ['1KI', FORMAT],
  ['--1', SUFFIX],
  ['1Kii', SUFFIX],
  ['1ee3', SUFFIX],
  ['1K', SUFFIX],
  ['1mm', SUFFIX],
  ['1_000', FORMAT],
];

describe('quantities', () => {
  for (const [text, printed] of canonical)
    test(`${JSON.stringify(text)} → ${printed}`, () => {
      const value = parseQuantity(text);
      expect(typeof value === 'string' ? value : formatQuantity(value)).toBe(printed);
    });

  test('an absurd exponent costs nothing', () => {
    const value = parseQuantity('1e2147483647') as Quantity;
    expect(formatQuantity(value)).toMatch(/e\d+$/);
  });

  test('arithmetic keeps the first format unless it is zero', () => {
    expect(formatQuantity(addQuantities(quantity('1Gi'), quantity('500M')))).toBe('1573741824');
    expect(formatQuantity(addQuantities(quantity(undefined), quantity('1Gi')))).toBe('1Gi');
    expect(formatQuantity(addQuantities(quantity('512Mi'), quantity('512Mi')))).toBe('1Gi');
    expect(formatQuantity(subtractQuantities(quantity('2'), quantity('100m')))).toBe('1900m');
    expect(formatQuantity(addQuantities(quantity('0.5'), quantity('500m')))).toBe('1');
  });

  test('values round away from zero', () => {
    expect(quantityValue(quantity('100m'))).toBe(1);
    expect(quantityValue(quantity('-100m'))).toBe(-1);
    expect(quantityMilliValue(quantity('1.0001'))).toBe(1001);
    expect(quantityValue(quantity('1Gi'))).toBe(1073741824);
    expect(compareQuantities(quantity('1Gi'), quantity('500Mi'))).toBe(1);
    expect(compareQuantities(quantity('1024Mi'), quantity('1Gi'))).toBe(0);
  });
});
