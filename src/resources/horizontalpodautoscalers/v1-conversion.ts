/**
 * autoscaling/v1 to and from the stored autoscaling/v2: pkg/apis/autoscaling/v1/conversion.go. The older version knows one target, cpu; all
 * else travels in annotations, as JSON in types of its own.
 */
import type { KubeObject, ObjectMeta } from '../../api/object.js';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerSpec,
  MetricSourceType,
  MetricSpec,
  MetricStatus,
  MetricTarget,
} from './types.js';

interface V1Autoscaler extends KubeObject {
  readonly spec?: {
    readonly scaleTargetRef?: CrossVersionObjectReference;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly targetCPUUtilizationPercentage?: number;
  };
  readonly status?: object;
}

/** One metric as the annotation has it: the source's fields with the target's among them. */
interface V1Metric {
  readonly type: MetricSourceType | '';
  readonly [source: string]: unknown;
}
type V1Source = Readonly<Record<string, unknown>>;

const PREFIX = 'autoscaling.alpha.kubernetes.io/';
const METRICS = `${PREFIX}metrics`;
const CURRENT = `${PREFIX}current-metrics`;
const CONDITIONS = `${PREFIX}conditions`;
const BEHAVIOR = `${PREFIX}behavior`;

export function fromStored(stored: HorizontalPodAutoscaler): KubeObject {
  const { scaleTargetRef, minReplicas, maxReplicas, metrics = [], behavior } = stored.spec;
  const { status } = stored;
  const cpu = metrics.find(isCpuUtilization);
  const others = metrics.filter((metric) => metric !== cpu);
  const current = status?.currentMetrics ?? [];
  const cpuNow = current.find(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu')?.resource?.current.averageUtilization;
  const annotations = {
    ...stored.metadata.annotations,
    ...encoded(METRICS, others.map(toV1Metric)),
    ...encoded(CURRENT, current.map(toV1Status)),
    ...encoded(CONDITIONS, (status?.conditions ?? []).map(ordered)),
    ...(behavior === undefined ? {} : { [BEHAVIOR]: JSON.stringify(behavior) }),
  };
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...stored.metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      scaleTargetRef,
      ...(minReplicas === undefined ? {} : { minReplicas }),
      maxReplicas,
      ...(cpu === undefined ? {} : { targetCPUUtilizationPercentage: cpu.resource?.target.averageUtilization }),
    },
    status: {
      ...(status?.observedGeneration === undefined ? {} : { observedGeneration: status.observedGeneration }),
      ...(status?.lastScaleTime === undefined ? {} : { lastScaleTime: status.lastScaleTime }),
      currentReplicas: status?.currentReplicas ?? 0,
      desiredReplicas: status?.desiredReplicas ?? 0,
      ...(cpuNow === undefined ? {} : { currentCPUUtilizationPercentage: cpuNow }),
    },
  } as KubeObject;
}

export function toStored(object: KubeObject): HorizontalPodAutoscaler {
  const { metadata, spec } = object as V1Autoscaler;
  const annotations = metadata.annotations ?? {};
  const target = spec?.targetCPUUtilizationPercentage;
  const cpu: readonly MetricSpec[] =
    target === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } }];
  const metrics = [...(decoded<readonly V1Metric[]>(annotations[METRICS]) ?? []).map(fromV1Metric), ...cpu];
  const behavior = decoded<HorizontalPodAutoscalerBehavior>(annotations[BEHAVIOR]);
  const given: Partial<HorizontalPodAutoscalerSpec> = {
    ...(spec?.scaleTargetRef === undefined ? {} : { scaleTargetRef: spec.scaleTargetRef }),
    ...(spec?.minReplicas === undefined ? {} : { minReplicas: spec.minReplicas }),
    ...(spec?.maxReplicas === undefined ? {} : { maxReplicas: spec.maxReplicas }),
    ...(metrics.length === 0 ? {} : { metrics }),
    ...(behavior === undefined ? {} : { behavior }),
  };
  return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: withoutOurs(metadata), spec: given as HorizontalPodAutoscalerSpec };
}

const isCpuUtilization = ({ type, resource }: MetricSpec): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

const encoded = (name: string, list: readonly object[]): Readonly<Record<string, string>> => (list.length === 0 ? {} : { [name]: JSON.stringify(list) });

/** An annotation somebody has broken counts as absent, as upstream. */
function decoded<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function withoutOurs(metadata: ObjectMeta): ObjectMeta {
  const { annotations, ...rest } = metadata;
  const left = Object.entries(annotations ?? {}).filter(([name]) => ![METRICS, CURRENT, CONDITIONS, BEHAVIOR].includes(name));
  return left.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(left) };
}

/** The fields in Go's order. */
const ordered = ({ type, status, lastTransitionTime, reason, message }: HorizontalPodAutoscalerCondition): object => ({
  type,
  status,
  lastTransitionTime: lastTransitionTime ?? null,
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
});

function toV1Metric({ type, object, pods, resource, containerResource, external }: MetricSpec): V1Metric {
  if (object !== undefined) {
    const { describedObject, metric, target } = object;
    return {
      type,
      object: clean({
        target: describedObject,
        metricName: metric.name,
        targetValue: target.value ?? '0',
        selector: metric.selector,
        averageValue: target.averageValue,
      }),
    };
  }
  if (pods !== undefined)
    return { type, pods: clean({ metricName: pods.metric.name, targetAverageValue: pods.target.averageValue, selector: pods.metric.selector }) };
  if (resource !== undefined) return { type, resource: clean({ name: resource.name, ...v1Target(resource.target) }) };
  if (containerResource !== undefined)
    return { type, containerResource: clean({ name: containerResource.name, ...v1Target(containerResource.target), container: containerResource.container }) };
  if (external === undefined) return { type };
  const { metric, target } = external;
  return {
    type,
    external: clean({ metricName: metric.name, metricSelector: metric.selector, targetValue: target.value, targetAverageValue: target.averageValue }),
  };
}

const v1Target = ({ averageUtilization, averageValue }: MetricTarget): V1Source => ({
  targetAverageUtilization: averageUtilization,
  targetAverageValue: averageValue,
});

const clean = (source: V1Source): V1Source => Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));

function fromV1Metric(metric: V1Metric): MetricSpec {
  const source = (metric[metric.type === '' ? '' : `${metric.type.charAt(0).toLowerCase()}${metric.type.slice(1)}`] ?? {}) as V1Source;
  const text = (field: string): string | undefined => source[field] as string | undefined;
  const target: MetricTarget =
    source['targetAverageUtilization'] !== undefined
      ? { type: 'Utilization', averageUtilization: source['targetAverageUtilization'] as number }
      : text('targetAverageValue') !== undefined
        ? { type: 'AverageValue', averageValue: text('targetAverageValue') as string }
        : text('averageValue') !== undefined
          ? { type: 'AverageValue', averageValue: text('averageValue') as string }
          : { type: 'Value', value: text('targetValue') ?? '0' };
  const selector = (source['selector'] ?? source['metricSelector']) as { readonly matchLabels?: Readonly<Record<string, string>> } | undefined;
  const identifier = { name: text('metricName') ?? '', ...(selector === undefined ? {} : { selector }) };
  switch (metric.type) {
    case 'Object':
      return { type: 'Object', object: { describedObject: source['target'] as CrossVersionObjectReference, target, metric: identifier } };
    case 'Pods':
      return { type: 'Pods', pods: { metric: identifier, target } };
    case 'ContainerResource':
      return { type: 'ContainerResource', containerResource: { name: text('name') ?? '', target, container: text('container') ?? '' } };
    case 'External':
      return { type: 'External', external: { metric: identifier, target } };
    default:
      return { type: 'Resource', resource: { name: text('name') ?? '', target } };
  }
}

function toV1Status({ type, object, pods, resource, containerResource, external }: MetricStatus): V1Metric {
  if (object !== undefined) {
    const { describedObject, metric, current } = object;
    return {
      type,
      object: clean({
        target: describedObject,
        metricName: metric.name,
        currentValue: current.value ?? '0',
        selector: metric.selector,
        averageValue: current.averageValue,
      }),
    };
  }
  if (pods !== undefined)
    return { type, pods: clean({ metricName: pods.metric.name, currentAverageValue: pods.current.averageValue, selector: pods.metric.selector }) };
  const usage = resource ?? containerResource;
  if (usage !== undefined) {
    const { name, current } = usage;
    const fields = { name, currentAverageUtilization: current.averageUtilization, currentAverageValue: current.averageValue ?? '0' };
    return resource !== undefined
      ? { type, resource: clean(fields) }
      : { type, containerResource: clean({ ...fields, container: containerResource?.container }) };
  }
  if (external === undefined) return { type };
  const { metric, current } = external;
  return {
    type,
    external: clean({
      metricName: metric.name,
      metricSelector: metric.selector,
      currentValue: current.value ?? '0',
      currentAverageValue: current.averageValue,
    }),
  };
}
