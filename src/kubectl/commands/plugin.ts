/** kubectl plugin: about plugin programs (pkg/cmd/plugin/plugin.go). */
import type { Command } from '../command.js';
import { groupCommand } from '../group-command.js';

const command: Command = groupCommand({
  use: 'plugin [flags]',
  short: 'Work with plugins',
  long: 'Work with plugins: programs in the PATH whose names begin with "kubectl-". They add commands that kubectl itself does not have.',
  examples: `# Which are there?
kubectl plugin list

# Only their names
kubectl plugin list --name-only`,
  group: { stream: 'err', exit: 1 },
});
export default command;
