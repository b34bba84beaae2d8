/** The kinds `podsim why` explains, and for each which rules are asked, and what word stands for its state. */
import type { KubeObject } from '../../api/object.js';
import type { CronJob } from '../../resources/cronjobs/types.js';
import type { HorizontalPodAutoscaler } from '../../resources/horizontalpodautoscalers/types.js';
import type { Ingress } from '../../resources/ingresses/types.js';
import type { Job } from '../../resources/jobs/types.js';
import type { Namespace } from '../../resources/namespaces/types.js';
import type { NetworkPolicy } from '../../resources/networkpolicies/types.js';
import type { Node } from '../../resources/nodes/types.js';
import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../resources/persistentvolumes/types.js';
import type { PodDisruptionBudget } from '../../resources/poddisruptionbudgets/types.js';
import type { Pod } from '../../resources/pods/types.js';
import { summarizePod } from '../../resources/pods/view.js';
import type { ResourceQuota } from '../../resources/resourcequotas/types.js';
import type { Service } from '../../resources/services/types.js';
import { views } from '../../resources/views.js';
import type { Language } from '../language.js';
import { diagnosePod, isWell, logsOfPod } from './diagnose-pod.js';
import type { Diagnosis } from './diagnosis.js';
import { meaningOf } from './meanings.js';
import { baseValues } from './pod-case.js';
import { type Cause, causeOf, type Rule, type Values } from './rule.js';
import { autoscalerCase, autoscalerRules, autoscalerValues } from './rules/autoscaler.js';
import { budgetCase, budgetRules, budgetValues } from './rules/budget.js';
import { claimCase, claimRules, claimValues } from './rules/claim.js';
import { ingressCase, ingressRules, ingressValues } from './rules/ingress.js';
import { cronJobRules, jobRules, lastJob } from './rules/job.js';
import { namespaceCase, namespaceRules, namespaceValues } from './rules/namespace.js';
import { type NodeCase, nodeRules } from './rules/node.js';
import { persistentVolumeRules, volumeCase, volumeValues } from './rules/persistent-volume.js';
import { policyCase, policyRules, policyValues } from './rules/policy.js';
import { quotaCase, quotaRules, quotaValues } from './rules/quota.js';
import { serviceCase, serviceRules, serviceValues } from './rules/service.js';
import { workloadRules } from './rules/workload.js';
import { ownedBy, type Workload, type WorkloadCase, workloadCase, workloadValues } from './workload-case.js';
import type { LogWanted, World } from './world.js';

export interface Explained {
  /** The plural. */
  readonly resource: string;
  /** What its rules look at besides {@link EVERYTHING}. */
  readonly reads?: readonly string[];
  diagnose(world: World, object: KubeObject, language: Language): Diagnosis;
  logsOf(world: World, object: KubeObject): readonly LogWanted[];
}

/** Everything that some rule looks at. */
export const EVERYTHING: readonly string[] = [
  'pods',
  'events',
  'nodes',
  'replicasets',
  'jobs',
  'services',
  'endpointslices',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses',
];

/** So many pods that are not well are looked at closely; what more there are have the same causes, as a rule. */
const MOST_PODS = 200;

function firstCause<S>(rules: readonly Rule<S>[], subject: S, object: string, values: Values, language: Language): Cause | undefined {
  for (const rule of rules) {
    const cause = causeOf(rule, subject, { object, values }, language);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

/** What keeps these pods from being well; what several have in common is said once. */
function podCauses(world: World, pods: readonly Pod[], language: Language): readonly Cause[] {
  const found = new Map<string, Cause>();
  for (const pod of pods.filter((one) => !isWell(one)).slice(0, MOST_PODS)) {
    for (const cause of diagnosePod(world, pod, language)) {
      const key = `${cause.id} ${cause.container ?? ''}`;
      const known = found.get(key);
      found.set(key, known === undefined ? cause : { ...known, also: [...(known.also ?? []), cause.object] });
    }
  }
  return [...found.values()];
}

const logsOfPods = (pods: readonly Pod[]): readonly LogWanted[] =>
  pods
    .filter((one) => !isWell(one))
    .slice(0, MOST_PODS)
    .flatMap(logsOfPod);

/** The cell of a column of `kubectl get`. */
function cell(resource: string, column: string, object: KubeObject, world: World): string {
  const found = views.find((view) => view.names.plural === resource)?.columns.find((one) => one.name === column);
  return found === undefined ? '' : String(found.cell(object as never, world.now));
}

function diagnosis(object: KubeObject, status: string, causes: readonly (Cause | undefined)[], meaning = ''): Diagnosis {
  const { namespace = '', name = '' } = object.metadata;
  const known = causes.filter((one) => one !== undefined);
  return { kind: object.kind, namespace, name, status, meaning, healthy: known.every((one) => one.isFine), causes: known };
}

const pods: Explained = {
  resource: 'pods',
  diagnose: (world, object, language) => {
    const pod = object as Pod;
    const status = summarizePod(pod).reason;
    const causes = diagnosePod(world, pod, language);
    // Of one that is well the first says so; what comes after it is past.
    return { ...diagnosis(pod, status, causes, meaningOf(status, language)), healthy: isWell(pod) && causes[0]?.isFine === true };
  },
  logsOf: (_, object) => logsOfPod(object as Pod),
};

/** Deployments and their like: first the workload, then the pods that hold it up. */
const workload = (resource: string): Explained => ({
  resource,
  diagnose: (world, object, language) => {
    const given = workloadCase(world, object as Workload);
    const own = firstCause(workloadRules, given, given.target, workloadValues(given as WorkloadCase<KubeObject>), language);
    const status = resource === 'deployments' || resource === 'statefulsets' ? cell(resource, 'Ready', object, world) : `${given.ready}/${given.desired}`;
    return diagnosis(object, `${status} ready`, [own, ...(own?.isFine ? [] : podCauses(world, given.pods, language))]);
  },
  logsOf: (world, object) => logsOfPods(workloadCase(world, object).pods),
});

/** A Job's pods that failed, the last ones first; of one that runs, all that are not well. */
function jobPods(world: World, job: KubeObject): readonly Pod[] {
  const all = ownedBy<Pod>(world, job, 'pods').filter((pod) => !isWell(pod));
  return [...all].sort((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''));
}

function jobCauses(world: World, job: Job, language: Language): readonly Cause[] {
  const given = workloadCase(world, job);
  const own = firstCause(jobRules, given, given.target, workloadValues(given as WorkloadCase<KubeObject>), language);
  return own === undefined ? [] : [own, ...(own.isFine ? [] : podCauses(world, jobPods(world, job), language))];
}

const jobs: Explained = {
  resource: 'jobs',
  diagnose: (world, object, language) => {
    const causes = jobCauses(world, object as Job, language);
    // One that is at work, and whose pods run, is well.
    const isAtWork = causes.length === 1 && causes[0]?.id === 'job-running';
    return { ...diagnosis(object, cell('jobs', 'Status', object, world), causes), ...(isAtWork ? { healthy: true } : {}) };
  },
  logsOf: (world, object) => logsOfPods(jobPods(world, object)),
};

const cronjobs: Explained = {
  resource: 'cronjobs',
  diagnose: (world, object, language) => {
    const given = workloadCase(world, object as CronJob);
    const own = firstCause(cronJobRules, given, given.target, workloadValues(given as WorkloadCase<KubeObject>), language);
    const last = own?.id === 'cronjob-last-job-failed' ? lastJob(given) : undefined;
    const status = given.object.spec.suspend === true ? 'Suspended' : `${given.object.status?.active?.length ?? 0} active`;
    return diagnosis(object, status, [own, ...(last === undefined ? [] : jobCauses(world, last, language))]);
  },
  logsOf: (world, object) => logsOfPods(ownedBy<Pod>(world, object, 'pods')),
};

const services: Explained = {
  resource: 'services',
  reads: ['networkpolicies', 'daemonsets'],
  diagnose: (world, object, language) => {
    const given = serviceCase(world, object as Service);
    const own = firstCause(serviceRules, given, `service/${given.name}`, { ...baseValues(world, object), ...serviceValues(given) }, language);
    const below = own?.id === 'service-pods-not-ready' ? podCauses(world, given.pods, language) : [];
    return diagnosis(object, `${given.ready.length} endpoint${given.ready.length === 1 ? '' : 's'}`, [own, ...below]);
  },
  logsOf: (world, object) => logsOfPods(serviceCase(world, object as Service).pods),
};

const claims: Explained = {
  resource: 'persistentvolumeclaims',
  diagnose: (world, object, language) => {
    const given = claimCase(world, object as PersistentVolumeClaim);
    const own = firstCause(claimRules, given, `persistentvolumeclaim/${given.name}`, { ...baseValues(world, object), ...claimValues(given) }, language);
    return diagnosis(object, cell('persistentvolumeclaims', 'Status', object, world), [own]);
  },
  logsOf: () => [],
};

const nodes: Explained = {
  resource: 'nodes',
  diagnose: (world, object, language) => {
    const given: NodeCase = { world, node: object as Node };
    const about = { object: `node/${object.metadata.name}`, values: baseValues(world, object) };
    const all = nodeRules.map((rule) => causeOf(rule, given, about, language)).filter((one) => one !== undefined);
    // That it is well is said only where nothing else is.
    const wrong = all.filter((one) => !one.isFine);
    return diagnosis(object, cell('nodes', 'Status', object, world), wrong.length > 0 ? wrong : [...all].reverse());
  },
  logsOf: () => [],
};

/** The first of its rules that holds, and nothing below it. */
const alone = <T extends KubeObject, C>(
  resource: string,
  kind: {
    readonly caseOf: (world: World, object: T) => C;
    readonly rules: readonly Rule<C>[];
    readonly values: (given: C) => Values;
    readonly status: (given: C) => string;
  },
  reads: readonly string[] = [],
): Explained => ({
  resource,
  reads,
  diagnose: (world, object, language) => {
    const given = kind.caseOf(world, object as T);
    const target = `${object.kind.toLowerCase()}/${object.metadata.name}`;
    return diagnosis(object, kind.status(given), [firstCause(kind.rules, given, target, { ...baseValues(world, object), ...kind.values(given) }, language)]);
  },
  logsOf: () => [],
});

const ingresses = alone<Ingress, ReturnType<typeof ingressCase>>(
  'ingresses',
  {
    caseOf: ingressCase,
    rules: ingressRules,
    values: ingressValues,
    status: ({ ingress, world }) => cell('ingresses', 'Address', ingress, world) || 'no address',
  },
  ['ingressclasses'],
);

const autoscalers = alone<HorizontalPodAutoscaler, ReturnType<typeof autoscalerCase>>(
  'horizontalpodautoscalers',
  {
    caseOf: autoscalerCase,
    rules: autoscalerRules,
    values: autoscalerValues,
    status: ({ autoscaler, world }) => cell('horizontalpodautoscalers', 'Targets', autoscaler, world),
  },
  ['deployments', 'statefulsets'],
);

const volumes = alone<PersistentVolume, ReturnType<typeof volumeCase>>('persistentvolumes', {
  caseOf: volumeCase,
  rules: persistentVolumeRules,
  values: volumeValues,
  status: ({ volume, world }) => cell('persistentvolumes', 'Status', volume, world),
});

const namespaces = alone<Namespace, ReturnType<typeof namespaceCase>>(
  'namespaces',
  {
    caseOf: (world, object) => namespaceCase(world, object, [...EVERYTHING, 'deployments', 'serviceaccounts']),
    rules: namespaceRules,
    values: namespaceValues,
    status: ({ namespace, world }) => cell('namespaces', 'Status', namespace, world),
  },
  ['deployments', 'serviceaccounts'],
);

const quotas = alone<ResourceQuota, ReturnType<typeof quotaCase>>('resourcequotas', {
  caseOf: quotaCase,
  rules: quotaRules,
  values: quotaValues,
  status: ({ lines }) => lines.map(({ resource, used, hard }) => `${resource} ${used}/${hard}`).join(', '),
});

const budgets: Explained = {
  resource: 'poddisruptionbudgets',
  reads: ['poddisruptionbudgets'],
  diagnose: (world, object, language) => {
    const given = budgetCase(world, object as PodDisruptionBudget);
    const values = { ...baseValues(world, object), ...budgetValues(given) };
    const own = firstCause(budgetRules, given, `poddisruptionbudget/${object.metadata.name}`, values, language);
    const below = own?.id === 'budget-pods-not-healthy' ? podCauses(world, given.pods, language) : [];
    return diagnosis(object, `${given.budget.status?.disruptionsAllowed ?? 0} allowed`, [own, ...below]);
  },
  logsOf: (world, object) => logsOfPods(budgetCase(world, object as PodDisruptionBudget).pods),
};

const policies = alone<NetworkPolicy, ReturnType<typeof policyCase>>(
  'networkpolicies',
  {
    caseOf: policyCase,
    rules: policyRules,
    values: policyValues,
    status: ({ pods: chosen }) => `${chosen.length} pod${chosen.length === 1 ? '' : 's'} chosen`,
  },
  ['networkpolicies', 'namespaces', 'daemonsets'],
);

export const explained: readonly Explained[] = [
  pods,
  workload('deployments'),
  workload('replicasets'),
  workload('statefulsets'),
  workload('daemonsets'),
  jobs,
  cronjobs,
  services,
  claims,
  nodes,
  ingresses,
  autoscalers,
  volumes,
  namespaces,
  quotas,
  budgets,
  policies,
];
