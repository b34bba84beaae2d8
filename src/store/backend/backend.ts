/** Where a cluster rests between turns. One contract suite (test/contract/backend.ts) runs over every implementation. */

/** Opaque; changes with every save. */
export type Version = string;

/**
 * The whole cluster as keys and JSON texts, parsed only when touched:
 * `/registry/<resource>/<namespace>/<name>` holds an API object, everything else is saved state (StateMap, alarms, clock).
 */
export interface Saved {
  readonly version: Version;
  readonly entries: ReadonlyMap<string, string>;
}

/** Since the version it was loaded at: keys set (JSON text without line breaks) and keys deleted (undefined). */
export type Changes = ReadonlyMap<string, string | undefined>;

export interface Backend {
  /** undefined: there is no cluster here yet. Rejects with DamagedState or NewerFormat (named, clear), leaving it as it was. */
  load(): Promise<Saved | undefined>;
  /** Atomic: all or nothing, durable when it resolves. Rejects with {@link Conflict} if somebody saved since `base` (undefined: nothing there). */
  save(base: Saved | undefined, changes: Changes): Promise<Saved>;
}

export class Conflict extends Error {
  override readonly name = 'Conflict';
}
