/**
 * A saved cluster while it is open: JSON values by key, parsed when first touched; what is never touched is saved as the
 * text it was loaded as. Store, StateMap and alarms each have a {@link Section} of it.
 */
import type { StateMap } from '../api/reconciler.js';
import type { Bytes, Changes, Saved } from './backend/backend.js';
import { Section } from './section.js';
import { lowerBound } from './sorted-keys.js';
import { Text } from './text.js';

/** Changes by key, in byte order. Who asks for them in that order, as backends do, finds each behind the one before: there are 100,000. */
class InOrder implements Changes {
  private next = 0;

  constructor(
    private readonly sorted: readonly string[],
    private readonly values: readonly unknown[],
  ) {}

  get size(): number {
    return this.sorted.length;
  }
  keys(): Iterable<string> {
    return this.sorted;
  }
  has(key: string): boolean {
    return this.find(key) !== undefined;
  }
  get(key: string): string | undefined {
    const value = this.value(key);
    if (value instanceof Text) return value.json;
    return value === undefined ? undefined : JSON.stringify(value);
  }
  bytes(key: string): Bytes | undefined {
    const value = this.value(key);
    return value instanceof Text ? value : undefined;
  }

  private value(key: string): unknown {
    const at = this.find(key);
    return at === undefined ? undefined : this.values[at];
  }

  private find(key: string): number | undefined {
    if (this.sorted[this.next] !== key && this.sorted[++this.next] !== key) this.next = lowerBound(this.sorted, key);
    return this.sorted[this.next] === key ? this.next : undefined;
  }
}

export class Document {
  private readonly sections = new Map<string, Section>();

  constructor(private saved?: Saved) {}

  /** The entries whose keys start with `prefix`. No key may belong to two sections. */
  section(prefix: string): Section {
    let section = this.sections.get(prefix);
    if (section === undefined) {
      section = new Section(prefix, this.saved);
      this.sections.set(prefix, section);
    }
    return section;
  }

  get isChanged(): boolean {
    return [...this.sections.values()].some((section) => section.isChanged);
  }

  /** What has to be saved. */
  changes(): Changes {
    const keys: string[] = [];
    const values: unknown[] = [];
    // No section is within another, so all keys come in order.
    for (const prefix of [...this.sections.keys()].sort()) this.section(prefix).addChanges(keys, values);
    return new InOrder(keys, values);
  }

  /** The changes have been saved as `saved`. */
  rebase(saved: Saved): void {
    this.saved = saved;
    for (const section of this.sections.values()) section.rebase(saved);
  }

  /** A section as a map of values. */
  map(prefix: string): StateMap {
    const section = this.section(prefix);
    return {
      get: <T>(key: string) => section.get(key) as T | undefined,
      set: (key, value) => section.set(key, value),
      delete: (key) => section.delete(key),
      keys: (below) => section.keys(below),
    };
  }
}
