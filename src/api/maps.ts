/** Maps within maps, for what is asked for too often to put a key together of its parts. */

/** The inner map under `key`, made when it is not there yet. */
export function innerMap<K, I, V>(map: Map<K, Map<I, V>>, key: K): Map<I, V> {
  let inner = map.get(key);
  if (inner === undefined) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}
