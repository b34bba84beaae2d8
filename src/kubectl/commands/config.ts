/** kubectl config: holds the commands about the kubeconfig (pkg/cmd/config/config.go). */
import type { Command } from '../command.js';
import { groupCommand } from '../group-command.js';

const command: Command = groupCommand({
  use: 'config SUBCOMMAND',
  short: 'Change kubeconfig files',
  long: `Change kubeconfig files, for instance with "kubectl config use-context my-context".

Which file that is:

  1.  With --kubeconfig, that one.
  2.  Otherwise the file "config" in the directory $PODSIM_HOME, which is ~/.podsim unless set.`,
  group: { stream: 'err', exit: 1 },
});
export default command;
