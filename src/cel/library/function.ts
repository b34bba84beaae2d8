/** What all functions of expressions are. */
import { CelError, type Value } from '../values.js';

/** A method's first argument is what it is called on. undefined: there is no such overload. */
export type CelFunction = (...args: readonly Value[]) => Value | undefined;
export type Library = Readonly<Record<string, CelFunction>>;

export const isText = (value: Value | undefined): value is string => typeof value === 'string';
export const isInt = (value: Value | undefined): value is bigint => typeof value === 'bigint';

type Kind<T> = new (...args: never[]) => T;

/** A method of values of one kind. */
export const ofOne =
  <T>(kind: Kind<T>, read: (value: T) => Value | undefined): CelFunction =>
  (value) =>
    value instanceof kind ? read(value) : undefined;
/** A method of a value of one kind, with another as its argument. */
export const ofTwo =
  <T>(kind: Kind<T>, read: (a: T, b: T) => Value): CelFunction =>
  (a, b) =>
    a instanceof kind && b instanceof kind ? read(a, b) : undefined;

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
