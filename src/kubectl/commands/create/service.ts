/** kubectl create service: holds the generators of its types (pkg/cmd/create/create_service.go). */
import type { Command } from '../../command.js';
import { groupCommand } from '../../group-command.js';

const command: Command = groupCommand({
  use: 'service [flags]',
  short: 'Create a service of one of several types',
  long: 'Create a service of one of several types.',
  group: { stream: 'err', exit: 1 },
});
export default command;
