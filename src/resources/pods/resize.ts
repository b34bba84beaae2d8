/** pods/resize: cpu and memory of running containers. resizeStrategy of pkg/registry/core/pod/strategy.go and ValidatePodResize. */
import { isSemanticEqual } from '../../api/equality.js';
import { invalidObject } from '../../api/errors.js';
import { type FieldError, forbidden, invalid, NO_FIELD } from '../../api/field.js';
import { mirroredUid } from '../../api/mirror-pods.js';
import type { ObjectMeta } from '../../api/object.js';
import type { Subresource } from '../../api/resource.js';
import { compareAmounts } from '../meta/quick-quantity.js';
import { validateObjectMetaUpdate } from '../meta/validation.js';
import { dropDisabledFields } from '../pod-template/disabled-fields.js';
import type { Container, PodSpec, ResourceList, ResourceRequirements } from '../pod-template/types.js';
import { defaultPod } from './defaults.js';
import { qosClass } from './qos.js';
import type { Pod } from './types.js';
import { validateMetadataAndSpec } from './validation.js';

export const resize: Subresource<Pod> = {
  names: { group: '', version: 'v1', kind: 'Pod' },
  verbs: ['get', 'patch', 'update'],
  get: (pod) => pod,
  update: (old, body) => {
    const pod = onlyResizes(defaultPod(body as Pod), old);
    const errors = validateResize(pod, old);
    if (errors.length > 0) throw invalidObject('', 'Pod', old.metadata.name ?? '', errors);
    return { object: pod };
  },
};

/** Of the metadata sent, only what names the version counts (dropPodUpdates). */
export function versionOf(sent: Pod, old: Pod): ObjectMeta {
  const { resourceVersion, uid } = sent.metadata;
  return { ...old.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }), ...(uid === undefined ? {} : { uid }) };
}

/** dropNonResizeUpdates: resources and resize policies of the same containers. Others are kept as they were sent, to be refused. */
function onlyResizes(sent: Pod, old: Pod): Pod {
  const { containers, initContainers = [] } = sent.spec;
  const before = old.spec.initContainers ?? [];
  if (containers.length !== old.spec.containers.length || initContainers.length !== before.length) return { ...sent, spec: dropDisabledFields(sent.spec) };
  const spec = { ...old.spec, containers: withResources(containers, old.spec.containers) };
  const merged = old.spec.initContainers === undefined ? spec : { ...spec, initContainers: withResources(initContainers, before) };
  return { ...old, metadata: versionOf(sent, old), spec: dropDisabledFields(merged) };
}

function withResources(sent: readonly Container[], old: readonly Container[]): readonly Container[] {
  if (sent.some(({ name }, i) => name !== old[i]?.name)) return sent;
  return sent.map(({ resources = {}, resizePolicy }, i) => {
    const { resizePolicy: _, ...rest } = old[i] as Container;
    return { ...rest, resources, ...(resizePolicy === undefined ? {} : { resizePolicy }) };
  });
}

function validateResize(pod: Pod, old: Pod): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validateMetadataAndSpec(pod, errors);
  if (mirroredUid(old) !== undefined) return [forbidden(NO_FIELD, 'static pods cannot be resized')];
  if (old.spec.os?.name === 'windows') return [forbidden(NO_FIELD, 'windows pods cannot be resized')];
  const before = old.status?.qosClass ?? qosClass(old.spec);
  // The value is the class the pod has: its status has not changed yet.
  if (before !== qosClass(pod.spec)) errors.push(invalid('spec', before, 'Pod QOS Class may not change as a result of resizing'));
  if (!isSupported(old)) errors.push(forbidden('spec', 'Pod running on node without support for resize'));
  // The rest goes by the containers' places.
  if (!validateOrder(pod.spec, old.spec, errors)) return errors;

  old.spec.initContainers?.forEach((container, i) => {
    if (container.restartPolicy === 'Always')
      validateContainerResize(pod.spec.initContainers?.[i] as Container, container, `spec.initContainers[${i}].resources`, errors);
  });
  old.spec.containers.forEach((container, i) => {
    validateContainerResize(pod.spec.containers[i] as Container, container, `spec.containers[${i}].resources`, errors);
  });
  old.spec.containers.forEach((container, i) => {
    if (!isSemanticEqual(withCpuAndMemory(pod.spec.containers[i] as Container, container), container))
      errors.push(forbidden('spec', 'only cpu and memory resources are mutable'));
  });
  old.spec.initContainers?.forEach((container, i) => {
    const changed = pod.spec.initContainers?.[i] as Container;
    if (container.restartPolicy === 'Always') {
      if (!isSemanticEqual(withCpuAndMemory(changed, container), container))
        errors.push(forbidden('spec', 'only cpu and memory resources for sidecar containers are mutable'));
    } else if (!isSemanticEqual(changed, container)) errors.push(forbidden('spec', 'resources for non-sidecar init containers are immutable'));
  });
  return errors;
}

/** validatePodResizeContainerOrdering. */
function validateOrder(spec: PodSpec, old: PodSpec, errors: FieldError[]): boolean {
  const before = errors.length;
  for (const field of ['containers', 'initContainers'] as const) {
    const sent = spec[field] ?? [];
    const known = old[field] ?? [];
    if (sent.length !== known.length) errors.push(forbidden(`spec.${field}`, `${field} may not be added or removed on resize`));
    else
      known.forEach(({ name }, i) => {
        if (sent[i]?.name !== name) errors.push(forbidden(`spec.${field}[${i}].name`, `${field} may not be renamed or reordered on resize`));
      });
  }
  return errors.length === before;
}

/** Whether the pod's kubelet says what its containers have: only then can it change them. */
function isSupported(pod: Pod): boolean {
  const running = pod.status?.containerStatuses?.find(({ state }) => state?.running);
  return running === undefined || running.resources !== undefined;
}

function validateContainerResize(container: Container, old: Container, at: string, errors: FieldError[]): void {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const before = old.resources ?? {};
  if (isRemoved(requests, before.requests)) errors.push(forbidden(`${at}.requests`, 'resource requests cannot be removed'));
  if (isRemoved(limits, before.limits)) errors.push(forbidden(`${at}.limits`, 'resource limits cannot be removed'));
  const policy = container.resizePolicy?.find(({ resourceName }) => resourceName === 'memory')?.restartPolicy;
  if (policy === 'RestartContainer' || limits.memory === undefined) return;
  const limit = before.limits?.memory;
  const what = limit === undefined ? 'added' : compareAmounts(limit, limits.memory) > 0 ? 'decreased' : undefined;
  if (what !== undefined) errors.push(forbidden(`${at}.limits[memory]`, `memory limits cannot be ${what} unless resizePolicy is RestartContainer`));
}

const isRemoved = (list: ResourceList, before: ResourceList = {}): boolean => Object.keys(before).some((name) => list[name] === undefined);

/** The changed container with the old cpu and memory: what still differs may not be changed. */
function withCpuAndMemory(container: Container, old: Container): Container {
  const restore = (list: ResourceList | undefined, before: ResourceList | undefined): ResourceList | undefined => {
    if (before === undefined) return undefined;
    const { cpu: _, memory: __, ...rest } = list ?? {};
    return { ...rest, ...(before.cpu === undefined ? {} : { cpu: before.cpu }), ...(before.memory === undefined ? {} : { memory: before.memory }) };
  };
  const limits = restore(container.resources?.limits, old.resources?.limits);
  const requests = restore(container.resources?.requests, old.resources?.requests);
  const resources: ResourceRequirements = { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
  return { ...container, resources };
}
