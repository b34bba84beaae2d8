/** kubectl certificate: holds the commands about certificate requests (pkg/cmd/certificates/certificates.go). */
import type { Command } from '../command.js';
import { groupCommand } from '../group-command.js';

const command: Command = groupCommand({
  use: 'certificate SUBCOMMAND',
  short: 'Approve or deny certificate requests',
  long: 'Approve or deny certificate requests.',
  group: { stream: 'out', exit: 0 },
});
export default command;
