/**
 * Go's sort.Sort: pattern-defeating quicksort. It is not stable, but always the same, and kubectl's output shows where it puts
 * equal elements; so this takes the same steps (Go's package sort).
 */

/** Sorts in place. `less` need be no proper order. */
export function goSort<T>(items: T[], less: (a: T, b: T) => boolean): void {
  new Sorting(items, less).sort(0, items.length, bitLength(items.length));
}

const LONGEST_INSERTION = 12;
const SHORTEST_NINTHER = 50;
const SHORTEST_SHIFTING = 50;
const MOST_SHIFTS = 5;
const ALL_SWAPPED = 12;

const bitLength = (n: number): number => 32 - Math.clz32(n);

class Sorting<T> {
  constructor(
    private readonly items: T[],
    private readonly isLess: (a: T, b: T) => boolean,
  ) {}

  private less(i: number, j: number): boolean {
    return this.isLess(this.items[i] as T, this.items[j] as T);
  }
  private swap(i: number, j: number): void {
    const item = this.items[i] as T;
    this.items[i] = this.items[j] as T;
    this.items[j] = item;
  }

  sort(from: number, to: number, badChoices: number): void {
    let [a, b, limit] = [from, to, badChoices];
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      const length = b - a;
      if (length <= LONGEST_INSERTION) {
        this.insertionSort(a, b);
        return;
      }
      if (limit === 0) {
        this.heapSort(a, b);
        return;
      }
      if (!wasBalanced) {
        this.breakPatterns(a, b);
        limit--;
      }
      let { pivot, swaps } = this.choosePivot(a, b);
      if (swaps === ALL_SWAPPED) {
        for (let i = a, j = b - 1; i < j; i++, j--) this.swap(i, j);
        pivot = b - 1 - (pivot - a);
        swaps = 0;
      }
      if (wasBalanced && wasPartitioned && swaps === 0 && this.partialInsertionSort(a, b)) return;
      if (a > 0 && !this.less(a - 1, pivot)) {
        a = this.partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, wasDone } = this.partition(a, b, pivot);
      wasPartitioned = wasDone;
      const left = middle - a;
      const right = b - middle;
      wasBalanced = Math.min(left, right) >= Math.trunc(length / 8);
      if (left < right) {
        this.sort(a, middle, limit);
        a = middle + 1;
      } else {
        this.sort(middle + 1, b, limit);
        b = middle;
      }
    }
  }

  private insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.less(j, j - 1); j--) this.swap(j, j - 1);
  }

  private heapSort(a: number, b: number): void {
    const length = b - a;
    const siftDown = (top: number, end: number) => {
      for (let root = top; ; ) {
        let child = 2 * root + 1;
        if (child >= end) return;
        if (child + 1 < end && this.less(a + child, a + child + 1)) child++;
        if (!this.less(a + root, a + child)) return;
        this.swap(a + root, a + child);
        root = child;
      }
    };
    for (let i = Math.trunc((length - 1) / 2); i >= 0; i--) siftDown(i, length);
    for (let i = length - 1; i >= 0; i--) {
      this.swap(a, a + i);
      siftDown(0, i);
    }
  }

  /** Three swaps with places a fixed generator gives. */
  private breakPatterns(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    let random = BigInt(length);
    const mask = (1n << BigInt(bitLength(length))) - 1n;
    const middle = a + Math.trunc(length / 4) * 2 - 1;
    for (let i = 0; i < 3; i++) {
      random ^= BigInt.asUintN(64, random << 13n);
      random ^= random >> 7n;
      random ^= BigInt.asUintN(64, random << 17n);
      let other = Number(random & mask);
      if (other >= length) other -= length;
      this.swap(middle + i, a + other);
    }
  }

  /** A median, and how many comparisons found the wrong order: none for a sorted run, all for a reversed one. */
  private choosePivot(a: number, b: number): { pivot: number; swaps: number } {
    const length = b - a;
    let swaps = 0;
    const ordered = (x: number, y: number): [number, number] => {
      if (!this.less(y, x)) return [x, y];
      swaps++;
      return [y, x];
    };
    const median = (x: number, y: number, z: number): number => {
      const [first, second] = ordered(x, y);
      const [third] = ordered(second, z);
      return ordered(first, third)[1];
    };
    const quarter = Math.trunc(length / 4);
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
    if (length >= SHORTEST_NINTHER) {
      i = median(i - 1, i, i + 1);
      j = median(j - 1, j, j + 1);
      k = median(k - 1, k, k + 1);
    }
    if (length >= 8) j = median(i, j, k);
    return { pivot: j, swaps };
  }

  /** Shifts a few elements into place; whether that was enough. */
  private partialInsertionSort(a: number, b: number): boolean {
    let i = a + 1;
    for (let shifts = 0; shifts < MOST_SHIFTS; shifts++) {
      while (i < b && !this.less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < SHORTEST_SHIFTING) return false;
      this.swap(i, i - 1);
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.less(j, j - 1); j--) this.swap(j, j - 1);
      if (b - i >= 2) for (let j = i + 1; j < b && this.less(j, j - 1); j++) this.swap(j, j - 1);
    }
    return false;
  }

  /** Smaller ones before the pivot, others behind it. */
  private partition(a: number, b: number, pivot: number): { middle: number; wasDone: boolean } {
    this.swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (let wasDone = true; ; wasDone = false) {
      while (i <= j && this.less(i, a)) i++;
      while (i <= j && !this.less(j, a)) j--;
      if (i > j) {
        this.swap(j, a);
        return { middle: j, wasDone };
      }
      this.swap(i++, j--);
    }
  }

  /** Those equal to the pivot (nothing is smaller) before the others. */
  private partitionEqual(a: number, b: number, pivot: number): number {
    this.swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (;;) {
      while (i <= j && !this.less(a, i)) i++;
      while (i <= j && this.less(a, j)) j--;
      if (i > j) return i;
      this.swap(i++, j--);
    }
  }
}
