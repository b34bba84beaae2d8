/** kubectl config delete-context (pkg/cmd/config/delete_context.go). */
import { type Command, UsageError } from '../../command.js';
import { saveKubeconfig, without } from '../../config-file.js';

const command: Command<{ readonly name: string }> = {
  use: 'delete-context NAME',
  short: 'Remove a context from the kubeconfig',
  long: 'Remove a context from the kubeconfig.',
  examples: '# The context called minikube\nkubectl config delete-context minikube',
  flags: [],
  async complete(args) {
    if (args.length !== 1) throw new UsageError('', 'pageOnly');
    return { name: args[0] as string };
  },
  async run({ name }, factory) {
    const { path, config } = await factory.kubeconfig();
    if (!config.contexts.some((one) => one.name === name)) throw new UsageError(`cannot delete context ${name}, not in ${path}`);
    if (config['current-context'] === name) {
      factory.streams.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n');
    }
    await saveKubeconfig(factory, { ...config, contexts: without(config.contexts, name) });
    factory.streams.out(`deleted context ${name} from ${path}\n`);
  },
};
export default command;
