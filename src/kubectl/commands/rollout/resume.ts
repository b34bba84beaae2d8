/** kubectl rollout resume (pkg/cmd/rollout/rollout_resume.go, pkg/polymorphichelpers/objectresumer.go). */
import { UsageError } from '../../command.js';
import { at, withAt } from '../../pod-specs.js';
import { rolloutChange } from '../../rollout-change.js';

export default rolloutChange(
  {
    use: 'resume RESOURCE',
    short: 'Go on with a paused workload',
    long: `Go on with a paused workload: changes reach its pods again. Only deployments can be paused.`,
    examples: `# A deployment that is paused
kubectl rollout resume deployment/nginx`,
  },
  'resumed',
  (name) => new UsageError(`failed to create patch for ${name}`),
  (object) => {
    if (object.kind !== 'Deployment' || !object.apiVersion.startsWith('apps/')) throw new UsageError('resuming is not supported');
    if (at(object as never, ['spec', 'paused']) !== true) throw new UsageError('is not paused');
    return withAt(object, ['spec', 'paused'], undefined);
  },
);
