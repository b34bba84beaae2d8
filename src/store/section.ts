/**
 * A part of a {@link Document}: the entries below one prefix, under the rest of their keys. JSON values, parsed when first
 * touched. Keys are put in order only when somebody asks for them: events are made by the thousand and listed seldom.
 */
import { DamagedState, type Saved } from './backend/backend.js';
import { SortedKeys } from './sorted-keys.js';
import { Text } from './text.js';

/** With more changes than this, more values read, or more keys asked for in vain, all are found at once instead of one by one. */
const MANY_CHANGES = 500;
const MANY_READS = 200;
const MANY_MISSES = 50;
/** With more new keys than this they are found again among the saved, instead of being sorted in one by one. */
const FEW_UNSORTED = 200;

/** An entry while it is known. Whoever holds it sees what it is set to later; it stays the entry's own until it is deleted and that is saved. */
export interface Cell {
  readonly key: string;
  /** undefined: deleted. */
  value: unknown;
  /** Since it was saved. */
  isChanged: boolean;
}

const inOrder = (a: Cell, b: Cell): number => (a.key < b.key ? -1 : 1);

export class Section {
  /** What has been read or changed. */
  private readonly cells = new Map<string, Cell>();
  /** The last one found: who works on an object asks for it several times in a row. */
  private last: Cell | undefined;
  /** The last one that was not: what is made is looked for before. */
  private absent: string | undefined;
  private changed: Cell[] = [];
  /** Asked for, and not there; forgotten when there are many and {@link unread} tells as much. */
  private readonly missing = new Set<string>();
  /** The saved keys whose values are neither read nor changed yet: who makes objects by the ten thousand asks for each whether it is there. */
  private unread: Set<string> | undefined;
  private reads = 0;
  private misses = 0;
  /** All keys but the unsorted; undefined until somebody asks for keys. */
  private sorted: SortedKeys | undefined;
  private unsorted: string[] = [];
  /** The unsorted by what ends with their last dot (an Event's key begins with the object it is about), as chains: the last one of a stem, and before each the one before. */
  private readonly stems = new Map<string, number>();
  private earlier: (number | undefined)[] = [];
  /** API objects: every change has another resourceVersion, so none is set to what it was. */
  private readonly isVersioned: boolean;

  constructor(
    readonly prefix: string,
    private saved: Saved | undefined,
  ) {
    this.isVersioned = prefix.startsWith('/registry/');
  }

  get(key: string): unknown {
    const cell = this.find(key);
    if (cell !== undefined) {
      if (cell.value instanceof Text) cell.value = this.parse(key, cell.value.json);
      return cell.value;
    }
    if (this.saved === undefined || (this.unread === undefined ? this.missing.has(key) : !this.unread.has(key))) return undefined;
    const text = this.saved.entries.get(this.prefix + key);
    if (text === undefined) {
      this.missing.add(key);
      if (++this.misses === MANY_MISSES) {
        this.unread = new Set(this.savedKeys('').filter((saved) => !this.cells.has(saved)));
        this.missing.clear();
      }
      return undefined;
    }
    const parsed = this.parse(key, text);
    this.newCell(key).value = parsed;
    // Who has asked for the keys has had them all found.
    if (++this.reads === MANY_READS && this.sorted === undefined) this.saved.entries.keys(this.prefix);
    return parsed;
  }

  private find(key: string): Cell | undefined {
    if (this.last?.key === key) return this.last;
    if (this.absent === key) return undefined;
    const cell = this.cells.get(key);
    if (cell === undefined) this.absent = key;
    else this.last = cell;
    return cell;
  }

  /** What is written once and seldom read is best set as {@link Text}: that takes least room, and is there already when it is saved. */
  set(key: string, value: unknown): Cell {
    const cell = this.find(key) ?? this.newCell(key);
    if (cell.value === undefined) this.unsorted.push(key);
    cell.value = value;
    this.noteChange(cell);
    return cell;
  }

  delete(key: string): void {
    const known = this.cells.get(key);
    if (known === undefined ? this.saved?.entries.get(this.prefix + key) === undefined : known.value === undefined) return;
    this.sort();
    this.sorted?.delete(key);
    const cell = known ?? this.newCell(key);
    cell.value = undefined;
    this.noteChange(cell);
  }

  private newCell(key: string): Cell {
    const cell: Cell = { key, value: undefined, isChanged: false };
    this.cells.set(key, cell);
    this.last = cell;
    this.absent = undefined;
    if (this.unread === undefined) this.missing.delete(key);
    else this.unread.delete(key);
    return cell;
  }

  private noteChange(cell: Cell): void {
    if (cell.isChanged) return;
    cell.isChanged = true;
    this.changed.push(cell);
  }

  /** The entry itself, if there is one. */
  cell(key: string): Cell | undefined {
    return this.get(key) === undefined ? undefined : this.cells.get(key);
  }

  /** In byte order. */
  keys(below = ''): readonly string[] {
    this.sorted ??= new SortedKeys(this.savedKeys(''));
    this.sort();
    return this.sorted.withPrefix(below);
  }

  get isChanged(): boolean {
    return this.changed.length > 0;
  }

  /** Adds what has to be saved, in byte order. A value set to what it was is no change, unless there are many to be compared. */
  addChanges(keys: string[], values: unknown[]): void {
    const isMany = this.changed.length > MANY_CHANGES;
    if (isMany) this.saved?.entries.keys(this.prefix);
    this.changed.sort(inOrder);
    for (const { key, value } of this.changed) {
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
    // Before they are forgotten: a few new ones are sorted in, many are found again among the saved.
    if (this.unsorted.length > FEW_UNSORTED) this.sorted = undefined;
    this.sort();
    this.forgetUnsorted();
    this.last = undefined;
    this.saved = saved;
    for (const cell of this.changed) {
      const { key, value } = cell;
      cell.isChanged = false;
      if (value !== undefined && !(value instanceof Text)) continue;
      this.cells.delete(key);
      if (value !== undefined) this.unread?.add(key);
    }
    this.changed = [];
    this.missing.clear();
  }

  private sort(): void {
    if (this.sorted === undefined) return;
    for (const key of this.unsorted) if (this.has(key)) this.sorted.add(key);
    this.forgetUnsorted();
  }

  private forgetUnsorted(): void {
    this.unsorted = [];
    this.stems.clear();
    this.earlier = [];
  }

  /** Those that are `stem` and something without a dot, found without putting all others in order; `stem` ends with a dot. */
  keysOf(stem: string): readonly string[] {
    const saved = this.sorted === undefined ? this.savedKeys(stem) : this.sorted.withPrefix(stem);
    for (let at = this.earlier.length; at < this.unsorted.length; at++) {
      const key = this.unsorted[at] as string;
      const own = key.slice(0, key.lastIndexOf('.') + 1);
      this.earlier.push(this.stems.get(own));
      this.stems.set(own, at);
    }
    const known = saved.filter((key) => key.lastIndexOf('.') < stem.length);
    const found = new Set(known);
    for (let at = this.stems.get(stem); at !== undefined; at = this.earlier[at]) {
      const key = this.unsorted[at] as string;
      if (this.has(key)) found.add(key);
    }
    return found.size === known.length ? known : [...found].sort();
  }

  /** Those that are still there. */
  private savedKeys(below: string): readonly string[] {
    const found = this.saved?.entries.keys(this.prefix + below) ?? [];
    return found.map((key) => key.slice(this.prefix.length)).filter((key) => !this.cells.has(key) || this.has(key));
  }

  /** Known, and not deleted. */
  private has(key: string): boolean {
    return this.cells.get(key)?.value !== undefined;
  }

  private parse(key: string, text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new DamagedState(`the entry ${this.prefix}${key} is not valid JSON`);
    }
  }
}
