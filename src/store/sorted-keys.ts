/**
 * A set of keys kept in byte order, so that lists, ranges and indexes come out alike in every process. Kept in chunks: a
 * key finds its place among 40,000 others without moving them.
 */

const CHUNK = 512;

export class SortedKeys {
  private readonly chunks: string[][] = [];
  private count = 0;

  /** `keys` must be sorted and without doubles. */
  constructor(keys: readonly string[] = []) {
    for (let i = 0; i < keys.length; i += CHUNK) this.chunks.push(keys.slice(i, i + CHUNK));
    this.count = keys.length;
  }

  get size(): number {
    return this.count;
  }

  has(key: string): boolean {
    const chunk = this.chunks[this.chunkOf(key)];
    return chunk !== undefined && chunk[lowerBound(chunk, key)] === key;
  }

  /** False: it was there. */
  add(key: string): boolean {
    const at = Math.min(this.chunkOf(key), this.chunks.length - 1);
    const chunk = this.chunks[at];
    if (chunk === undefined) this.chunks.push([key]);
    else {
      const place = lowerBound(chunk, key);
      if (chunk[place] === key) return false;
      chunk.splice(place, 0, key);
      if (chunk.length > 2 * CHUNK) this.chunks.splice(at + 1, 0, chunk.splice(CHUNK));
    }
    this.count++;
    return true;
  }

  delete(key: string): boolean {
    const at = this.chunkOf(key);
    const chunk = this.chunks[at];
    if (chunk === undefined) return false;
    const place = lowerBound(chunk, key);
    if (chunk[place] !== key) return false;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.chunks.splice(at, 1);
    this.count--;
    return true;
  }

  /** All that start with `prefix`, in order. */
  withPrefix(prefix = ''): string[] {
    if (prefix === '') return this.chunks.flat();
    const found: string[] = [];
    const end = after(prefix);
    for (let at = this.chunkOf(prefix); at < this.chunks.length; at++) {
      const chunk = this.chunks[at] as string[];
      const from = lowerBound(chunk, prefix);
      const to = (chunk[chunk.length - 1] as string) < end ? chunk.length : lowerBound(chunk, end);
      for (let i = from; i < to; i++) found.push(chunk[i] as string);
      if (to < chunk.length) break;
    }
    return found;
  }

  /** The chunk that has `key`, or would: the first whose last key is not below it. */
  private chunkOf(key: string): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = this.chunks[middle] as string[];
      if ((chunk[chunk.length - 1] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A map kept in the byte order of its keys: what {@link SortedKeys} is for sets. Giving out its values costs little. */
export class SortedMap<V> {
  private readonly chunks: { readonly keys: string[]; readonly values: V[] }[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  set(key: string, value: V): void {
    const own = this.chunkOf(key);
    const at = Math.min(own, this.chunks.length - 1);
    const chunk = this.chunks[at];
    if (chunk === undefined) {
      this.chunks.push({ keys: [key], values: [value] });
      this.count++;
      return;
    }
    const { keys, values } = chunk;
    // What happens to an object is filed in the order in which it happens: behind all that is there.
    const place = own > at ? keys.length : lowerBound(keys, key);
    if (keys[place] === key) {
      values[place] = value;
      return;
    }
    keys.splice(place, 0, key);
    values.splice(place, 0, value);
    this.count++;
    if (keys.length > 2 * CHUNK) this.chunks.splice(at + 1, 0, { keys: keys.splice(CHUNK), values: values.splice(CHUNK) });
  }

  delete(key: string): void {
    const at = this.chunkOf(key);
    const chunk = this.chunks[at];
    if (chunk === undefined) return;
    const place = lowerBound(chunk.keys, key);
    if (chunk.keys[place] !== key) return;
    chunk.keys.splice(place, 1);
    chunk.values.splice(place, 1);
    if (chunk.keys.length === 0) this.chunks.splice(at, 1);
    this.count--;
  }

  /** The values whose keys start with `prefix`, in the order of their keys. */
  withPrefix(prefix = ''): V[] {
    const found: V[] = [];
    const end = after(prefix);
    for (let at = prefix === '' ? 0 : this.chunkOf(prefix); at < this.chunks.length; at++) {
      const { keys, values } = this.chunks[at] as { keys: string[]; values: V[] };
      const from = prefix === '' ? 0 : lowerBound(keys, prefix);
      const to = prefix === '' || (keys[keys.length - 1] as string) < end ? keys.length : lowerBound(keys, end);
      for (let i = from; i < to; i++) found.push(values[i] as V);
      if (to < keys.length) break;
    }
    return found;
  }

  private chunkOf(key: string): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { keys } = this.chunks[middle] as { keys: string[] };
      if ((keys[keys.length - 1] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The part of a sorted array that starts with `prefix`. */
export const withPrefix = (keys: readonly string[], prefix: string): readonly string[] => keys.slice(lowerBound(keys, prefix), lowerBound(keys, after(prefix)));

/** Greater than everything that starts with `prefix`. */
const after = (prefix: string): string => `${prefix}\uffff`;

/** Where the key is, or would be. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
