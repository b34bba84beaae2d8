/** Resource quantities: k8s.io/apimachinery/pkg/api/resource. Exact arithmetic; canonical printing. */

export interface Quantity {
  /** The value times 10^9. */
  readonly nano: bigint;
  /** How it prints: the family of suffixes it was written with. */
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
  /** The text it was written as, where upstream takes that for canonical and prints it again. Sums and differences have none. */
  readonly text?: string;
}

/** The three texts of a quantity that cannot be read (ErrFormatWrong, ErrSuffix, ErrNumeric). */
export type QuantityError =
  | "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
  | "unable to parse quantity's suffix"
  | 'unable to parse numeric part of quantity';

const WRONG_FORMAT: QuantityError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_SUFFIX: QuantityError = "unable to parse quantity's suffix";

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const DECIMAL_SUFFIX: Readonly<Record<number, string>> = Object.fromEntries(Object.entries(DECIMAL).map(([suffix, exponent]) => [exponent, suffix]));
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const NANO = 1_000_000_000n;
const ZERO: Quantity = { nano: 0n, format: 'DecimalSI' };
/** Binary quantities are capped at the largest int64 (maxAllowed). */
const MAX_BINARY = (2n ** 63n - 1n) * NANO;
/** Upstream keeps exponents of any int32; beyond this we would only fill memory with zeros. */
const MAX_EXPONENT = 1000;

/** Digits that upstream's parser takes as they come: a bare sign, a lone point and a lone suffix all count as 0. */
const GRAMMAR = /^([+-]?)(0*)(\d*)(\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;

export function parseQuantity(text: string | number): Quantity | QuantityError {
  const source = typeof text === 'number' ? String(text) : text;
  if (source === '') return WRONG_FORMAT;
  const match = GRAMMAR.exec(source);
  if (match === null) return WRONG_FORMAT;
  const [, sign, , digits = '', point, fraction = '', suffix = ''] = match;
  // The zero-stripping loop of upstream's scanner returns at the end of the text: `0`, `+`, `000`.
  if (digits === '' && point === undefined && suffix === '') return ZERO;
  const unit = readSuffix(suffix);
  if (unit === undefined) return WRONG_SUFFIX;

  const { format, exponent } = unit;
  const whole = digits === '' ? '0' : digits;
  const shifted = whole + fraction;
  const mantissa = BigInt(shifted);
  let nano: bigint;
  if (format === 'BinarySI') {
    nano = divideAwayFromZero((mantissa << BigInt(exponent)) * NANO, 10n ** BigInt(fraction.length));
    if (nano > MAX_BINARY) nano = MAX_BINARY;
  } else {
    const scale = Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent)) - fraction.length + 9;
    nano = scale >= 0 ? mantissa * 10n ** BigInt(scale) : divideAwayFromZero(mantissa, 10n ** BigInt(-scale));
  }
  if (sign === '-') nano = -nano;
  const keepsFormat = format !== 'BinarySI' || fraction === '' || nano >= NANO || nano <= 0n;
  const value: Quantity = { nano, format: keepsFormat ? format : 'DecimalSI' };
  return isReusedText(format, whole, fraction, exponent, mantissa) ? { ...value, text: source } : value;
}

/** Upstream's test for "the text is canonical", which also lets `1.500`, `+5Mi` and `01Mi` through as they are. */
function isReusedText(format: Quantity['format'], whole: string, fraction: string, exponent: number, mantissa: bigint): boolean {
  const shifted = whole + fraction;
  if (format === 'BinarySI') {
    const precision = 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1;
    return fraction === '' && precision >= 0 && (mantissa & 7n) !== 0n;
  }
  const scale = exponent - fraction.length;
  return shifted.length <= 18 && scale >= -9 && scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
}

function readSuffix(suffix: string): { format: Quantity['format']; exponent: number } | undefined {
  const decimal = Object.hasOwn(DECIMAL, suffix) ? DECIMAL[suffix] : undefined;
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal };
  const binary = Object.hasOwn(BINARY, suffix) ? BINARY[suffix] : undefined;
  if (binary !== undefined) return { format: 'BinarySI', exponent: binary };
  if (/^[eE][+-]?\d+$/.test(suffix)) return { format: 'DecimalExponent', exponent: Number(suffix.slice(1)) };
  return undefined;
}

/** Like {@link parseQuantity} for text that has been validated; absent or unreadable counts as 0. */
export function quantity(text: string | number | undefined): Quantity {
  if (text === undefined) return ZERO;
  const value = parseQuantity(text);
  return typeof value === 'string' ? ZERO : value;
}

/** Canonical form: `1500m` → `1500m`, `1.5` → `1500m`, `1024Mi` → `1Gi`, `0.5Gi` → `512Mi`, `1000m` → `1`. */
export function formatQuantity(value: Quantity): string {
  if (value.text !== undefined) return value.text;
  const { nano, format } = value;
  if (nano === 0n) return '0';
  const isBinary = format === 'BinarySI' && nano % NANO === 0n && (nano >= 1024n * NANO || nano <= -1024n * NANO);
  if (isBinary) {
    let amount = nano / NANO;
    let power = 0;
    while (amount % 1024n === 0n) {
      amount /= 1024n;
      power++;
    }
    return `${amount}${BINARY_SUFFIXES[power] ?? ''}`;
  }
  let amount = nano;
  let exponent = -9;
  while (amount % 1000n === 0n) {
    amount /= 1000n;
    exponent += 3;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? String(amount) : `${amount}e${exponent}`;
  // Past E there is no suffix, and upstream prints none.
  return `${amount}${DECIMAL_SUFFIX[exponent] ?? ''}`;
}

export const compareQuantities = (a: Quantity, b: Quantity): number => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0);
/** The format of `a`, unless `a` is zero (Quantity.Add). */
export const addQuantities = (a: Quantity, b: Quantity): Quantity => ({ nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format });
export const subtractQuantities = (a: Quantity, b: Quantity): Quantity => ({ nano: a.nano - b.nano, format: a.nano === 0n ? b.format : a.format });
/** Quantity.Value(): whole units, rounded up. */
export const quantityValue = (value: Quantity): number => Number(divideAwayFromZero(value.nano, NANO));
/** Quantity.MilliValue(): rounded up. */
export const quantityMilliValue = (value: Quantity): number => Number(divideAwayFromZero(value.nano, 1_000_000n));

/** Upstream's rounding "up" is away from zero (-9 at scale 1 is -10). */
function divideAwayFromZero(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  const rest = a % b;
  return rest > 0n ? quotient + 1n : rest < 0n ? quotient - 1n : quotient;
}
