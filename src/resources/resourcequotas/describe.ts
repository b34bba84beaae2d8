/** kubectl pkg/describe/describe.go describeQuota: no labels, no events. */
import type { Describer } from '../../api/resource.js';
import { describeQuotaRows, describeScopes } from '../meta/describe-limits.js';
import type { ResourceQuota } from './types.js';

export const describe: Describer<ResourceQuota> = async (quota, _reader, out) => {
  out.line(0, `Name:\t${quota.metadata.name}`);
  out.line(0, `Namespace:\t${quota.metadata.namespace}`);
  describeScopes(quota, out, 0, ' * ');
  out.line(0, 'Resource\tUsed\tHard');
  out.line(0, '--------\t----\t----');
  describeQuotaRows(quota, out, 0);
};
