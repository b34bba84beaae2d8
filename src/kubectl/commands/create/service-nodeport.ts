/** kubectl create service nodeport (pkg/cmd/create/create_service.go). */
import { requirePorts, serviceGenerator, TCP } from '../../service-generator.js';

export default serviceGenerator({
  type: 'NodePort',
  use: 'nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  long: 'Create a NodePort service.',
  examples: '# One called my-ns\nkubectl create service nodeport my-ns --tcp=5678:8080',
  flags: [{ name: 'node-port', type: 'int', default: '0', usage: 'The port on every node.' }, TCP],
  check: requirePorts,
  nodePort: ({ flags }) => flags.int('node-port'),
});
