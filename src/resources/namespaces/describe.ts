/** kubectl pkg/describe/describe.go describeNamespace. */
import type { Describer } from '../../api/resource.js';
import type { LimitRange } from '../limitranges/types.js';
import { describeAnnotations, describeLabels, describeTime } from '../meta/describe.js';
import { describeLimitRanges, describeQuotas } from '../meta/describe-limits.js';
import type { ResourceQuota } from '../resourcequotas/types.js';
import type { Namespace } from './types.js';

export const describe: Describer<Namespace> = async ({ metadata, status }, reader, out) => {
  const within = { namespace: metadata.name ?? '' };
  const quotas = await reader.list<ResourceQuota>('resourcequotas', within);
  const ranges = await reader.list<LimitRange>('limitranges', within);
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Status:\t${status?.phase ?? ''}`);
  if (status?.conditions?.length) {
    out.line(0, 'Conditions:');
    out.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
    out.line(1, '----\t------\t------------------\t------\t-------');
    for (const condition of status.conditions)
      out.line(
        1,
        `${condition.type}\t${condition.status}\t${describeTime(condition.lastTransitionTime)}\t${condition.reason ?? ''}\t${condition.message ?? ''}`,
      );
  }
  out.line(0, '');
  describeQuotas(quotas, out);
  out.line(0, '');
  describeLimitRanges(ranges, out);
};
