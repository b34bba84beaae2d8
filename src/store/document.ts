/**
 * A saved cluster while it is open: JSON values by key, parsed when first touched; what is never touched is saved as the
 * text it was loaded as. Store, StateMap and alarms all rest on one of these.
 */
import type { StateMap } from '../api/reconciler.js';
import { type Changes, DamagedState, type Saved } from './backend/backend.js';
import { SortedKeys } from './sorted-keys.js';

export class Document {
  private readonly values = new Map<string, unknown>();
  private readonly dirty = new Set<string>();
  private readonly sorted: SortedKeys;

  constructor(private saved?: Saved) {
    this.sorted = new SortedKeys(saved?.entries.keys);
  }

  get(key: string): unknown {
    const value = this.values.get(key);
    if (value !== undefined || this.dirty.has(key)) return value;
    const text = this.saved?.entries.get(key);
    if (text === undefined) return undefined;
    const parsed = parse(key, text);
    this.values.set(key, parsed);
    return parsed;
  }

  has(key: string): boolean {
    return this.values.has(key) || this.sorted.has(key);
  }

  set(key: string, value: unknown): void {
    if (!this.values.has(key)) this.sorted.add(key);
    this.values.set(key, value);
    this.dirty.add(key);
  }

  delete(key: string): void {
    if (!this.sorted.delete(key)) return;
    this.values.delete(key);
    this.dirty.add(key);
  }

  /** In byte order. */
  keys(prefix: string): readonly string[] {
    return this.sorted.withPrefix(prefix);
  }

  get isChanged(): boolean {
    return this.dirty.size > 0;
  }

  /** What has to be saved. A value set to what it was is no change. */
  changes(): Changes {
    const changes = new Map<string, string | undefined>();
    for (const key of [...this.dirty].sort()) {
      const value = this.values.get(key);
      const text = value === undefined ? undefined : JSON.stringify(value);
      if (text !== this.saved?.entries.get(key)) changes.set(key, text);
    }
    return changes;
  }

  /** The changes have been saved as `saved`. */
  rebase(saved: Saved): void {
    this.saved = saved;
    this.dirty.clear();
  }

  /** The part below `prefix` as a map of its own. */
  map(prefix: string): StateMap {
    return {
      get: <T>(key: string) => this.get(prefix + key) as T | undefined,
      set: (key, value) => this.set(prefix + key, value),
      delete: (key) => this.delete(prefix + key),
      keys: (below = '') => this.keys(prefix + below).map((key) => key.slice(prefix.length)),
    };
  }
}

function parse(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedState(`the entry ${key} is not valid JSON`);
  }
}
