/** How a running awk program leaves the statement it is at. */
import type { Value } from './values.js';

export class Next extends Error {}
export class Break extends Error {}
export class Continue extends Error {}

export class Return extends Error {
  constructor(readonly value: Value) {
    super();
  }
}

export class Exit extends Error {
  /** undefined: with the code there is. */
  constructor(readonly code?: number) {
    super();
  }
}

/** It has no end. */
export class Endless extends Error {}

/** The program waits for a command. */
export class NeedsCommand extends Error {
  constructor(
    readonly command: string,
    readonly options: CommandOptions,
  ) {
    super();
  }
}

export interface CommandOptions {
  readonly stdin?: string;
  /** Its output comes to the program. */
  readonly capture?: boolean;
}
