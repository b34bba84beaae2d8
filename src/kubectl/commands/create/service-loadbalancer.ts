/** kubectl create service loadbalancer (pkg/cmd/create/create_service.go). */
import { requirePorts, serviceGenerator, TCP } from '../../service-generator.js';

export default serviceGenerator({
  type: 'LoadBalancer',
  use: 'loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  long: 'Create a LoadBalancer service.',
  examples: '# One called my-lbs\nkubectl create service loadbalancer my-lbs --tcp=5678:8080',
  flags: [TCP],
  check: requirePorts,
});
