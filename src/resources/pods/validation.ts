/** What makes a Pod invalid, as new, changed, or in its status: ValidatePodCreate, ValidatePodUpdate … of pkg/apis/core/validation/validation.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, goQuote, goSyntax, index, invalid, required } from '../../api/field.js';
import { forgetEmpty } from '../../api/given.js';
import { parseIP } from '../../api/ip.js';
import { MIRROR } from '../../api/mirror-pods.js';
import { goDiff } from '../meta/go/diff.js';
import { goBadValue, goFieldValue } from '../meta/go/syntax.js';
import { validateIP } from '../meta/ip.js';
import { dnsSubdomain, inclusiveRangeText, qualifiedName } from '../meta/names.js';
import { FIELD_IMMUTABLE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Affinity, Container, NodeAffinity, NodeSelectorTerm, PodSchedulingGate, PodSpec, Toleration } from '../pod-template/types.js';
import { APP_ARMOR_PREFIX, validatePodAnnotations, validateProfilesMatch } from '../pod-template/validate-annotations.js';
import { validateOnlyForPod } from '../pod-template/validate-containers.js';
import { validateTolerations } from '../pod-template/validate-scheduling.js';
import { validatePodSpec } from '../pod-template/validation.js';
import { syncAppArmor } from './app-armor.js';
import type { ContainerStatus, ContainerUser, Pod, PodIP } from './types.js';

const MAX_INT32 = 2 ** 31 - 1;

export function validatePodCreate(pod: Pod): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { spec, metadata } = pod;
  validateMetadataAndSpec(pod, errors);
  // They come later, through their own subresource.
  if (spec.ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (spec.nodeName && spec.schedulingGates?.length) errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  validateProfilesMatch(metadata, syncAppArmor(pod).spec, 'spec', errors);
  return errors;
}

/** validatePodMetadataAndSpec: what holds for every pod at any time. */
export function validateMetadataAndSpec(pod: Pod, errors: FieldError[]): void {
  const { spec, metadata } = pod;
  validateObjectMeta(metadata, POD_META, errors);
  if (metadata.annotations) validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations', errors);
  validatePodSpec(spec, 'spec', errors, metadata.name ?? '');
  if (!spec.serviceAccountName)
    spec.volumes?.forEach((volume, i) => {
      volume.projected?.sources?.forEach((source, j) => {
        if (source.serviceAccountToken)
          errors.push(forbidden(`spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`, 'must not be specified when serviceAccountName is not set'));
      });
    });
  for (const field of ['containers', 'initContainers'] as const)
    spec[field]?.forEach((container, i) => {
      if (container.image !== undefined) validateOnlyForPod(container, `spec.${field}[${i}]`, errors);
    });
}

const POD_META = { namespaced: true } as const;

const UPDATABLE =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function validatePodUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validateMetadataAndSpec(pod, errors);
  validateAnnotationUpdates(pod, old, errors);
  if (!validateContainerUpdates(pod.spec.containers, old.spec.containers, 'spec.containers', errors)) return errors;
  if (!validateContainerUpdates(pod.spec.initContainers ?? [], old.spec.initContainers ?? [], 'spec.initContainers', errors)) return errors;
  if (!validateDeadlineUpdate(pod.spec, old.spec, errors)) return errors;
  validateOnlyAddedTolerations(pod.spec.tolerations ?? [], old.spec.tolerations ?? [], errors);
  validateOnlyDeletedGates(pod.spec.schedulingGates ?? [], old.spec.schedulingGates ?? [], errors);
  if (isSemanticEqual(pod.spec, old.spec)) return errors;

  const munged = mungeSpec(pod.spec, old.spec, errors);
  if (!isSemanticEqual(munged, old.spec))
    errors.push(forbidden('spec', `pod updates may not change fields other than ${UPDATABLE}\n${goDiff('PodSpec', old.spec, munged)}`));
  return errors;
}

/** The new spec with all that may change put back to what it was: what still differs may not. */
function mungeSpec(spec: PodSpec, old: PodSpec, errors: FieldError[]): PodSpec {
  const munged: { -readonly [K in keyof PodSpec]: PodSpec[K] } = { ...spec, containers: withImages(spec.containers, old.containers) };
  if (spec.initContainers) munged.initContainers = withImages(spec.initContainers, old.initContainers ?? []);
  for (const field of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations'] as const) putBack(munged, old, field);
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) putBack(munged, old, 'terminationGracePeriodSeconds');
  const restored = ['containers', 'initContainers', 'schedulingGates', 'tolerations'];
  if (!old.schedulingGates?.length) return forgetEmpty(munged, ...restored);
  // While gated, a pod may be steered further, but not back.
  if (!isSemanticEqual(munged.nodeSelector, old.nodeSelector)) {
    const wanted = munged.nodeSelector ?? {};
    if (Object.entries(old.nodeSelector ?? {}).some(([key, value]) => wanted[key] !== value))
      errors.push(
        invalid(
          'spec.nodeSelector',
          goFieldValue(munged, 'nodeSelector', 'map[string]string'),
          'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
        ),
      );
    putBack(munged, old, 'nodeSelector');
    restored.push('nodeSelector');
  }
  if (!isSemanticEqual(munged.affinity?.nodeAffinity, old.affinity?.nodeAffinity)) {
    validateNodeAffinityMutation(munged.affinity?.nodeAffinity, old.affinity?.nodeAffinity, errors);
    const { nodeAffinity: _, ...others } = munged.affinity ?? {};
    const affinity: Affinity = old.affinity?.nodeAffinity === undefined ? others : { ...others, nodeAffinity: old.affinity.nodeAffinity };
    if (old.affinity === undefined && Object.keys(affinity).length === 0) delete munged.affinity;
    else munged.affinity = affinity;
  }
  return forgetEmpty(munged, ...restored);
}

function putBack<K extends keyof PodSpec>(munged: { -readonly [P in keyof PodSpec]: PodSpec[P] }, old: PodSpec, field: K): void {
  if (old[field] === undefined) delete munged[field];
  else munged[field] = old[field];
}

function withImages(containers: readonly Container[], old: readonly Container[]): readonly Container[] {
  return containers.map((container, i) => {
    const { image: _, ...rest } = container;
    const image = old[i]?.image;
    return image === undefined ? rest : { ...rest, image };
  });
}

function validateNodeAffinityMutation(next: NodeAffinity | undefined, old: NodeAffinity | undefined, errors: FieldError[]): void {
  const at = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const oldTerms = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const terms = next?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (oldTerms.length === 0) return;
  if (oldTerms.length !== terms.length) {
    errors.push(
      invalid(
        at,
        goFieldValue(next?.requiredDuringSchedulingIgnoredDuringExecution, 'nodeSelectorTerms', '[]NodeSelectorTerm'),
        'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ),
    );
    return;
  }
  oldTerms.forEach((term, i) => {
    const now = terms[i] as NodeSelectorTerm;
    if (!hasOnlyAdditions(now, term))
      errors.push(invalid(`${at}[${i}]`, goBadValue('NodeSelectorTerm', now), 'only additions are allowed (no mutations or deletions)'));
  });
}

function hasOnlyAdditions(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const fields = ['matchExpressions', 'matchFields'] as const;
  // An empty term matches nothing: adding to it would widen it.
  if (fields.every((field) => !old[field]?.length)) return fields.every((field) => !term[field]?.length);
  return fields.every((field) => {
    const before = old[field] ?? [];
    return isSemanticEqual(term[field]?.slice(0, before.length) ?? [], before);
  });
}

/** ValidatePodSpecificAnnotationUpdates. */
function validateAnnotationUpdates(pod: Pod, old: Pod, errors: FieldError[]): void {
  const next = pod.metadata.annotations ?? {};
  const before = old.metadata.annotations ?? {};
  if (next === before) return;
  for (const key in before) {
    if (next[key] === before[key]) continue;
    if (key.startsWith(APP_ARMOR_PREFIX)) errors.push(forbidden(`metadata.annotations[${key}]`, 'may not remove or update AppArmor annotations'));
    if (key === MIRROR) errors.push(forbidden(`metadata.annotations[${key}]`, 'may not remove or update mirror pod annotation'));
  }
  for (const key in next) {
    if (before[key] !== undefined) continue;
    if (key.startsWith(APP_ARMOR_PREFIX)) errors.push(forbidden(`metadata.annotations[${key}]`, 'may not add AppArmor annotations'));
    if (key === MIRROR) errors.push(forbidden(`metadata.annotations[${key}]`, 'may not add mirror pod annotation'));
  }
  validatePodAnnotations(next, pod.spec, 'metadata.annotations', errors);
}

/** False: nothing more is worth saying. */
function validateContainerUpdates(containers: readonly Container[], old: readonly Container[], at: string, errors: FieldError[]): boolean {
  if (containers.length !== old.length) {
    errors.push(forbidden(at, 'pod updates may not add or remove containers'));
    return false;
  }
  containers.forEach((container, i) => {
    if (!container.image) errors.push(required(`${at}[${i}].image`));
    validateOnlyForPod(container, `${at}[${i}]`, errors);
  });
  return true;
}

function validateDeadlineUpdate(spec: PodSpec, old: PodSpec, errors: FieldError[]): boolean {
  const at = 'spec.activeDeadlineSeconds';
  const { activeDeadlineSeconds: next } = spec;
  const { activeDeadlineSeconds: before } = old;
  if (next === undefined) {
    if (before !== undefined) errors.push(invalid(at, null, 'must not update from a positive integer to nil value'));
    return true;
  }
  if (next < 0 || next > MAX_INT32) errors.push(invalid(at, next, inclusiveRangeText(0, MAX_INT32)));
  else if (before !== undefined && before < next) errors.push(invalid(at, next, 'must be less than or equal to previous value'));
  else return true;
  return false;
}

function validateOnlyAddedTolerations(tolerations: readonly Toleration[], old: readonly Toleration[], errors: FieldError[]): void {
  const kept = (before: Toleration): boolean =>
    tolerations.some((next) => isSemanticEqual({ ...next, tolerationSeconds: undefined }, { ...before, tolerationSeconds: undefined }));
  if (!old.every(kept)) errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  else validateTolerations(tolerations, 'spec.tolerations', errors);
}

function validateOnlyDeletedGates(gates: readonly PodSchedulingGate[], old: readonly PodSchedulingGate[], errors: FieldError[]): void {
  gates.forEach(({ name }, i) => {
    if (!old.some((gate) => gate.name === name))
      errors.push(forbidden(`spec.schedulingGates[${i}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`));
  });
}

export function validatePodStatusUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const errors: FieldError[] = [];
  const status = pod.status ?? {};
  const before = old.status ?? {};
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validateAnnotationUpdates(pod, old, errors);
  status.conditions?.forEach(({ type }, i) => {
    // The path is metadata's and the field upper case: slips of upstream.
    if (type !== 'PodScheduled' && type !== 'Ready' && type !== 'Initialized')
      for (const problem of qualifiedName(type)) errors.push(invalid(`metadata.conditions[${i}].Type`, type, problem));
  });
  if ((pod.spec.nodeName ?? '') !== (old.spec.nodeName ?? '')) errors.push(forbidden('status.nodeName', 'may not be changed directly'));
  const nominated = status.nominatedNodeName;
  if (nominated && nominated !== before.nominatedNodeName)
    for (const problem of dnsSubdomain(nominated)) errors.push(invalid('status.nominatedNodeName', nominated, problem));
  if (status.qosClass !== before.qosClass) errors.push(invalid('status.qosClass', status.qosClass ?? '', FIELD_IMMUTABLE));
  validateTransitions(status.containerStatuses, before.containerStatuses, 'status.containerStatuses', old.spec, errors);
  validateTransitions(status.initContainerStatuses, before.initContainerStatuses, 'status.initContainerStatuses', old.spec, errors);
  validateTransitions(status.ephemeralContainerStatuses, before.ephemeralContainerStatuses, 'status.ephemeralContainerStatuses', undefined, errors);
  validateIPs(status.podIPs, before.podIPs, 'status.podIPs', errors);
  if (status.hostIPs?.length && status.hostIP !== status.hostIPs[0]?.ip)
    errors.push(invalid('status.hostIPs[0].ip', status.hostIPs[0]?.ip ?? '', 'must be equal to `hostIP`'));
  validateIPs(status.hostIPs, before.hostIPs, 'status.hostIPs', errors);
  for (const field of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const)
    status[field]?.forEach(({ user }, i) => {
      if (user?.linux !== undefined) validateUser(user.linux, pod.spec.os?.name, `${index(`status.${field}`, i)}.user.linux`, errors);
    });
  return errors;
}

function validateUser({ uid, gid, supplementalGroups }: NonNullable<ContainerUser['linux']>, os: string | undefined, path: string, errors: FieldError[]): void {
  if (os === 'windows') {
    errors.push(forbidden(path, 'cannot be set for a windows pod'));
    return;
  }
  const check = (id: number, at: string): void => {
    if (id < 0 || id > MAX_ID) errors.push(invalid(at, id, inclusiveRangeText(0, MAX_ID)));
  };
  check(uid, `${path}.uid`);
  check(gid, `${path}.gid`);
  supplementalGroups?.forEach((id, i) => {
    check(id, index(`${path}.supplementalGroups`, i));
  });
}

const MAX_ID = 2 ** 31 - 1;

/** A container that will not be started again stays terminated. `spec` absent: none of these is ever started again. */
function validateTransitions(
  statuses: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[] | undefined,
  at: string,
  spec: PodSpec | undefined,
  errors: FieldError[],
): void {
  if (spec?.restartPolicy === 'Always') return;
  old?.forEach((before, i) => {
    const ended = before.state?.terminated;
    if (!ended || (ended.exitCode !== 0 && spec?.restartPolicy === 'OnFailure')) return;
    if (spec?.initContainers?.some((container) => container.name === before.name && container.restartPolicy === 'Always')) return;
    if (statuses?.some((status) => status.name === before.name && !status.state?.terminated))
      errors.push(forbidden(`${at}[${i}].state`, 'may not be transitioned to non-terminated state'));
  });
}

/** Those that were there may stay, whatever they are. */
function validateIPs(list: readonly PodIP[] | undefined, old: readonly PodIP[] | undefined, at: string, errors: FieldError[]): void {
  list?.forEach(({ ip }, i) => {
    if (!old?.some((before) => before.ip === ip)) validateIP(ip, `${at}[${i}]`, errors);
  });
  if (list === undefined || list.length < 2) return;
  const type = at.endsWith('podIPs') ? 'core.PodIP' : 'core.HostIP';
  const text = (ip: string): string => `${type}{IP:${goQuote(ip)}}`;
  const wrong = list.findIndex(({ ip }) => parseIP(ip) === undefined);
  if (wrong >= 0)
    errors.push({
      type: 'InternalError',
      field: at,
      detail: `Internal error: failed to check for dual stack with error:invalid IP[${wrong}]: ${list[wrong]?.ip}`,
    });
  const families = new Set(list.map(({ ip }) => parseIP(ip)?.family));
  if (wrong >= 0 || list.length > 2 || families.size < 2)
    errors.push(invalid(at, goSyntax(`[]${type}{${list.map(({ ip }) => text(ip)).join(', ')}}`), 'may specify no more than one IP for each IP family'));
}
