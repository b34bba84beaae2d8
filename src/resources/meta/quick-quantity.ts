/** Amounts as plain numbers, for paths that ten thousand pods take: exact where a double is, else by way of {@link Quantity}. */
import { compareQuantities, quantity } from '../../api/quantity.js';

const FACTORS: Readonly<Record<string, number>> = {
  '': 1000,
  m: 1,
  k: 1e6,
  M: 1e9,
  G: 1e12,
  Ki: 1000 * 2 ** 10,
  Mi: 1000 * 2 ** 20,
  Gi: 1000 * 2 ** 30,
};

/** Thousandths of an amount like `250m`, `2`, `64Mi`; undefined for what is written otherwise or is too large to be exact. */
export function quickMilli(text: string): number | undefined {
  let i = 0;
  let value = 0;
  for (; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const factor = i === 0 ? undefined : FACTORS[text.slice(i)];
  if (factor === undefined) return undefined;
  const milli = value * factor;
  return milli <= Number.MAX_SAFE_INTEGER ? milli : undefined;
}

/** Less than, equal to or greater than 0, as `a` is to `b`. */
export function compareAmounts(a: string, b: string): number {
  if (a === b) return 0;
  const left = quickMilli(a);
  const right = left === undefined ? undefined : quickMilli(b);
  return left === undefined || right === undefined ? compareQuantities(quantity(a), quantity(b)) : left - right;
}
