/** kubectl config delete-user (pkg/cmd/config/delete_user.go). */
import { type Command, UsageError } from '../../command.js';
import { saveKubeconfig, without } from '../../config-file.js';

const command: Command<{ readonly name: string }> = {
  use: 'delete-user NAME',
  short: 'Remove a user from the kubeconfig',
  long: 'Remove a user from the kubeconfig.',
  examples: '# The user called minikube\nkubectl config delete-user minikube',
  flags: [],
  async complete(args) {
    if (args.length !== 1) throw new UsageError('user to delete is required', 'help');
    return { name: args[0] as string };
  },
  async run({ name }, factory) {
    const { path, config } = await factory.kubeconfig();
    if (!config.users.some((one) => one.name === name)) throw new UsageError(`cannot delete user ${name}, not in ${path}`);
    await saveKubeconfig(factory, { ...config, users: without(config.users, name) });
    factory.streams.out(`deleted user ${name} from ${path}\n`);
  },
};
export default command;
