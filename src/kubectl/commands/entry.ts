/** How the list of commands names one: enough for help and for finding it, without loading it. */
import type { Command } from '../command.js';

export interface Entry {
  readonly name: string;
  readonly short: string;
  readonly aliases?: readonly string[];
  /** Other words people try for it (cobra's SuggestFor). */
  readonly suggestFor?: readonly string[];
  readonly hidden?: boolean;
  readonly subcommands?: readonly Entry[];
  load(): Promise<{ readonly default: Command }>;
}

export interface Group {
  readonly title: string;
  readonly commands: readonly Entry[];
}
