/** kubectl config rename-context (pkg/cmd/config/rename_context.go). */
import { type Command, UsageError } from '../../command.js';
import { saveKubeconfig } from '../../config-file.js';

interface Options {
  readonly from: string;
  readonly to: string;
}

const command: Command<Options> = {
  use: 'rename-context CONTEXT_NAME NEW_NAME',
  short: 'Give a context of the kubeconfig another name',
  long: `Give a context of the kubeconfig another name.

If it is the current context, it stays so under its new name.`,
  examples: '# From old-name to new-name\nkubectl config rename-context old-name new-name',
  flags: [],
  async complete(args) {
    if (args.length !== 2) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'page');
    return { from: args[0] as string, to: args[1] as string };
  },
  validate({ to }) {
    if (to === '') throw new UsageError('You must specify a new non-empty context name');
  },
  async run({ from, to }, factory) {
    const { path, config } = await factory.kubeconfig();
    if (!config.contexts.some((one) => one.name === from)) throw new UsageError(`cannot rename the context "${from}", it's not in ${path}`);
    if (config.contexts.some((one) => one.name === to))
      throw new UsageError(`cannot rename the context "${from}", the context "${to}" already exists in ${path}`);
    await saveKubeconfig(factory, {
      ...config,
      contexts: config.contexts.map((one) => (one.name === from ? { ...one, name: to } : one)),
      'current-context': config['current-context'] === from ? to : config['current-context'],
    });
    factory.streams.out(`Context "${from}" renamed to "${to}".\n`);
  },
};
export default command;
