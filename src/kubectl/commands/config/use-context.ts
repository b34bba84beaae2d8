/** kubectl config use-context (pkg/cmd/config/use_context.go). */
import { type Command, UsageError } from '../../command.js';
import { saveKubeconfig } from '../../config-file.js';

const command: Command<{ readonly name: string }> = {
  use: 'use-context CONTEXT_NAME',
  short: 'Choose the current context of a kubeconfig file',
  long: 'Choose the current context of a kubeconfig file.',
  examples: '# The context of the minikube cluster\nkubectl config use-context minikube',
  flags: [],
  async complete(args) {
    if (args.length !== 1) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'page');
    return { name: args[0] as string };
  },
  async run({ name }, factory) {
    const { config } = await factory.kubeconfig();
    if (name === '') throw new UsageError('empty context names are not allowed');
    if (!config.contexts.some((one) => one.name === name)) throw new UsageError(`no context exists with the name: "${name}"`);
    await saveKubeconfig(factory, { ...config, 'current-context': name });
    factory.streams.out(`Switched to context "${name}".\n`);
  },
};
export default command;
