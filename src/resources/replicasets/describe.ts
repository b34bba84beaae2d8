/** `kubectl describe replicaset`: ReplicaSetDescriber of kubectl pkg/describe/describe.go. */
import type { Describer } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { describeAnnotations, describeController, describeEventsOf, describeLabels } from '../meta/describe.js';
import { describePodTemplate } from '../pod-template/describe.js';
import { describeConditions, describePodsStatus } from '../pod-template/describe-workload.js';
import type { ReplicaSet } from './types.js';

export const describe: Describer<ReplicaSet> = async (set, reader, out, options) => {
  const { metadata, spec, status } = set;
  const parsed = selectorOf(spec.selector);
  const selector = parsed === undefined ? undefined : formatSelector(parsed);
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `Selector:\t${selector ?? ''}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  describeController(out, metadata);
  out.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
  await describePodsStatus(set, selector, reader, out);
  describePodTemplate(spec.template, out);
  describeConditions(status?.conditions, out);
  await describeEventsOf(set, reader, out, options);
};
