/**
 * A part of a {@link Document}: the entries below one prefix, under the rest of their keys. JSON values, parsed when first
 * touched. New keys are put in order only when somebody asks for keys: events are made by the thousand and listed seldom.
 */
import { DamagedState, type Entries } from './backend/backend.js';
import { SortedKeys, withPrefix } from './sorted-keys.js';

export class Section {
  private readonly values = new Map<string, unknown>();
  private readonly dirty = new Set<string>();
  private readonly sorted: SortedKeys;
  private unsorted: string[] = [];

  constructor(
    readonly prefix: string,
    private saved: Entries | undefined,
  ) {
    this.sorted = new SortedKeys(saved === undefined ? [] : withPrefix(saved.keys, prefix).map((key) => key.slice(prefix.length)));
  }

  get(key: string): unknown {
    const value = this.values.get(key);
    if (value !== undefined || this.saved === undefined || this.dirty.has(key)) return value;
    const text = this.saved.get(this.prefix + key);
    if (text === undefined) return undefined;
    const parsed = this.parse(key, text);
    this.values.set(key, parsed);
    return parsed;
  }

  set(key: string, value: unknown): void {
    if (!this.values.has(key)) this.unsorted.push(key);
    this.values.set(key, value);
    this.dirty.add(key);
  }

  delete(key: string): void {
    if (!this.values.has(key) && (this.dirty.has(key) || this.saved?.get(this.prefix + key) === undefined)) return;
    this.sort();
    this.sorted.delete(key);
    this.values.delete(key);
    this.dirty.add(key);
  }

  /** In byte order. */
  keys(below = ''): readonly string[] {
    this.sort();
    return this.sorted.withPrefix(below);
  }

  get isChanged(): boolean {
    return this.dirty.size > 0;
  }

  /** Adds what has to be saved. A value set to what it was is no change. */
  addChanges(changes: Map<string, string | undefined>): void {
    for (const key of this.dirty) {
      const value = this.values.get(key);
      const text = value === undefined ? undefined : JSON.stringify(value);
      if (text !== this.saved?.get(this.prefix + key)) changes.set(this.prefix + key, text);
    }
  }

  /** The changes are in `saved` now. */
  rebase(saved: Entries): void {
    this.saved = saved;
    this.dirty.clear();
  }

  private sort(): void {
    if (this.unsorted.length === 0) return;
    for (const key of this.unsorted) this.sorted.add(key);
    this.unsorted = [];
  }

  private parse(key: string, text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new DamagedState(`the entry ${this.prefix}${key} is not valid JSON`);
    }
  }
}
