/** Entries that are all there as texts. */
import { withPrefix } from '../sorted-keys.js';
import type { Entries } from './backend.js';

export class Texts implements Entries {
  private readonly sorted: readonly string[];

  constructor(private readonly texts: ReadonlyMap<string, string>) {
    this.sorted = [...texts.keys()].sort();
  }
  keys(prefix: string): readonly string[] {
    return withPrefix(this.sorted, prefix);
  }
  get(key: string): string | undefined {
    return this.texts.get(key);
  }
}
