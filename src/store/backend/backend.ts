/** Where a cluster rests between turns. One contract suite (test/contract/backend.ts) runs over every implementation. */

/** Opaque; changes with every save. */
export type Version = string;

/** Keys and JSON texts (without line breaks), to be parsed only when touched. */
export interface Entries {
  /** All that start with `prefix`, in byte order. Costs what it returns. */
  keys(prefix: string): readonly string[];
  get(key: string): string | undefined;
}

/**
 * The whole cluster: `/registry/<resource>/<namespace>/<name>` holds an API object (`/registry/<resource>/<name>` outside
 * namespaces), everything else is saved state (StateMap, alarms, clock). The entry {@link HEADER} is small and says what a
 * read must know first; a backend keeps it where it is read first.
 */
export interface Saved {
  readonly version: Version;
  readonly entries: Entries;
}

/** The key of the entry that comes first. */
export const HEADER = '/header';

/** A text in UTF-8, wherever it lies. */
export interface Bytes {
  readonly length: number;
  /** Into `target` from `at` on; how many. */
  copy(target: Buffer, at: number): number;
}

/**
 * Since the version it was loaded at: keys set (JSON text without line breaks) and keys deleted (undefined). A text may be made when
 * it is asked for, so a backend asks once and keeps it no longer than it must: of 50,000 changes all texts at once would fill the heap.
 */
export interface Changes {
  readonly size: number;
  has(key: string): boolean;
  get(key: string): string | undefined;
  /** The text in UTF-8, of those that are there as such. */
  bytes?(key: string): Bytes | undefined;
  keys(): Iterable<string>;
}

export interface Backend {
  /**
   * undefined: there is no cluster here yet. Rejects with {@link DamagedState} or {@link NewerFormat}, leaving it as it was.
   * Answers `known` itself when that is still what is there.
   */
  load(known?: Saved): Promise<Saved | undefined>;
  /** Atomic: all or nothing, durable when it resolves. Rejects with {@link Conflict} if somebody saved since `base` (undefined: nothing there). */
  save(base: Saved | undefined, changes: Changes): Promise<Saved>;
  /** Takes away whatever is there, damaged or not. */
  remove(): Promise<void>;
  /**
   * Runs `work` while nobody else (who asks) runs theirs: spares the Conflicts. Outlives a killed holder. With `address`,
   * others are told at once to go there (rejects with {@link Served}) instead of waiting.
   */
  hold<T>(work: () => Promise<T>, address?: string): Promise<T>;
  /** Where the cluster is served by who holds it now, if it is. */
  servedAt(): Promise<string | undefined>;
  /** Resolves when something else than `known` is there, after `milliseconds` (of the machine), or when `signal` aborts. */
  changed(known: Saved | undefined, milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Somebody else saved first: load again and do it again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** `podsim serve` holds it: speak to it at its address. */
export class Served extends Error {
  override readonly name = 'Served';
  constructor(readonly address: string) {
    super(`the cluster is served at ${address}`);
  }
}

/** What is there is not a cluster, or a broken one. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
}

/** A later podsim wrote it. */
export class NewerFormat extends Error {
  override readonly name = 'NewerFormat';
}
