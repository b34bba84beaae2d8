/** The autoscaler's loop: pkg/controller/podautoscaler/horizontal.go. What pods use it asks their kubelets, as metrics-server does. */

import { isSemanticEqual } from '../../api/equality.js';
import { StatusError } from '../../api/errors.js';
import type { ContainerStats } from '../../api/node-proxy.js';
import { type KubeObject, keyOf, type ObjectKey } from '../../api/object.js';
import { quantity, quantityMilliValue } from '../../api/quantity.js';
import type { Context, Reconciler, StateMap } from '../../api/reconciler.js';
import { formatSelector, goLabelSelector, type LabelSelector, matchesSelector, type Selector, selectorOf } from '../../api/selectors.js';
import { formatTime, minutes, seconds } from '../../api/time.js';
import type { Api, ResourceId } from '../../api/verbs.js';
import type { Pod } from '../pods/types.js';
import { limit, type Memory, NOTHING, type Note } from './limits.js';
import { byAverage, byUtilization, type Proposal, type Question } from './replica-calculator.js';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
  MetricStatus,
  MetricTarget,
} from './types.js';

const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** --horizontal-pod-autoscaler-sync-period; also the first look comes so late. */
const PERIOD = seconds(15);
const HOUR = minutes(60);

const memoryKey = ({ namespace, name }: ObjectKey): string => `horizontal-pod-autoscaler/${namespace}/${name}`;

/** `stats`: what the containers of a pod use; nothing when its kubelet cannot be asked. */
export function autoscalerController(state: StateMap, stats: (pod: Pod) => readonly ContainerStats[]): Reconciler {
  return {
    name: 'horizontal-pod-autoscaler',
    watches: [{ resource: AUTOSCALERS, keys: ({ object }) => [keyOf(object)], after: PERIOD }],
    reconcile: (key, context) => {
      const autoscaler = context.api.get<HorizontalPodAutoscaler>(AUTOSCALERS, key);
      if (autoscaler === undefined) {
        state.delete(memoryKey(key));
        return undefined;
      }
      new AutoscalerSync(autoscaler, state, stats, context).run();
      return { requeueAfter: PERIOD };
    },
  };
}

interface Target extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: unknown };
  readonly status?: { readonly replicas?: number };
}

const SCALABLE: Readonly<Record<string, ResourceId>> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
};
/** Kinds there are, but without a scale. */
const FIXED: ReadonlySet<string> = new Set(['DaemonSet', 'Job', 'CronJob', 'Pod', 'Service']);

/** The scale's selector; ReplicationControllers have a plain map. */
const selectorOfTarget = ({ kind, spec }: Target): Selector =>
  (kind === 'ReplicationController' ? selectorOf({ matchLabels: spec.selector as Record<string, string> }) : selectorOf(spec.selector as LabelSelector)) ?? [];

function findTarget({ metadata, spec }: HorizontalPodAutoscaler, api: Api): Target | { readonly error: string } {
  const { kind, name, apiVersion = '' } = spec.scaleTargetRef;
  const resource = SCALABLE[kind];
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
  if (resource === undefined || (resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '') !== group)
    return { error: FIXED.has(kind) ? 'the server could not find the requested resource' : `no matches for kind "${kind}" in group "${group}"` };
  return api.get<Target>(resource, { namespace: metadata.namespace ?? '', name }) ?? { error: `${resource} "${name}" not found` };
}

type Failed = { readonly error: string; readonly condition: Note };

class AutoscalerSync {
  private conditions: readonly HorizontalPodAutoscalerCondition[];
  private memory: Memory;

  constructor(
    private readonly autoscaler: HorizontalPodAutoscaler,
    private readonly state: StateMap,
    private readonly stats: (pod: Pod) => readonly ContainerStats[],
    private readonly context: Context,
  ) {
    this.conditions = autoscaler.status?.conditions ?? [];
    this.memory = state.get<Memory>(memoryKey(keyOf(autoscaler))) ?? NOTHING;
  }

  run(): void {
    const { autoscaler, context } = this;
    const target = findTarget(autoscaler, context.api);
    if ('error' in target) {
      context.event(autoscaler, 'Warning', 'FailedGetScale', target.error);
      this.note('AbleToScale', 'False', {
        reason: 'FailedGetScale',
        message: `the HPA controller was unable to get the target's current scale: ${target.error}`,
      });
      this.write({ ...autoscaler.status, desiredReplicas: autoscaler.status?.desiredReplicas ?? 0 });
      return;
    }
    this.note('AbleToScale', 'True', { reason: 'SucceededGetScale', message: "the HPA controller was able to get the target's current scale" });
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    const current = target.spec.replicas ?? 0;
    // recordInitialRecommendation: what was there at first counts as recommended.
    if (this.memory.recommendations.length === 0) this.remember({ ...this.memory, recommendations: [{ at: context.now, replicas: current }] });
    if (current === 0 && minReplicas !== 0) {
      this.note('ScalingActive', 'False', { reason: 'ScalingDisabled', message: 'scaling is disabled since the replica count of the target is zero' });
      this.report(current, 0, []);
    } else if (current > maxReplicas) this.rescale(target, maxReplicas, 'Current number of replicas above Spec.MaxReplicas', []);
    else if (current < minReplicas) this.rescale(target, minReplicas, 'Current number of replicas below Spec.MinReplicas', []);
    else this.follow(target, current);
  }

  /** As many as the metrics ask for, within the limits. */
  private follow(target: Target, current: number): void {
    const { autoscaler, context } = this;
    const { minReplicas: min = 1, maxReplicas: max, behavior } = autoscaler.spec;
    const found = this.compute(target, current);
    if ('error' in found) {
      this.report(current, autoscaler.status?.desiredReplicas ?? 0, found.statuses);
      context.event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', found.error);
      return;
    }
    const { desired, metric, statuses } = found;
    const verdict = limit({ current, desired, min, max, behavior, now: context.now }, this.memory);
    this.note('AbleToScale', 'True', verdict.able);
    this.note('ScalingLimited', verdict.limited.isLimited ? 'True' : 'False', verdict.limited);
    this.remember(verdict.memory);
    if (verdict.replicas === current) this.report(current, current, statuses);
    else this.rescale(target, verdict.replicas, desired > current ? `${metric} above target` : desired < current ? 'All metrics below target' : '', statuses);
  }

  private remember(memory: Memory): void {
    this.memory = memory;
    this.state.set(memoryKey(keyOf(this.autoscaler)), memory);
  }

  private rescale(target: Target, replicas: number, reason: string, statuses: readonly MetricStatus[]): void {
    const { autoscaler, context } = this;
    const current = target.spec.replicas ?? 0;
    const resource = SCALABLE[target.kind] as ResourceId;
    try {
      context.api.update<Target>(resource, { ...target, spec: { ...target.spec, replicas } }, WRITE);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      context.event(autoscaler, 'Warning', 'FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${error.message}`);
      this.note('AbleToScale', 'False', { reason: 'FailedUpdateScale', message: `the HPA controller was unable to update the target scale: ${error.message}` });
      this.report(current, autoscaler.status?.desiredReplicas ?? 0, statuses);
      return;
    }
    this.note('AbleToScale', 'True', { reason: 'SucceededRescale', message: `the HPA controller was able to update the target scale to ${replicas}` });
    context.event(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`);
    const recent = this.memory.changes.filter(({ at }) => at > context.now - HOUR);
    this.remember({ ...this.memory, changes: [...recent, { at: context.now, by: replicas - current }] });
    this.report(current, replicas, statuses, formatTime(context.now));
  }

  /** setCondition: new ones at the end; the time moves with the status. */
  private note(type: HorizontalPodAutoscalerCondition['type'], status: 'True' | 'False', { reason, message }: Note): void {
    const i = this.conditions.findIndex((condition) => condition.type === type);
    const old = this.conditions[i];
    const since = old?.status === status ? old.lastTransitionTime : undefined;
    const condition = { type, status, lastTransitionTime: since ?? formatTime(this.context.now), reason, message };
    this.conditions = i < 0 ? [...this.conditions, condition] : this.conditions.with(i, condition);
  }

  private report(currentReplicas: number, desiredReplicas: number, statuses: readonly MetricStatus[], scaled = this.autoscaler.status?.lastScaleTime): void {
    this.write({
      ...(scaled === undefined ? {} : { lastScaleTime: scaled }),
      currentReplicas,
      desiredReplicas,
      currentMetrics: statuses.length === 0 ? null : statuses,
    });
  }

  private write(status: HorizontalPodAutoscalerStatus): void {
    const { autoscaler, context } = this;
    const { currentReplicas, ...rest } = { ...status, conditions: this.conditions };
    const next: HorizontalPodAutoscalerStatus = currentReplicas ? { ...rest, currentReplicas } : rest;
    if (!isSemanticEqual(next, autoscaler.status)) context.api.updateStatus<HorizontalPodAutoscaler>(AUTOSCALERS, { ...autoscaler, status: next }, WRITE);
  }

  /** computeReplicasForMetrics: the metric that asks for most. */
  private compute(
    target: Target,
    current: number,
  ): { desired: number; metric: string; statuses: readonly MetricStatus[] } | { error: string; statuses: readonly MetricStatus[] } {
    const { autoscaler } = this;
    const selector = selectorOfTarget(target);
    const refused = this.checkSelector(selector);
    if (refused !== undefined) return { error: refused, statuses: [] };
    const statuses: MetricStatus[] = [];
    let [desired, metric, invalid] = [0, '', 0];
    let first: Failed | undefined;
    const metrics = autoscaler.spec.metrics ?? [];
    for (const spec of metrics) {
      const found = this.computeOne(spec, selector, current);
      if ('error' in found) {
        first ??= found;
        invalid++;
        statuses.push({ type: '' });
        continue;
      }
      statuses.push(found.status);
      if (desired === 0 || found.replicas > desired) [desired, metric] = [found.replicas, found.name];
    }
    if (first !== undefined && (invalid >= metrics.length || desired < current)) {
      this.note('ScalingActive', 'False', first.condition);
      return { error: `invalid metrics (${invalid} invalid out of ${metrics.length}), first error is: ${first.error}`, statuses };
    }
    const message = `the HPA was able to successfully calculate a replica count from ${metric}`;
    this.note('ScalingActive', 'True', { reason: 'ValidMetricFound', message });
    return { desired, metric, statuses };
  }

  /** validateAndParseSelector: there must be one, and its pods must be nobody else's. */
  private checkSelector(selector: Selector): string | undefined {
    const { autoscaler, context } = this;
    if (selector.length === 0) {
      context.event(autoscaler, 'Warning', 'SelectorRequired', 'selector is required');
      this.note('ScalingActive', 'False', { reason: 'InvalidSelector', message: "the HPA target's scale is missing a selector" });
      return 'selector is required';
    }
    const { namespace = '' } = autoscaler.metadata;
    const pods = this.podsOf(selector);
    const rivals = context.api.list<HorizontalPodAutoscaler>(AUTOSCALERS, { namespace }).filter((other) => {
      const target = findTarget(other, context.api);
      return !('error' in target) && pods.some((pod) => matchesSelector(selectorOfTarget(target), pod.metadata.labels));
    });
    if (rivals.length < 2) return undefined;
    const names = rivals.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(' ');
    const text = `pods by selector ${formatSelector(selector)} are controlled by multiple HPAs: [${names}]`;
    context.event(autoscaler, 'Warning', 'AmbiguousSelector', text);
    this.note('ScalingActive', 'False', { reason: 'AmbiguousSelector', message: text });
    return text;
  }

  private podsOf(selector: Selector): readonly Pod[] {
    const { namespace = '' } = this.autoscaler.metadata;
    return this.context.api.list<Pod>('pods', { namespace }).filter((pod) => matchesSelector(selector, pod.metadata.labels));
  }

  private computeOne(spec: MetricSpec, selector: Selector, currentReplicas: number): (Proposal & { name: string; status: MetricStatus }) | Failed {
    const { now } = this.context;
    const question = (resource: string, container?: string): Question => ({
      resource,
      ...(container === undefined ? {} : { container }),
      pods: this.podsOf(selector),
      currentReplicas,
      now,
      stats: this.stats,
    });
    if (spec.type === 'Resource' && spec.resource !== undefined) {
      const { name, target } = spec.resource;
      const found = ask(question(name), target);
      if ('error' in found) return this.failed('FailedGetResourceMetric', found.error, `failed to get ${name} resource metric value`);
      const kind = target.averageValue === undefined ? 'resource utilization (percentage of request)' : 'resource';
      return { ...found, name: `${name} ${kind}`, status: { type: 'Resource', resource: { name, current: currentOf(found) } } };
    }
    if (spec.type === 'ContainerResource' && spec.containerResource !== undefined) {
      const { name, target, container } = spec.containerResource;
      const found = ask(question(name, container), target);
      if ('error' in found) return this.failed('FailedGetContainerResourceMetric', found.error, `failed to get ${container} container metric value`);
      const kind = target.averageValue === undefined ? 'container resource utilization (percentage of request)' : 'resource';
      return { ...found, name: `${name} ${kind}`, status: { type: 'ContainerResource', containerResource: { name, container, current: currentOf(found) } } };
    }
    return this.custom(spec);
  }

  /** No adapter serves custom or external metrics here. */
  private custom(spec: MetricSpec): Failed {
    const { namespace = '' } = this.autoscaler.metadata;
    const none = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';
    if (spec.type === 'Pods')
      return this.failed('FailedGetPodsMetric', `unable to get metric ${spec.pods?.metric.name}: ${none}`, 'failed to get pods metric value');
    if (spec.type === 'Object') {
      const { describedObject, metric, target } = spec.object ?? {};
      return this.failed(
        'FailedGetObjectMetric',
        `unable to get metric ${metric?.name}: ${describedObject?.kind} on ${namespace} ${describedObject?.name}/${none}`,
        `failed to get object metric value${target?.type === 'AverageValue' ? `: failed to get ${metric?.name} object metric` : ''}`,
      );
    }
    if (spec.type === 'External') {
      const { metric, target } = spec.external ?? {};
      const selector = metric?.selector === undefined ? 'nil' : goLabelSelector(metric.selector);
      const text = `unable to get external metric ${namespace}/${metric?.name}/${selector}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${metric?.name}.external.metrics.k8s.io)`;
      const what = target?.averageValue === undefined ? `external metric ${metric?.name}` : `${metric?.name} external metric`;
      return this.failed('FailedGetExternalMetric', text, `failed to get ${metric?.name} external metric value: failed to get ${what}`);
    }
    return this.failed('InvalidMetricSourceType', `unknown metric source type "${spec.type}"`, 'invalid metric source');
  }

  private failed(reason: string, error: string, prefix: string): Failed {
    this.context.event(this.autoscaler, 'Warning', reason, error);
    return { error: `${prefix}: ${error}`, condition: { reason, message: `the HPA was unable to compute the replica count: ${error}` } };
  }
}

function ask(question: Question, target: MetricTarget): Proposal | { readonly error: string } {
  const { resource } = question;
  if (target.averageValue !== undefined) {
    const found = byAverage(question, quantityMilliValue(quantity(target.averageValue)));
    return 'error' in found ? { error: `failed to get ${resource} usage: ${found.error}` } : found;
  }
  if (target.averageUtilization === undefined)
    return { error: 'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set' };
  const found = byUtilization(question, target.averageUtilization);
  return 'error' in found ? { error: `failed to get ${resource} utilization: ${found.error}` } : found;
}

/** Thousandths as a quantity: `90m`, `2`. */
const milli = (value: number): string => (value % 1000 === 0 ? String(value / 1000) : `${value}m`);
const currentOf = ({ utilization, average }: Proposal) => ({
  averageValue: milli(average),
  ...(utilization === undefined ? {} : { averageUtilization: utilization }),
});
