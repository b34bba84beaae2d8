/** kubectl config current-context (pkg/cmd/config/current_context.go). */
import { type Command, UsageError } from '../../command.js';

const command: Command<undefined> = {
  use: 'current-context [flags]',
  short: 'Show the current context',
  long: 'Show the current context.',
  examples: '# Which one is it?\nkubectl config current-context',
  flags: [],
  complete: async () => undefined,
  async run(_, factory) {
    const name = (await factory.kubeconfig()).config['current-context'];
    if (name === '') throw new UsageError('current-context is not set');
    factory.streams.out(`${name}\n`);
  },
};
export default command;
