/** kubectl config delete-cluster (pkg/cmd/config/delete_cluster.go). */
import { type Command, UsageError } from '../../command.js';
import { saveKubeconfig, without } from '../../config-file.js';

const command: Command<{ readonly name: string }> = {
  use: 'delete-cluster NAME',
  short: 'Remove a cluster from the kubeconfig',
  long: 'Remove a cluster from the kubeconfig.',
  examples: '# The cluster called minikube\nkubectl config delete-cluster minikube',
  flags: [],
  async complete(args) {
    if (args.length !== 1) throw new UsageError('', 'pageOnly');
    return { name: args[0] as string };
  },
  async run({ name }, factory) {
    const { path, config } = await factory.kubeconfig();
    if (!config.clusters.some((one) => one.name === name)) throw new UsageError(`cannot delete cluster ${name}, not in ${path}`);
    await saveKubeconfig(factory, { ...config, clusters: without(config.clusters, name) });
    factory.streams.out(`deleted cluster ${name} from ${path}\n`);
  },
};
export default command;
