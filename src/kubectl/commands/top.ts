/** kubectl top: holds the commands about resource usage (pkg/cmd/top/top.go). */
import type { Command } from '../command.js';
import { groupCommand } from '../group-command.js';

const command: Command = groupCommand({
  use: 'top [flags]',
  short: 'Show the CPU and memory in use',
  long: `Show the CPU and memory in use.

The Metrics API must be there.`,
  group: { stream: 'err', exit: 1 },
});
export default command;
