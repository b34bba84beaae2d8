/** kubectl rollout restart (pkg/cmd/rollout/rollout_restart.go, pkg/polymorphichelpers/objectrestarter.go). */
import { formatTime, type Time } from '../../../api/time.js';
import { UsageError } from '../../command.js';
import { at, withAt } from '../../pod-specs.js';
import { rolloutChange } from '../../rollout-change.js';

const RESTARTED_AT = ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'];

export default rolloutChange(
  {
    use: 'restart RESOURCE',
    short: 'Replace the pods of a workload',
    long: `Replace the pods of a workload by rolling out the same template again.

The pods are replaced as they would be for any change of the template.`,
    examples: `# All deployments of a namespace
kubectl rollout restart deployment -n test-namespace

# One deployment
kubectl rollout restart deployment/nginx

# A daemon set
kubectl rollout restart daemonset/abc

# Deployments with a label
kubectl rollout restart deployment --selector=app=nginx`,
  },
  'restarted',
  (name) =>
    new UsageError(
      `failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
    ),
  (object, now) => {
    if (!object.apiVersion.startsWith('apps/') || !['Deployment', 'DaemonSet', 'StatefulSet'].includes(object.kind))
      throw new UsageError('restarting is not supported');
    if (at(object as never, ['spec', 'paused']) === true) throw new UsageError("can't restart paused deployment (run rollout resume first)");
    return withAt(object, RESTARTED_AT, formatTime(now as Time));
  },
);
