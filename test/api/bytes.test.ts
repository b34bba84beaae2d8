import { expect, test } from 'vitest';
import { binaryOf, byteLength, bytesOf, joinBytes, textOf, textOfBase64, textOfBinary, textOfByte } from '../../src/api/bytes.js';

const TEXTS = ['', 'plain', '안녕\n', '😀', 'a\0b', 'é'];

test.each(TEXTS)('text stays text: %j', (text) => {
  const utf8 = Buffer.from(text);
  expect(textOf(utf8)).toBe(text);
  expect(Buffer.from(bytesOf(text))).toEqual(utf8);
  expect(byteLength(text)).toBe(utf8.length);
  expect(binaryOf(text)).toBe(utf8.toString('latin1'));
  expect(textOfBinary(binaryOf(text))).toBe(text);
  expect(textOfBase64(utf8.toString('base64'))).toBe(text);
});

test.each([[[0xff]], [[0xec, 0x95]], [[0x61, 0x80, 0xec, 0x95, 0x88, 0xc0]], [[0xed, 0xa0, 0x80]]])('bytes that are no text come back: %j', (list) => {
  const bytes = Uint8Array.from(list);
  expect([...bytesOf(textOf(bytes))]).toEqual(list);
  expect(byteLength(textOf(bytes))).toBe(list.length);
});

test('bytes written one by one become the character they are', () => {
  const pieces = [0xec, 0x95, 0x88].map(textOfByte).join('');
  expect(byteLength(pieces)).toBe(3);
  expect(joinBytes(pieces)).toBe('안');
});

test('a piece of a character is not lost', () => expect(textOfBinary(binaryOf('안').slice(0, 2)) + textOfBinary(binaryOf('안').slice(2))).toHaveLength(3));
