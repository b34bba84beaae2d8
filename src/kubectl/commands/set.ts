/** kubectl set: holds the commands that change one thing (pkg/cmd/set/set.go). */
import type { Command } from '../command.js';
import { groupCommand } from '../group-command.js';

const command: Command = groupCommand({
  use: 'set SUBCOMMAND',
  short: 'Change one feature of objects',
  long: 'Change one thing about workloads that are there already.',
  group: { stream: 'err', exit: 1 },
});
export default command;
