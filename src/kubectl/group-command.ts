/** A command that only holds others. */
import type { Command } from './command.js';

export function groupCommand(parts: Pick<Command, 'use' | 'short' | 'long' | 'examples'> & { readonly group: NonNullable<Command['group']> }): Command {
  return { ...parts, flags: [], complete: async () => undefined, run: async () => undefined };
}
