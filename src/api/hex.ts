/**
 * Hexadecimal digits as character codes, for `String.fromCharCode(...)`: a string put together from parts stays a tree of parts
 * until somebody reads it, and uids and ids are kept by the hundred thousand.
 */
export function pushHex(codes: number[], bits: number, digits = 8): void {
  for (let shift = 4 * digits - 4; shift >= 0; shift -= 4) {
    const digit = (bits >>> shift) & 15;
    codes.push(digit < 10 ? 48 + digit : 87 + digit);
  }
}
