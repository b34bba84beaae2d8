/** plugin/pkg/admission/runtimeclass: a pod's runtime brings overhead and nodes to run on. */

import { isEqual } from '../../api/equality.js';
import { failure, forbidden } from '../../api/errors.js';
import { isGivenEmpty } from '../../api/given.js';
import type { KubeObject } from '../../api/object.js';
import { compareQuantities, quantity } from '../../api/quantity.js';
import type { Api } from '../../api/verbs.js';
import type { PodSpec, ResourceList, Toleration } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { RuntimeClass } from '../../resources/runtimeclasses/types.js';
import type { AdmissionPlugin } from './plugin.js';
import { nameOf } from './service-account.js';

export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  operations: ['CREATE'],
  resources: ['pods'],
  admit(object, _old, _attributes, { api }) {
    const pod = object as KubeObject as Pod;
    const found = classOf(pod, api);
    if (found === undefined) return object;
    const spec = withScheduling(pod, withOverhead(pod, found), found);
    return spec === pod.spec ? object : { ...object, spec };
  },
  validate(object, _old, _attributes, { api }) {
    const pod = object as Pod;
    const fixed = classOf(pod, api)?.overhead?.podFixed;
    const { overhead } = pod.spec;
    if (fixed !== undefined && !sameResources(overhead ?? {}, fixed))
      throw refuse(pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    if (fixed === undefined && (overhead !== undefined || isGivenEmpty(pod.spec, 'overhead')))
      throw refuse(pod, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  },
};

const refuse = (pod: Pod, why: string) => forbidden('pods', nameOf(pod), why);

function classOf(pod: Pod, api: Api): RuntimeClass | undefined {
  const name = pod.spec.runtimeClassName;
  if (name === undefined) return undefined;
  // The client inside the server does not even ask.
  if (name === '') throw failure(500, '', 'resource name may not be empty');
  const found = api.get<RuntimeClass>('runtimeclasses.node.k8s.io', { namespace: '', name });
  if (found === undefined) throw refuse(pod, `pod rejected: RuntimeClass "${name}" not found`);
  return found;
}

function withOverhead(pod: Pod, { overhead }: RuntimeClass): PodSpec {
  const fixed = overhead?.podFixed;
  if (fixed === undefined) return pod.spec;
  if (pod.spec.overhead !== undefined && !sameResources(pod.spec.overhead, fixed))
    throw refuse(pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  return { ...pod.spec, overhead: fixed };
}

function sameResources(a: ResourceList, b: ResourceList): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => b[key] !== undefined && compareQuantities(quantity(a[key]), quantity(b[key])) === 0);
}

function withScheduling(pod: Pod, spec: PodSpec, { scheduling }: RuntimeClass): PodSpec {
  if (scheduling === undefined) return spec;
  const wanted = scheduling.nodeSelector ?? {};
  const given = spec.nodeSelector ?? {};
  for (const key of Object.keys(wanted))
    if (given[key] !== undefined && given[key] !== wanted[key])
      throw refuse(pod, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${wanted[key]}; pod.spec.nodeSelector[${key}] = ${given[key]}`);
  const tolerations = spec.tolerations ?? [];
  const added = ((scheduling.tolerations ?? []) as readonly Toleration[]).filter((one) => !tolerations.some((other) => isEqual(one, other)));
  return {
    ...spec,
    ...(Object.keys(wanted).length > 0 ? { nodeSelector: { ...given, ...wanted } } : {}),
    ...(added.length > 0 ? { tolerations: [...tolerations, ...added] } : {}),
  };
}
