/** `kubectl describe daemonset`: DaemonSetDescriber of kubectl pkg/describe/describe.go. */
import type { Describer } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { formatLabels } from '../meta/columns.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import { describePodTemplate } from '../pod-template/describe.js';
import { describePodsStatus } from '../pod-template/describe-workload.js';
import type { DaemonSet } from './types.js';

export const describe: Describer<DaemonSet> = async (set, reader, out, options) => {
  const { metadata, spec, status } = set;
  const parsed = selectorOf(spec.selector);
  const selector = parsed === undefined ? undefined : formatSelector(parsed);
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `Selector:\t${selector ?? ''}`);
  out.line(0, `Node-Selector:\t${formatLabels(spec.template.spec?.nodeSelector)}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  // These have no tab: they are not aligned with the rest.
  out.line(0, `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`);
  out.line(0, `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`);
  out.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`);
  out.line(0, `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`);
  out.line(0, `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`);
  await describePodsStatus(set, selector, reader, out);
  describePodTemplate(spec.template, out);
  await describeEventsOf(set, reader, out, options);
};
