/** Ids of sandboxes and containers: 64 hex digits made from what they name, so that no draw and no index is needed. */
import { FNV_BASIS, FNV_PRIME, fnv1a } from '../api/fnv.js';
import { putHex } from '../api/hex.js';

/** Eight digits of FNV-1a over the text, started at `seed` and stirred so that near texts differ everywhere. */
const word = (text: string, seed: number): number => stirred(fnv1a(text, FNV_BASIS ^ seed));

/** murmur3's finaliser. */
function stirred(hash: number): number {
  let h = hash;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Written over for every id. */
const DIGITS = Buffer.alloc(64);

/** Eight words of 8 hex digits that are a function of the text. */
export function hexOf(text: string): string {
  return DIGITS.toString('latin1', 0, putWords(text, 8));
}

/** Writes an even number of words. Two at a time: reading the text is most of the work. Returns the place behind them. */
function putWords(text: string, words: number): number {
  const base = word(text, 0);
  for (let i = 0; i < words; i += 2) {
    let one = FNV_BASIS ^ (0x7f4a7c15 * (i + 1));
    let other = FNV_BASIS ^ (0x7f4a7c15 * (i + 2));
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, FNV_PRIME);
      other = Math.imul(other ^ code, FNV_PRIME);
    }
    putHex(DIGITS, 8 * i, Math.imul(base, 0x9e3779b1 + 2 * i) ^ stirred(one));
    putHex(DIGITS, 8 * i + 8, Math.imul(base, 0x9e3779b1 + 2 * i + 2) ^ stirred(other));
  }
  return 8 * words;
}

/** A number in [0, 1) that is a function of the text: for spreads that need no memory (how long this very pull takes). */
export const spreadOf = (text: string): number => word(text, 0x5bd1e995) / 2 ** 32;

/** The part of a sandbox id its state is filed under. */
export const sandboxKey = (id: string): string => id.slice(0, 16);

/**
 * A container's id carries its sandbox's key, masked with a hash of its own first 48 digits: whoever has a container id
 * finds the sandbox without an index, and two containers of a pod still share no digits.
 */
export function containerId(sandbox: string, text: string): string {
  const end = putWords(text, 6);
  return DIGITS.toString('latin1', 0, putMasked(end, sandboxKey(sandbox), DIGITS.toString('latin1', 0, end)));
}

/** Reverses {@link containerId}: the key of the sandbox a container belongs to. */
export const sandboxKeyOf = (container: string): string => DIGITS.toString('latin1', 0, putMasked(0, container.slice(48, 64), container.slice(0, 48)));

function putMasked(at: number, digits: string, own: string): number {
  const high = Number.parseInt(digits.slice(0, 8), 16) ^ word(own, 1);
  const low = Number.parseInt(digits.slice(8, 16), 16) ^ word(own, 2);
  return putHex(DIGITS, putHex(DIGITS, at, high), low);
}
