/** md5sum and its like, cksum, sum: checksums of files, and checking them. */
import { createHash } from 'node:crypto';
import { bytesOf } from '../../../api/bytes.js';
import { errorText } from '../kernel.js';
import type { Program } from '../program.js';
import { gather, linesIn } from './input.js';
import { parseOptions } from './options.js';

const digests = (name: string, algorithm: string): Program => ({
  name,
  run(context) {
    const options = parseOptions(context, 'cbtsw', { check: 'c', binary: 'b', text: 't', quiet: 'q', status: 's' });
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    const digest = (text: string): string => createHash(algorithm).update(bytesOf(text)).digest('hex');
    if (!options.has('c')) {
      for (const { name: file, text } of state.texts) context.out(`${digest(text)} ${options.has('b') ? '*' : ' '}${file}\n`);
      return state.failed ? 1 : 0;
    }
    let failed = 0;
    let total = 0;
    for (const line of state.texts.flatMap(({ text }) => linesIn(text))) {
      const match = /^([0-9a-f]+) [ *](.+)$/.exec(line);
      if (!match) continue;
      total += 1;
      let ok = false;
      try {
        ok = digest(context.files.read(context.path(match[2] as string))) === match[1];
      } catch (error) {
        context.err(`${name}: ${match[2]}: ${errorText(error)}\n`);
      }
      if (!ok) failed += 1;
      if (!options.has('s') && !(ok && options.has('q'))) context.out(`${match[2]}: ${ok ? 'OK' : 'FAILED'}\n`);
    }
    if (failed > 0 && !options.has('s'))
      context.err(
        context.flavour === 'ash'
          ? `${name}: WARNING: ${failed} of ${total} computed checksums did NOT match\n`
          : `${name}: WARNING: ${failed} computed checksum${failed === 1 ? '' : 's'} did NOT match\n`,
      );
    return failed > 0 || state.failed ? 1 : 0;
  },
});

/** POSIX cksum: CRC-32 of the bytes and then of their count, least significant byte first. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  const add = (byte: number): void => {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i += 1) crc = (crc & 0x80000000) === 0 ? crc << 1 : (crc << 1) ^ 0x04c11db7;
  };
  for (const byte of bytes) add(byte);
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) add(length & 255);
  return ~crc >>> 0;
}

/** BSD's rotating sum, and blocks of 1024 bytes. */
function bsdSum(bytes: Uint8Array): string {
  let sum = 0;
  for (const byte of bytes) sum = (((sum >> 1) | ((sum & 1) << 15)) + byte) & 0xffff;
  return `${String(sum).padStart(5, '0')} ${String(Math.ceil(bytes.length / 1024)).padStart(5)}`;
}

const plain = (name: string, sum: (bytes: Uint8Array) => string): Program => ({
  name,
  run(context) {
    const options = parseOptions(context, 'r');
    if (typeof options === 'number') return options;
    const state = gather(context, options.operands);
    if ('wait' in state) return state;
    for (const { name: file, text } of state.texts) context.out(`${sum(bytesOf(text))}${options.operands.length === 0 ? '' : ` ${file}`}\n`);
    return state.failed ? 1 : 0;
  },
});

export const sumPrograms: readonly Program[] = [
  digests('md5sum', 'md5'),
  digests('sha1sum', 'sha1'),
  digests('sha224sum', 'sha224'),
  digests('sha256sum', 'sha256'),
  digests('sha384sum', 'sha384'),
  digests('sha512sum', 'sha512'),
  plain('cksum', (bytes) => `${crcOf(bytes)} ${bytes.length}`),
  plain('sum', bsdSum),
];
