/** kubectl create secret: holds the generators of its types (pkg/cmd/create/create_secret.go). */
import type { Command } from '../../command.js';
import { groupCommand } from '../../group-command.js';

const command: Command = groupCommand({
  use: 'secret (docker-registry | generic | tls)',
  short: 'Create a secret of one of several types',
  long: `Create a secret of one of several types.

docker-registry is for container registries, generic holds anything (type Opaque), tls holds a certificate and its key.`,
  group: { stream: 'err', exit: 1 },
});
export default command;
