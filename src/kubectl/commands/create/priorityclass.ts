/** kubectl create priorityclass (pkg/cmd/create/create_priorityclass.go). */
import type { KubeObject } from '../../../api/object.js';
import { generator } from '../../generator.js';

export default generator({
  use: 'priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  short: 'Create a priority class',
  long: 'Create a priority class: a name for how much pods matter.',
  examples: `# One called high-priority
kubectl create priorityclass high-priority --value=1000 --description="high priority"

# The one that pods get by themselves
kubectl create priorityclass default-priority --value=1000 --global-default=true --description="default priority"

# One that does not evict other pods
kubectl create priorityclass high-priority --value=1000 --description="high priority" --preemption-policy="Never"`,
  flags: [
    { name: 'description', type: 'string', usage: 'When to use it, for people.' },
    { name: 'global-default', type: 'bool', usage: 'Pods without a priority class get this one.' },
    { name: 'preemption-policy', type: 'string', default: 'PreemptLowerPriority', usage: 'Whether its pods may evict pods of lower priority.' },
    { name: 'value', type: 'int32', default: '0', usage: 'The priority.' },
  ],
  resource: { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses', namespaced: false },
  wraps: 'priorityclass: ',
  build: ({ name, flags }) =>
    ({
      kind: 'PriorityClass',
      apiVersion: 'scheduling.k8s.io/v1',
      metadata: { name, creationTimestamp: null },
      value: flags.int('value'),
      ...(flags.bool('global-default') ? { globalDefault: true } : {}),
      ...(flags.string('description') === '' ? {} : { description: flags.string('description') }),
      preemptionPolicy: flags.string('preemption-policy'),
    }) as KubeObject,
});
