/**
 * Hexadecimal digits as character codes, for `String.fromCharCode(...)`: a string put together from parts stays a tree of parts
 * until somebody reads it, and uids and ids are kept by the hundred thousand. `codes` has its full length from the start, as an array
 * that grows is made several times. Returns the place behind them.
 */
export function putHex(codes: number[], at: number, bits: number, digits = 8): number {
  for (let i = 0; i < digits; i++) {
    const digit = (bits >>> (4 * (digits - 1 - i))) & 15;
    codes[at + i] = digit < 10 ? 48 + digit : 87 + digit;
  }
  return at + digits;
}
