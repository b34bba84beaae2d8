/** What the server itself writes into metadata: k8s.io/apiserver/pkg/registry/rest meta.go and storage/names/generate.go. */

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

const hex = (n: number, width: number): string => Math.floor(n).toString(16).padStart(width, '0');

/** A version 4 UUID, as all uids are. */
export function newUid(random: Random): string {
  const a = hex(random('uid') * 2 ** 48, 12);
  const b = hex(random('uid') * 2 ** 24, 6);
  const c = hex(random('uid') * 2 ** 46, 12);
  const variant = '89ab'[Number.parseInt(c[0] as string, 16) & 3] as string;
  return `${a.slice(0, 8)}-${a.slice(8)}-4${b.slice(0, 3)}-${variant}${b.slice(3, 6)}-${c}`;
}
