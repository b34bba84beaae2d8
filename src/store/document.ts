/**
 * A saved cluster while it is open: JSON values by key, parsed when first touched; what is never touched is saved as the
 * text it was loaded as. Store, StateMap and alarms each have a {@link Section} of it.
 */
import type { StateMap } from '../api/reconciler.js';
import type { Changes, Saved } from './backend/backend.js';
import { Section } from './section.js';

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
    const values = new Map<string, unknown>();
    for (const section of this.sections.values()) section.addChanges(values);
    return {
      size: values.size,
      has: (key) => values.has(key),
      get: (key) => {
        const value = values.get(key);
        return value === undefined ? undefined : JSON.stringify(value);
      },
      keys: () => values.keys(),
    };
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
