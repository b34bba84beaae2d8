/** `kubectl describe poddisruptionbudget`: PodDisruptionBudgetDescriber of kubectl pkg/describe/describe.go. */
import type { Describer } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { describeEventsOf } from '../meta/describe.js';
import type { PodDisruptionBudget } from './types.js';

export const describe: Describer<PodDisruptionBudget> = async (budget, reader, out, options) => {
  const { metadata, spec, status } = budget;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  if (spec?.minAvailable !== undefined) out.line(0, `Min available:\t${spec.minAvailable}`);
  else if (spec?.maxUnavailable !== undefined) out.line(0, `Max unavailable:\t${spec.maxUnavailable}`);
  out.line(0, `Selector:\t${spec?.selector === undefined ? '<unset>' : formatLabelSelector(spec.selector)}`);
  out.line(0, 'Status:');
  out.line(2, `Allowed disruptions:\t${status?.disruptionsAllowed ?? 0}`);
  out.line(2, `Current:\t${status?.currentHealthy ?? 0}`);
  out.line(2, `Desired:\t${status?.desiredHealthy ?? 0}`);
  out.line(2, `Total:\t${status?.expectedPods ?? 0}`);
  await describeEventsOf(budget, reader, out, options);
};
