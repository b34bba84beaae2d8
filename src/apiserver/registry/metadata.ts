/** What the server itself writes into metadata: k8s.io/apiserver/pkg/registry/rest meta.go and storage/names/generate.go. */
import { putHex } from '../../api/hex.js';

/** Draws from a named random stream, in [0, 1). */
export type Random = (stream: string) => number;

/** No vowels and no digits that look like them, so that no words come about (apimachinery util/rand). */
const ALPHANUMERICS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
/** 63 less the suffix. */
const MAX_BASE = 58;
/** maxNameGenerationCreateAttempts. */
export const NAME_TRIES = 8;

/** `base` cut to 58 characters, and five random ones. */
export function generateName(base: string, random: Random): string {
  return base.slice(0, MAX_BASE) + randomSuffix(random, 'name');
}

/** Five characters of rand.String from one draw. */
export function randomSuffix(random: Random, stream: string, length = SUFFIX_LENGTH): string {
  let rest = Math.floor(random(stream) * ALPHANUMERICS.length ** length);
  let text = '';
  for (let i = 0; i < length; i++) {
    text += ALPHANUMERICS[rest % ALPHANUMERICS.length];
    rest = Math.floor(rest / ALPHANUMERICS.length);
  }
  return text;
}

/** Eight, four, four, four and twelve digits; written over for every uid. */
const UUID = Buffer.from('00000000-0000-0000-0000-000000000000');

/** A 32-bit number of which every bit depends on all of `n` (the finalizer of MurmurHash3). */
function mix(n: number): number {
  let h = n ^ (n >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A version 4 UUID, as all uids are, spread out from the 53 bits of one draw. */
export function newUid(random: Random): string {
  const draw = random('uid') * 2 ** 53;
  const low = draw >>> 0;
  const high = Math.floor(draw / 2 ** 32);
  const a = mix(low);
  const b = mix(high ^ a);
  const c = mix(b + low);
  const d = mix(c ^ high);
  putHex(UUID, 0, a);
  putHex(UUID, 9, b >>> 16, 2);
  putHex(UUID, 14, (b & 0x0fff) | 0x4000, 2);
  putHex(UUID, 19, ((c >>> 16) & 0x3fff) | 0x8000, 2);
  putHex(UUID, 24, c, 2);
  putHex(UUID, 28, d);
  return UUID.toString('latin1');
}
