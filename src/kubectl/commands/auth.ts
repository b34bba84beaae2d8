/** kubectl auth: holds the commands about authorization (pkg/cmd/auth/auth.go). */
import type { Command } from '../command.js';
import { groupCommand } from '../group-command.js';

const command: Command = groupCommand({
  use: 'auth [flags]',
  short: 'Look at authorization',
  long: 'Look at authorization.',
  group: { stream: 'err', exit: 1 },
});
export default command;
