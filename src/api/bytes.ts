/**
 * Bytes as text and back without loss: UTF-8, where a byte that is no UTF-8 stands as a lone surrogate U+DC80–U+DCFF (Python's
 * `surrogateescape`, PEP 383). So the content of files and streams of containers is text that prints, and still holds any byte.
 */

/** Bytes to text; {@link bytesOf} gives them back. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return escaped(bytes);
  }
}

/** Whole characters are decoded in runs; what is left over is escaped byte by byte. */
function escaped(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let run = 0;
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length > 0) {
      i += length;
      continue;
    }
    text += decoder.decode(bytes.subarray(run, i)) + String.fromCharCode(0xdc00 + (bytes[i] as number));
    i += 1;
    run = i;
  }
  return text + decoder.decode(bytes.subarray(run));
}

/** How many bytes the character at `i` has; 0: none begins there (Unicode, table 3-7). */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const first = bytes[i] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0 || i + length > bytes.length) return 0;
  for (let k = 1; k < length; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return 0;
  const second = bytes[i + 1] as number;
  const isForbidden =
    (first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f) || (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f);
  return isForbidden ? 0 : length;
}

/** A low surrogate that stands for a byte: one that no high surrogate goes before. */
const ESCAPED = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

/** Text to bytes; a lone surrogate of {@link textOf} to the byte it stands for. */
export function bytesOf(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (!ESCAPED.test(text)) return encoder.encode(text);
  const pieces: Uint8Array[] = [];
  let size = 0;
  const push = (piece: Uint8Array): void => {
    pieces.push(piece);
    size += piece.length;
  };
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) i += 1;
    else if (code >= 0xdc80 && code <= 0xdcff) {
      if (run < i) push(encoder.encode(text.slice(run, i)));
      push(Uint8Array.of(code - 0xdc00));
      run = i + 1;
    }
  }
  if (run < text.length) push(encoder.encode(text.slice(run)));
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** How many bytes the text is. */
export const byteLength = (text: string): number => (isAscii(text) ? text.length : bytesOf(text).length);

/** One character a byte: for whoever cuts, counts or compares by bytes. */
export const binaryOf = (text: string): string => (isAscii(text) ? text : Buffer.from(bytesOf(text)).toString('latin1'));

/** Text of what {@link binaryOf} gave, or of a piece of it. */
export const textOfBinary = (binary: string): string => (isAscii(binary) ? binary : textOf(Buffer.from(binary, 'latin1')));

/** The text of one byte; next to others it may turn out to be part of a character, which {@link joinBytes} sees. */
export const textOfByte = (byte: number): string => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);

/** Bytes that were written one after the other become the characters they are. */
export const joinBytes = (text: string): string => (ESCAPED.test(text) ? textOf(bytesOf(text)) : text);

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** The content of a Secret's key. */
export const textOfBase64 = (encoded: string): string => textOf(Buffer.from(encoded, 'base64'));
