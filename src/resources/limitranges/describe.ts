/** kubectl pkg/describe/describe.go describeLimitRange: no labels, no events. */
import type { Describer } from '../../api/resource.js';
import { describeLimitHeader, describeLimits } from '../meta/describe-limits.js';
import type { LimitRange } from './types.js';

export const describe: Describer<LimitRange> = async (range, _reader, out) => {
  out.line(0, `Name:\t${range.metadata.name}`);
  out.line(0, `Namespace:\t${range.metadata.namespace}`);
  describeLimitHeader(out, '');
  describeLimits(range, out, '');
};
