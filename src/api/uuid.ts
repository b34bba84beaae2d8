import { fnv1a } from './fnv.js';

/** A uuid of version 4 that is a function of the text. */
export function uuidOf(text: string): string {
  const hex = [0, 1, 2, 3].map((i) => fnv1a(`${text}/${i}`).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${'89ab'[Number.parseInt(hex.charAt(16), 16) % 4]}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
