/**
 * The fields of Go's resource.Quantity after parsing, as the dump of pod-template-hash.ts shows them: the fast path of ParseQuantity in
 * k8s.io/apimachinery/pkg/api/resource/quantity.go, an integer and a power of ten.
 */

export interface QuantityParts {
  readonly mantissa: string;
  readonly scale: number;
  /** The text it was parsed from, which Go keeps where its quick look finds it canonical: of `100Mi`, not of `64Mi`. */
  readonly text: string;
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent' | '';
}

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** Of a canonical quantity (as stored); absent: the zero value. */
export function parseQuantityParts(quantity: string | number | undefined): QuantityParts {
  if (quantity === undefined) return { mantissa: '0', scale: 0, text: '', format: '' };
  const text = String(quantity);
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*)([+-]?\d*)$/.exec(text);
  const [, sign = '', whole = '0', fraction = '', suffix = '', exponent = ''] = match ?? [];
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  const binary = BINARY[suffix];
  if (binary !== undefined) return { mantissa: String(digits << BigInt(binary)), scale: 0, text: (digits & 7n) === 0n ? '' : text, format: 'BinarySI' };
  const scale = (exponent !== '' ? Number(exponent) : (DECIMAL[suffix] ?? 0)) - fraction.length;
  const isCanonical = text === '0' || (scale % 3 === 0 && !/^0|000$/.test(`${whole}${fraction}`));
  return { mantissa: String(digits), scale, text: isCanonical ? text : '', format: exponent !== '' ? 'DecimalExponent' : 'DecimalSI' };
}
