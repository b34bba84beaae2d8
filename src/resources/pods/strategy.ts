/** Creating, changing and deleting pods: pkg/registry/core/pod/strategy.go. */
import { copyOf, type Mutable, type ObjectMeta } from '../../api/object.js';
import type { PrepareContext, Strategy } from '../../api/resource.js';
import { ipWarnings } from '../meta/ip.js';
import { dnsLabel } from '../meta/names.js';
import { dropDisabledFields } from '../pod-template/disabled-fields.js';
import { podWarnings } from '../pod-template/warnings.js';
import { appArmorWarnings, syncAppArmor } from './app-armor.js';
import { withCondition } from './conditions.js';
import { defaultPod } from './defaults.js';
import { mergeLabelKeys } from './label-keys.js';
import { qosClass } from './qos.js';
import type { Pod } from './types.js';
import { validatePodCreate, validatePodStatusUpdate, validatePodUpdate } from './validation.js';

export const strategy: Strategy<Pod> = {
  defaults: defaultPod,
  prepareForCreate,
  prepareForUpdate,
  // After validation and warnings, which want to see what the user wrote.
  allocate: (pod, old) => (old === undefined ? syncAppArmor(pod) : pod),
  prepareForStatusUpdate,
  validate: validatePodCreate,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  earlyWarnings: appArmorWarnings,
  warnings,
  statusWarnings,
  gracefulDelete,
  hasGeneration: true,
  hasStatus: true,
  returnsDeletedObject: true,
};

function prepareForCreate(given: Pod, { now }: PrepareContext): Pod {
  const spec = dropDisabledFields(given.spec);
  const pod = copyOf(given);
  pod.spec = spec;
  pod.status = { phase: 'Pending', qosClass: given.status?.qosClass || qosClass(spec) };
  const gated = spec.schedulingGates?.length
    ? withCondition(
        pod,
        { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' },
        now,
      )
    : pod;
  return mergeLabelKeys(gated);
}

function prepareForUpdate(pod: Pod): Pod {
  const spec = dropDisabledFields(pod.spec);
  return spec === pod.spec ? pod : { ...pod, spec };
}

/** Spec and owners are not the kubelet's to change; neither is the class it did not send. */
function prepareForStatusUpdate(pod: Pod, old: Pod): Pod {
  const status = pod.status?.qosClass || old.status?.qosClass === undefined ? pod.status : { ...pod.status, qosClass: old.status.qosClass };
  const metadata = withOwnersOf(old, pod.metadata);
  // What a kubelet writes has nothing else in it.
  if (status === pod.status && metadata === pod.metadata && pod.spec === old.spec) return pod;
  const next: Mutable<Pod> = { ...pod, metadata, spec: old.spec };
  if (status !== undefined) next.status = status;
  return next;
}

function withOwnersOf(old: Pod, metadata: ObjectMeta): ObjectMeta {
  const { ownerReferences } = old.metadata;
  if (ownerReferences === metadata.ownerReferences) return metadata;
  const { ownerReferences: _, ...others } = metadata;
  return ownerReferences === undefined ? others : { ...others, ownerReferences };
}

/** At creation only: people seldom change pods by hand, and components often do. */
function warnings(pod: Pod, old?: Pod): readonly string[] {
  if (old !== undefined) return [];
  const problems = dnsLabel(pod.metadata.name ?? '');
  const ofName =
    problems.length === 0
      ? []
      : [`metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`];
  return [...ofName, ...podWarnings(pod.metadata, pod.spec, '')];
}

function statusWarnings({ status }: Pod): readonly string[] {
  const of = (field: 'podIPs' | 'hostIPs') => (status?.[field] ?? []).flatMap(({ ip = '' }, i) => ipWarnings(ip, `status.${field}[${i}].ip`));
  return [...of('podIPs'), ...of('hostIPs')];
}

/** CheckGracefulDelete: at once when nothing runs (anymore); a negative period is 1. */
function gracefulDelete(pod: Pod, requested: number | undefined): number {
  const { phase } = pod.status ?? {};
  if (!pod.spec.nodeName || phase === 'Failed' || phase === 'Succeeded') return 0;
  const period = requested ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return period < 0 ? 1 : period;
}
