/** kubectl pkg/describe/describe.go describePriorityClass. */
import type { Describer } from '../../api/resource.js';
import { formatLabels } from '../meta/columns.js';
import { describeEventsOf } from '../meta/describe.js';
import type { PriorityClass } from './types.js';

export const describe: Describer<PriorityClass> = async (priority, reader, out, options) => {
  out.line(0, `Name:\t${priority.metadata.name}`);
  out.line(0, `Value:\t${priority.value}`);
  out.line(0, `GlobalDefault:\t${priority.globalDefault ?? false}`);
  out.line(0, `PreemptionPolicy:\t${priority.preemptionPolicy ?? ''}`);
  out.line(0, `Description:\t${priority.description ?? ''}`);
  out.line(0, `Annotations:\t${formatLabels(priority.metadata.annotations)}`);
  await describeEventsOf(priority, reader, out, options);
};
