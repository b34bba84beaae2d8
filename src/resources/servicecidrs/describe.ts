/** kubectl pkg/describe/describe.go describeServiceCIDRV1. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import type { ServiceCIDR } from './types.js';

export const describe: Describer<ServiceCIDR> = async (cidr, reader, out, options) => {
  const { metadata, spec, status } = cidr;
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `CIDRs:\t${(spec.cidrs ?? []).join(', ')}`);
  if (status?.conditions?.length) {
    out.line(0, 'Status:');
    out.line(0, 'Conditions:');
    out.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
    out.line(1, '----\t------\t------------------\t------\t-------');
    for (const { type, status: value, lastTransitionTime, reason, message } of status.conditions)
      out.line(1, `${type}\t${value}\t${describeTime(lastTransitionTime)}\t${reason ?? ''}\t${message ?? ''}`);
  }
  await describeEventsOf(cidr, reader, out, options);
};
