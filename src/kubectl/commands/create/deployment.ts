/** kubectl create deployment (pkg/cmd/create/create_deployment.go). */
import type { KubeObject } from '../../../api/object.js';
import { UsageError } from '../../command.js';
import { generator } from '../../generator.js';
import { containerName } from '../../image-names.js';

export default generator({
  use: 'deployment NAME --image=image -- [COMMAND] [args...]',
  short: 'Create a deployment',
  examples: `# One that runs the busybox image
kubectl create deployment my-dep --image=busybox

# With a command
kubectl create deployment my-dep --image=busybox -- date

# Three pods of nginx
kubectl create deployment my-dep --image=nginx --replicas=3

# Which listens on port 5701
kubectl create deployment my-dep --image=busybox --port=5701

# With several containers
kubectl create deployment my-dep --image=busybox:latest --image=ubuntu:latest --image=nginx`,
  flags: [
    { name: 'image', type: 'stringSlice', usage: 'The image to run; given several times, there are several containers.', required: true },
    { name: 'port', type: 'int32', default: '-1', usage: 'The containerPort of the first container.' },
    { name: 'replicas', short: 'r', type: 'int32', default: '1', usage: 'How many pods.' },
  ],
  resource: { group: 'apps', version: 'v1', resource: 'deployments', namespaced: true },
  wraps: 'deployment: ',
  takesCommand: true,
  check({ flags, rest }) {
    if (flags.strings('image').length > 1 && rest.length > 0) throw new UsageError('cannot specify multiple --image options and command');
  },
  build({ name, rest, flags }) {
    const labels = { app: name };
    const port = flags.int('port');
    const containers = flags.strings('image').map((image, i) => ({
      name: containerName(image),
      image,
      ...(rest.length > 0 ? { command: rest } : {}),
      ...(port >= 0 && i === 0 ? { ports: [{ containerPort: port }] } : {}),
      resources: {},
    }));
    return {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name, creationTimestamp: null, labels },
      spec: {
        replicas: flags.int('replicas'),
        selector: { matchLabels: labels },
        template: { metadata: { creationTimestamp: null, labels }, spec: { containers } },
        strategy: {},
      },
      status: {},
    } as KubeObject;
  },
});
