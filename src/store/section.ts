/**
 * A part of a {@link Document}: the entries below one prefix, under the rest of their keys. JSON values, parsed when first
 * touched. Keys are put in order only when somebody asks for them: events are made by the thousand and listed seldom.
 */
import { DamagedState, type Saved } from './backend/backend.js';
import { SortedKeys } from './sorted-keys.js';

/** With more changes than this, more values read, or more keys asked for in vain, all are found at once instead of one by one. */
const MANY_CHANGES = 500;
const MANY_READS = 200;
const MANY_MISSES = 50;
/** With more new keys than this, a part of the keys is no longer found without putting them all in order. */
const FEW_UNSORTED = 200;

/** A value as its JSON. */
export class Text {
  constructor(readonly json: string) {}
}

export class Section {
  private readonly values = new Map<string, unknown>();
  private readonly dirty = new Set<string>();
  /** Asked for, and not there; forgotten when there are many and {@link unread} tells as much. */
  private readonly missing = new Set<string>();
  /** The saved keys whose values are neither read nor changed yet: who makes objects by the ten thousand asks for each whether it is there. */
  private unread: Set<string> | undefined;
  private reads = 0;
  private misses = 0;
  /** All keys but the unsorted; undefined until somebody asks for keys. */
  private sorted: SortedKeys | undefined;
  private unsorted: string[] = [];
  /** API objects: every change has another resourceVersion, so none is set to what it was. */
  private readonly isVersioned: boolean;

  constructor(
    readonly prefix: string,
    private saved: Saved | undefined,
  ) {
    this.isVersioned = prefix.startsWith('/registry/');
  }

  get(key: string): unknown {
    const value = this.values.get(key);
    if (value instanceof Text) return this.read(key, value.json);
    if (value !== undefined || this.saved === undefined) return value;
    if (this.unread === undefined ? this.missing.has(key) || this.dirty.has(key) : !this.unread.has(key)) return undefined;
    const text = this.saved.entries.get(this.prefix + key);
    if (text === undefined) {
      this.missing.add(key);
      if (++this.misses === MANY_MISSES) {
        this.unread = new Set(this.savedKeys('').filter((saved) => !this.values.has(saved)));
        this.missing.clear();
      }
      return undefined;
    }
    const parsed = this.read(key, text);
    this.unread?.delete(key);
    // Who has asked for the keys has had them all found.
    if (++this.reads === MANY_READS && this.sorted === undefined) this.saved.entries.keys(this.prefix);
    return parsed;
  }

  /** What is written once and seldom read is best set as {@link Text}: that takes least room, and is there already when it is saved. */
  set(key: string, value: unknown): void {
    const { size } = this.values;
    this.values.set(key, value);
    if (this.values.size > size) {
      this.unsorted.push(key);
      if (this.unread === undefined) this.missing.delete(key);
      else this.unread.delete(key);
    }
    this.dirty.add(key);
  }

  delete(key: string): void {
    if (!this.values.has(key) && (this.dirty.has(key) || this.saved?.entries.get(this.prefix + key) === undefined)) return;
    this.sort();
    this.sorted?.delete(key);
    this.values.delete(key);
    this.unread?.delete(key);
    this.dirty.add(key);
  }

  /** In byte order. */
  keys(below = ''): readonly string[] {
    this.sorted ??= new SortedKeys(this.savedKeys(''));
    this.sort();
    return this.sorted.withPrefix(below);
  }

  /** Nobody has asked for all the keys, and few are new. */
  get isUnsorted(): boolean {
    return this.sorted === undefined && this.unsorted.length <= FEW_UNSORTED;
  }

  get isChanged(): boolean {
    return this.dirty.size > 0;
  }

  /** Adds what has to be saved, in byte order. A value set to what it was is no change, unless there are many to be compared. */
  addChanges(keys: string[], values: unknown[]): void {
    const isMany = this.dirty.size > MANY_CHANGES;
    if (isMany) this.saved?.entries.keys(this.prefix);
    for (const key of [...this.dirty].sort()) {
      const value = this.values.get(key);
      if (!this.isVersioned && !isMany && this.isSaved(key, value)) continue;
      keys.push(this.prefix + key);
      values.push(value);
    }
  }

  private isSaved(key: string, value: unknown): boolean {
    const text = this.saved?.entries.get(this.prefix + key);
    return text === undefined ? value === undefined : value !== undefined && text === JSON.stringify(value);
  }

  /** The changes are in `saved` now. */
  rebase(saved: Saved): void {
    this.saved = saved;
    for (const key of this.dirty) {
      if (!(this.values.get(key) instanceof Text)) continue;
      this.values.delete(key);
      this.unread?.add(key);
    }
    this.dirty.clear();
    this.missing.clear();
  }

  private sort(): void {
    if (this.sorted === undefined) return;
    for (const key of this.unsorted) if (this.values.has(key)) this.sorted.add(key);
    this.unsorted = [];
  }

  /** Some of the keys, found without knowing the others as long as they are {@link isUnsorted}. */
  keysBelow(below: string): readonly string[] {
    const saved = this.savedKeys(below);
    const others = this.unsorted.filter((key) => key.startsWith(below) && this.values.has(key));
    return others.length === 0 ? saved : [...new Set([...saved, ...others])].sort();
  }

  /** Those that are still there. */
  private savedKeys(below: string): readonly string[] {
    const found = this.saved?.entries.keys(this.prefix + below) ?? [];
    return found.map((key) => key.slice(this.prefix.length)).filter((key) => !this.dirty.has(key) || this.values.has(key));
  }

  private read(key: string, text: string): unknown {
    try {
      const value: unknown = JSON.parse(text);
      this.values.set(key, value);
      return value;
    } catch {
      throw new DamagedState(`the entry ${this.prefix}${key} is not valid JSON`);
    }
  }
}
