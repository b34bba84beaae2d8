import { fnv1a } from '../api/fnv.js';

/** A number in [0, 1) that is a function of the text. */
export function spread(text: string): number {
  let h = fnv1a(text);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}
