/** What reading HorizontalPodAutoscalers takes: printHorizontalPodAutoscaler of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from './types.js';

/** formatHPAMetrics shows so many metrics, then `+ N more...`. */
const SHOWN = 2;

export const view: ResourceView<HorizontalPodAutoscaler> = {
  names: {
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    singular: 'horizontalpodautoscaler',
    shortNames: ['hpa'],
    namespaced: true,
    categories: ['all'],
  },
  columns: [
    nameColumn,
    textColumn('Reference', ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`),
    textColumn('Targets', targets),
    textColumn('MinPods', ({ spec }) => String(spec.minReplicas ?? '<unset>')),
    integerColumn('MaxPods', ({ spec }) => spec.maxReplicas),
    integerColumn('Replicas', ({ status }) => status?.currentReplicas ?? 0),
    ageColumn,
  ],
};

function targets({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec.metrics ?? [];
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, i) => target(metric, status?.currentMetrics?.[i]));
  const shown = texts.slice(0, SHOWN).join(', ');
  return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown;
}

function target(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External':
      return value(spec.external?.target, status?.external?.current);
    case 'Pods':
      return `${known(status?.pods?.current, 'averageValue')}/${spec.pods?.target.averageValue ?? ''}`;
    case 'Object':
      return value(spec.object?.target, status?.object?.current);
    case 'Resource':
      return `${spec.resource?.name}: ${utilization(spec.resource?.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return `${spec.containerResource?.name}: ${utilization(spec.containerResource?.target, status?.containerResource?.current)}`;
    default:
      return '<unknown type>';
  }
}

/** A metric that is there without the amount that is asked for: how Go prints a nil Quantity. */
export const known = (current: MetricValueStatus | undefined, amount: 'value' | 'averageValue'): string =>
  current === undefined ? '<unknown>' : (current[amount] ?? '<nil>');

function value(wanted: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (wanted?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${wanted.averageValue} (avg)`;
  return `${known(current, 'value')}/${wanted?.value ?? ''}`;
}

function utilization(wanted: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (wanted?.averageValue !== undefined) return `${known(current, 'averageValue')}/${wanted.averageValue}`;
  const now = current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`;
  return `${now}/${wanted?.averageUtilization === undefined ? '<auto>' : `${wanted.averageUtilization}%`}`;
}
