/** kubectl create service externalname (pkg/cmd/create/create_service.go). */
import { dnsSubdomain } from '../../../resources/meta/names.js';
import { UsageError } from '../../command.js';
import { serviceGenerator, TCP } from '../../service-generator.js';

export default serviceGenerator({
  type: 'ExternalName',
  use: 'externalname NAME --external-name external.name [--dry-run=server|client|none]',
  long: `Create an ExternalName service.

It stands for a DNS name outside the cluster, so that pods can use one name wherever the real thing is.`,
  examples: '# One called my-ns\nkubectl create service externalname my-ns --external-name bar.com',
  flags: [{ name: 'external-name', type: 'string', usage: 'The name it stands for', required: true }, TCP],
  check({ flags }) {
    const name = flags.string('external-name');
    if (dnsSubdomain(name).length > 0) throw new UsageError(`invalid service external name ${name}`);
  },
  spec: ({ flags }) => ({ externalName: flags.string('external-name') }),
});
