/** kubectl create service clusterip (pkg/cmd/create/create_service.go). */
import { requirePorts, serviceGenerator, TCP } from '../../service-generator.js';

export default serviceGenerator({
  type: 'ClusterIP',
  use: 'clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
  long: 'Create a ClusterIP service.',
  examples: `# One called my-cs
kubectl create service clusterip my-cs --tcp=5678:8080

# Without an address of its own
kubectl create service clusterip my-cs --clusterip="None"`,
  flags: [{ name: 'clusterip', type: 'string', usage: "An address of its own, or 'None' for a headless service (no load balancing)." }, TCP],
  check(options) {
    if (options.flags.string('clusterip') !== 'None') requirePorts(options);
  },
  spec: ({ flags }) => (flags.string('clusterip') === '' ? {} : { clusterIP: flags.string('clusterip') }),
});
