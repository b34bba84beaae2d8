/** FNV of 32 bits (Fowler, Noll, Vo): its start, and what each step multiplies by. */
export const FNV_BASIS = 0x811c9dc5;
export const FNV_PRIME = 0x01000193;

/** FNV-1a of a text's UTF-16 units: to tell texts apart, and to spread what needs no draw. `from`: the hash of what comes before. */
export function fnv1a(text: string, from = FNV_BASIS): number {
  let hash = from;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}
