/** Hexadecimal digits of ids, written where they belong: uids and ids are made by the hundred thousand. */

const digit = (value: number): number => '0123456789abcdef'.charCodeAt(value);
/** The two digits of a byte. */
const FIRST = Uint8Array.from({ length: 256 }, (_, byte) => digit(byte >>> 4));
const SECOND = Uint8Array.from({ length: 256 }, (_, byte) => digit(byte & 15));

/** Writes the lowest `bytes` bytes of a number, two digits each, to `target` from `at` on. Returns the place behind them. */
export function putHex(target: Uint8Array, at: number, bits: number, bytes = 4): number {
  let next = at;
  for (let shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    const byte = (bits >>> shift) & 255;
    target[next++] = FIRST[byte] as number;
    target[next++] = SECOND[byte] as number;
  }
  return next;
}
