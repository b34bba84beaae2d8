/** kubectl options: the flags every command takes (pkg/cmd/options/options.go). */
import type { Command } from '../command.js';
import { globalFlags } from '../global-flags.js';
import { optionsText } from '../help.js';

const command: Command<undefined> = {
  use: 'options',
  short: 'Print the flags every command takes',
  flags: [],
  complete: async () => undefined,
  async run(_, factory) {
    factory.streams.out(optionsText(globalFlags(`${factory.env['HOME'] ?? ''}/.kube/cache`)));
  },
};
export default command;
