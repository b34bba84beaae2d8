/** FNV-1a, 32 bits, of a text's UTF-16 units: to tell texts apart, and to spread what needs no draw. `from`: the hash of what comes before. */
export function fnv1a(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
