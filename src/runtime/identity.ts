/** Ids of sandboxes and containers: 64 hex digits made from what they name, so that no draw and no index is needed. */
import { putHex } from '../api/hex.js';

/** Eight digits of FNV-1a over the text, started at `seed` and stirred (murmur3's finaliser) so that near texts differ everywhere. */
function word(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `words` × 8 hex digits that are a function of the text. */
export function hexOf(text: string, words = 8): string {
  const codes = new Array<number>(8 * words).fill(0);
  const base = word(text, 0);
  for (let i = 0; i < words; i++) putHex(codes, 8 * i, Math.imul(base, 0x9e3779b1 + 2 * i) ^ word(text, 0x7f4a7c15 * (i + 1)));
  return String.fromCharCode(...codes);
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
  const own = hexOf(text, 6);
  return own + mask(sandboxKey(sandbox), own);
}

/** Reverses {@link containerId}: the key of the sandbox a container belongs to. */
export const sandboxKeyOf = (container: string): string => mask(container.slice(48, 64), container.slice(0, 48));

function mask(digits: string, own: string): string {
  const high = Number.parseInt(digits.slice(0, 8), 16) ^ word(own, 1);
  const low = Number.parseInt(digits.slice(8, 16), 16) ^ word(own, 2);
  const codes = new Array<number>(16).fill(0);
  putHex(codes, putHex(codes, 0, high), low);
  return String.fromCharCode(...codes);
}
