/** kubectl alpha (pkg/cmd/alpha.go): commands that may change or go; 1.33 has none. */
import type { Command } from '../command.js';

const command: Command<void> = {
  use: 'alpha',
  short: 'Commands for features in alpha',
  long: 'Commands for features in alpha, which may change or go from one version to the next.',
  flags: [],
  rawArguments: true,
  complete: async () => undefined,
  run: async (_, { streams }) => streams.err('No alpha commands are available in this version of kubectl\n'),
};
export default command;
