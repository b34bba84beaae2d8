/** kubectl rollout pause (pkg/cmd/rollout/rollout_pause.go, pkg/polymorphichelpers/objectpauser.go). */
import { UsageError } from '../../command.js';
import { at, withAt } from '../../pod-specs.js';
import { rolloutChange } from '../../rollout-change.js';

export default rolloutChange(
  {
    use: 'pause RESOURCE',
    short: 'Mark a workload as paused',
    long: `Mark a workload as paused.

Changes of a paused workload do not reach its pods; "kubectl rollout resume" lets them. Only deployments can be paused.`,
    examples: `# Changes of nginx have no effect as long as it is paused
kubectl rollout pause deployment/nginx`,
  },
  'paused',
  (name) => new UsageError(`failed to create patch for ${name}`),
  (object) => {
    if (object.kind !== 'Deployment' || !object.apiVersion.startsWith('apps/')) throw new UsageError('pausing is not supported');
    if (at(object as never, ['spec', 'paused']) === true) throw new UsageError('is already paused');
    return withAt(object, ['spec', 'paused'], true);
  },
);
