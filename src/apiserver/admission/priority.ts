/** plugin/pkg/admission/priority: a pod's priority is its class's. */
import { forbidden } from '../../api/errors.js';
import { copyOf, type KubeObject } from '../../api/object.js';
import type { Api } from '../../api/verbs.js';
import type { PodSpec } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { PriorityClass } from '../../resources/priorityclasses/types.js';
import type { AdmissionPlugin } from './plugin.js';
import { nameOf } from './service-account.js';

const CLASSES = 'priorityclasses.scheduling.k8s.io';

export const priority: AdmissionPlugin = {
  name: 'Priority',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', CLASSES],
  admit(object, old, { id, operation }, { api }) {
    if (id !== 'pods') return object;
    const pod = object as KubeObject as Pod;
    const spec = operation === 'UPDATE' ? keepPriority(pod.spec, (old as KubeObject as Pod).spec) : setPriority(pod, api);
    return spec === pod.spec ? object : { ...object, spec };
  },
  validate(object, _old, { id }, { api }) {
    if (id !== CLASSES || (object as PriorityClass | undefined)?.globalDefault !== true) return;
    const other = api.list<PriorityClass>(CLASSES).find(({ globalDefault, metadata }) => globalDefault && metadata.name !== object?.metadata.name);
    if (other !== undefined)
      throw forbidden(id, object?.metadata.name ?? '', `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`);
  },
};

/** Clients that do not know the fields do not lose them. */
function keepPriority(spec: PodSpec, old: PodSpec): PodSpec {
  const value = spec.priority ?? old.priority;
  const policy = spec.preemptionPolicy ?? old.preemptionPolicy;
  if (value === spec.priority && policy === spec.preemptionPolicy) return spec;
  return { ...spec, ...(value === undefined ? {} : { priority: value }), ...(policy === undefined ? {} : { preemptionPolicy: policy }) };
}

function setPriority(pod: Pod, api: Api): PodSpec {
  const { spec } = pod;
  const refuse = (why: string) => forbidden('pods', nameOf(pod), why);
  const wanted = spec.priorityClassName;
  const found = wanted ? api.get<PriorityClass>(CLASSES, { namespace: '', name: wanted }) : defaultClass(api);
  if (wanted && found === undefined) throw refuse(`no PriorityClass with name ${wanted} was found`);
  const value = found?.value ?? 0;
  const policy = found === undefined ? 'PreemptLowerPriority' : found.preemptionPolicy;
  if (spec.priority !== undefined && spec.priority !== value)
    throw refuse(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  if (policy !== undefined && spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw refuse(
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  const name = wanted || found?.metadata.name;
  const next = copyOf(spec);
  if (name !== undefined) next.priorityClassName = name;
  next.priority = value;
  if (policy !== undefined) next.preemptionPolicy = policy as NonNullable<PodSpec['preemptionPolicy']>;
  return next;
}

/** Of several, the one with the lowest value. */
function defaultClass(api: Api): PriorityClass | undefined {
  let found: PriorityClass | undefined;
  for (const candidate of api.list<PriorityClass>(CLASSES))
    if (candidate.globalDefault && (found === undefined || (candidate.value ?? 0) < (found.value ?? 0))) found = candidate;
  return found;
}
