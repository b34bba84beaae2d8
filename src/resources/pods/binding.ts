/** pods/binding: BindingREST of pkg/registry/core/pod/storage/storage.go. The scheduler's one write. */
import { aggregateText, badRequest, conflict, failure } from '../../api/errors.js';
import { type FieldError, notSupported, required } from '../../api/field.js';
import { copyOf, type KubeObject, type Mutable } from '../../api/object.js';
import type { Subresource } from '../../api/resource.js';
import { withCondition } from './conditions.js';
import type { Pod } from './types.js';

export interface Binding extends KubeObject {
  readonly target: { readonly apiVersion?: string; readonly kind?: string; readonly name: string };
}

const SCHEDULED = { type: 'PodScheduled', status: 'True' } as const;

export const binding: Subresource<Pod> = {
  names: { group: '', version: 'v1', kind: 'Binding' },
  verbs: ['create'],
  create: (pod, body, { key, now }) => {
    const { metadata, target } = body as Binding;
    if (metadata?.name !== key.name) throw badRequest('name in URL does not match name in Binding object');
    const errors: FieldError[] = [];
    if (target?.kind && target.kind !== 'Node') errors.push(notSupported('target.kind', target.kind, ['Node', '<empty>']));
    if (!target?.name) errors.push(required('target.name'));
    // Not said as a validation's errors are: upstream answers with what Go makes of them.
    if (errors.length > 0) throw failure(500, '', aggregateText(errors));
    return { object: assign(pod, target.name, metadata.annotations, now) };
  },
};

function assign(pod: Pod, node: string, annotations: Readonly<Record<string, string>> | undefined, now: Parameters<typeof withCondition>[2]): Pod {
  const name = pod.metadata.name ?? '';
  const refuse = (why: string): Error => conflict('pods/binding', name, why);
  if (pod.metadata.deletionTimestamp !== undefined) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  const assigned: Mutable<Pod> = withCondition(pod, SCHEDULED, now);
  const spec = copyOf(pod.spec);
  spec.nodeName = node;
  assigned.spec = spec;
  if (annotations !== undefined) assigned.metadata = { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } };
  return assigned;
}
