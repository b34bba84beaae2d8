/** kubectl config get-clusters (pkg/cmd/config/get_clusters.go). */
import type { Command } from '../../command.js';
import { sortedNames } from '../../config-file.js';

const command: Command<undefined> = {
  use: 'get-clusters [flags]',
  short: 'Show the clusters of the kubeconfig',
  long: 'Show the clusters of the kubeconfig.',
  examples: '# All of them\nkubectl config get-clusters',
  flags: [],
  complete: async () => undefined,
  async run(_, factory) {
    const { config } = await factory.kubeconfig();
    factory.streams.out(['NAME', ...sortedNames(config.clusters)].map((name) => `${name}\n`).join(''));
  },
};
export default command;
