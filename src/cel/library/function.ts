/** What all functions of expressions are. */
import { CelError, type Value } from '../values.js';

/** A method's first argument is what it is called on. undefined: there is no such overload. */
export type CelFunction = (...args: readonly Value[]) => Value | undefined;
export type Library = Readonly<Record<string, CelFunction>>;

export const isText = (value: Value | undefined): value is string => typeof value === 'string';
export const isInt = (value: Value | undefined): value is bigint => typeof value === 'bigint';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

export function checked(value: bigint): bigint {
  if (value < MIN || value > MAX) throw new CelError('integer overflow');
  return value;
}

export function checkedUint(value: bigint): bigint {
  if (value < 0n || value >= 2n ** 64n) throw new CelError('unsigned integer overflow');
  return value;
}
