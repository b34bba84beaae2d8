/** Seeded randomness: every number is a function of the seed, the stream's name and how often that stream was drawn from. */

/** In [0, 1), 53 bits. Two interleaved 32-bit multiplicative hashes (after cyrb53), mixed at the end as MurmurHash3 does. */
export function draw(seed: number, stream: string, count: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ Math.imul(seed, 0x9e3779b1);
  for (let i = 0; i < stream.length; i++) {
    const code = stream.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ count, 0x85ebca77);
  low = Math.imul(low ^ (count + 0x7f4a7c15), 0xc2b2ae3d);
  high = mix(high ^ (low >>> 15));
  low = mix(low ^ (high >>> 13));
  return ((high >>> 0) * 0x200000 + (low >>> 11)) / 0x20000000000000;
}

function mix(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** Streams by name, with their counts as saveable data. */
export class Random {
  private readonly counts: Map<string, number>;

  constructor(
    readonly seed: number,
    draws: Readonly<Record<string, number>>,
  ) {
    this.counts = new Map(Object.entries(draws));
  }

  next(stream: string): number {
    const count = this.counts.get(stream) ?? 0;
    this.counts.set(stream, count + 1);
    return draw(this.seed, stream, count);
  }

  /** By name, sorted: the order of first use would tell processes apart. */
  draws(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
