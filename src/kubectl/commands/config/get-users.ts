/** kubectl config get-users (pkg/cmd/config/get_users.go). */
import type { Command } from '../../command.js';
import { sortedNames } from '../../config-file.js';

const command: Command<undefined> = {
  use: 'get-users [flags]',
  short: 'Show the users of the kubeconfig',
  long: 'Show the users of the kubeconfig.',
  examples: '# All of them\nkubectl config get-users',
  flags: [],
  complete: async () => undefined,
  async run(_, factory) {
    const { config } = await factory.kubeconfig();
    factory.streams.out(['NAME', ...sortedNames(config.users)].map((name) => `${name}\n`).join(''));
  },
};
export default command;
