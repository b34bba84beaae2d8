/** A set of keys kept in byte order, so that lists, ranges and indexes come out alike in every process. */

export class SortedKeys {
  /** `keys` must be sorted and without doubles; the array is taken over. */
  constructor(private readonly keys: string[] = []) {}

  get size(): number {
    return this.keys.length;
  }
  all(): readonly string[] {
    return this.keys;
  }
  has(key: string): boolean {
    return this.keys[lowerBound(this.keys, key)] === key;
  }
  /** False: it was there. */
  add(key: string): boolean {
    // Objects often arrive in order: look at the end first.
    const last = this.keys[this.keys.length - 1];
    if (last === undefined || last < key) {
      this.keys.push(key);
      return true;
    }
    const at = lowerBound(this.keys, key);
    if (this.keys[at] === key) return false;
    this.keys.splice(at, 0, key);
    return true;
  }
  delete(key: string): boolean {
    const at = lowerBound(this.keys, key);
    if (this.keys[at] !== key) return false;
    this.keys.splice(at, 1);
    return true;
  }
  withPrefix(prefix: string): readonly string[] {
    return prefix === '' ? this.keys : withPrefix(this.keys, prefix);
  }
}

/** The part of a sorted array that starts with `prefix`. */
export function withPrefix(keys: readonly string[], prefix: string): string[] {
  const start = lowerBound(keys, prefix);
  let end = start;
  let step = 1;
  // Galloping: most prefixes match few keys of many, some match nearly all.
  while (end < keys.length && (keys[end] as string).startsWith(prefix)) {
    end += step;
    step *= 2;
  }
  let low = end - step / 2;
  let high = Math.min(end, keys.length);
  while (low < high) {
    const middle = Math.max(low, start) + ((high - Math.max(low, start)) >> 1);
    if ((keys[middle] as string).startsWith(prefix)) low = middle + 1;
    else high = middle;
  }
  return keys.slice(start, high);
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
