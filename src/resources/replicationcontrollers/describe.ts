/** `kubectl describe replicationcontroller`: ReplicationControllerDescriber of kubectl pkg/describe/describe.go. */
import type { Describer } from '../../api/resource.js';
import { formatLabels } from '../meta/columns.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import { describePodTemplate } from '../pod-template/describe.js';
import { describeConditions, describePodsStatus } from '../pod-template/describe-workload.js';
import type { ReplicationController } from './types.js';

export const describe: Describer<ReplicationController> = async (controller, reader, out, options) => {
  const { metadata, spec, status } = controller;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `Selector:\t${formatLabels(spec.selector)}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
  await describePodsStatus(controller, spec.selector === undefined ? '' : formatLabels(spec.selector), reader, out);
  describePodTemplate(spec.template, out);
  describeConditions(status?.conditions, out);
  await describeEventsOf(controller, reader, out, options);
};
