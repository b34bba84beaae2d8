/** `kubectl describe hpa`: describeHorizontalPodAutoscalerV2 of kubectl pkg/describe/describe.go. */
import { goQuote } from '../../api/field.js';
import type { Describer, IndentedWriter } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus, ScalingRules } from './types.js';
import { known } from './view.js';

export const describe: Describer<HorizontalPodAutoscaler> = async (autoscaler, reader, out, options) => {
  const { metadata, spec, status } = autoscaler;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `CreationTimestamp:\t${describeTime(metadata.creationTimestamp)}`);
  out.line(0, `Reference:\t${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`);
  out.line(0, 'Metrics:\t( current / target )');
  (spec.metrics ?? []).forEach((metric, i) => {
    out.line(1, metricLine(metric, status?.currentMetrics?.[i]));
  });
  out.line(0, `Min replicas:\t${spec.minReplicas ?? '<unset>'}`);
  out.line(0, `Max replicas:\t${spec.maxReplicas}`);
  if (spec.behavior !== undefined) {
    out.line(0, 'Behavior:');
    describeRules('Scale Up', spec.behavior.scaleUp, out);
    describeRules('Scale Down', spec.behavior.scaleDown, out);
  }
  out.line(0, `${spec.scaleTargetRef.kind} pods:\t${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`);
  if (status?.conditions?.length) {
    out.write(0, 'Conditions:\n  Type\tStatus\tReason\tMessage\n');
    out.line(1, '----\t------\t------\t-------');
    for (const condition of status.conditions) out.line(1, `${condition.type}\t${condition.status}\t${condition.reason ?? ''}\t${condition.message ?? ''}`);
  }
  await describeEventsOf(autoscaler, reader, out, options);
};

const UNKNOWN = '<unknown>';

function metricLine(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'External':
      return `${goQuote(metric.external?.metric.name ?? '')} ${valueText(metric.external?.target, status?.external?.current, metric.external?.target.averageValue !== undefined)}`;
    case 'Pods':
      return `${goQuote(metric.pods?.metric.name ?? '')} on pods:\t${known(status?.pods?.current, 'averageValue')} / ${metric.pods?.target.averageValue ?? ''}`;
    case 'Object': {
      const { describedObject, metric: identifier, target } = metric.object ?? {};
      const text = valueText(target, status?.object?.current, target?.type === 'AverageValue');
      return `"${identifier?.name}" on ${describedObject?.kind}/${describedObject?.name} ${text}`;
    }
    case 'Resource':
      return `resource ${metric.resource?.name} on pods${usageText(metric.resource?.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return `resource ${metric.containerResource?.name} of container "${metric.containerResource?.container}" on pods${usageText(metric.containerResource?.target, status?.containerResource?.current)}`;
    default:
      return `<unknown metric type ${goQuote(metric.type)}>`;
  }
}

function valueText(target: MetricTarget | undefined, current: MetricValueStatus | undefined, isAverage: boolean): string {
  return isAverage
    ? `(target average value):\t${known(current, 'averageValue')} / ${target?.averageValue ?? ''}`
    : `(target value):\t${known(current, 'value')} / ${target?.value ?? ''}`;
}

function usageText(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `:\t${known(current, 'averageValue')} / ${target.averageValue}`;
  const now = current?.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}% (${known(current, 'averageValue')})`;
  return `  (as a percentage of request):\t${now} / ${target?.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
}

function describeRules(direction: string, rules: ScalingRules | undefined, out: IndentedWriter): void {
  if (rules === undefined) return;
  out.line(1, `${direction}:`);
  if (rules.stabilizationWindowSeconds !== undefined) out.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  if (!rules.policies?.length) return;
  out.line(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`);
  out.line(2, 'Policies:');
  for (const { type, value, periodSeconds } of rules.policies) out.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}
