/** Resource quantities: k8s.io/apimachinery/pkg/api/resource. Exact arithmetic; canonical printing. */

export interface Quantity {
  /** The value times 10^9. */
  readonly nano: bigint;
  /** How it prints: the family of suffixes it was written with. */
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
}

/** The three texts of a quantity that cannot be read (ErrFormatWrong, ErrSuffix, ErrNumeric). */
export type QuantityError =
  | "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
  | "unable to parse quantity's suffix"
  | 'unable to parse numeric part of quantity';

export function parseQuantity(text: string | number): Quantity | QuantityError {
  throw new Error(`not yet: ${text}`);
}
/** Like {@link parseQuantity} for text that has been validated; absent or unreadable counts as 0. */
export function quantity(text: string | number | undefined): Quantity {
  throw new Error(`not yet: ${text}`);
}
/** Canonical form: `1500m` → `1500m`, `1.5` → `1500m`, `1024Mi` → `1Gi`, `0.5Gi` → `512Mi`, `1000m` → `1`. */
export function formatQuantity(value: Quantity): string {
  throw new Error(`not yet: ${value.nano}`);
}
export const compareQuantities = (a: Quantity, b: Quantity): number => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0);
/** The format of `a`, unless `a` is zero (Quantity.Add). */
export const addQuantities = (a: Quantity, b: Quantity): Quantity => ({ nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format });
export const subtractQuantities = (a: Quantity, b: Quantity): Quantity => ({ nano: a.nano - b.nano, format: a.nano === 0n ? b.format : a.format });
/** Quantity.Value(): whole units, rounded up. */
export const quantityValue = (value: Quantity): number => Number(ceilDivide(value.nano, 1_000_000_000n));
/** Quantity.MilliValue(): rounded up. */
export const quantityMilliValue = (value: Quantity): number => Number(ceilDivide(value.nano, 1_000_000n));

function ceilDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b > 0n ? quotient + 1n : quotient;
}
