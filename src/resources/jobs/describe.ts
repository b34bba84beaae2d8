/** `kubectl describe job`: JobDescriber of kubectl pkg/describe/describe.go. */

import { humanDuration } from '../../api/human-duration.js';
import type { Describer } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { parseTime } from '../../api/time.js';
import { describeAnnotations, describeController, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import { describePodTemplate } from '../pod-template/describe.js';
import { orUnset } from '../pod-template/describe-workload.js';
import type { Job } from './types.js';

/** So many characters of completed indexes are shown, to the end of the number. */
const INDEXES_SHOWN = 50;

export const describe: Describer<Job> = async (job, reader, out, options) => {
  const { metadata, spec, status = {} } = job;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `Selector:\t${formatSelector(selectorOf(spec.selector) ?? [])}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  describeController(out, metadata);
  if (spec.parallelism !== undefined) out.line(0, `Parallelism:\t${spec.parallelism}`);
  out.line(0, `Completions:\t${orUnset(spec.completions)}`);
  if (spec.completionMode !== undefined) out.line(0, `Completion Mode:\t${spec.completionMode}`);
  if (spec.suspend !== undefined) out.line(0, `Suspend:\t${spec.suspend}`);
  if (spec.backoffLimit !== undefined) out.line(0, `Backoff Limit:\t${spec.backoffLimit}`);
  if (spec.ttlSecondsAfterFinished !== undefined) out.line(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`);
  if (status.startTime !== undefined) out.line(0, `Start Time:\t${describeTime(status.startTime)}`);
  if (status.completionTime !== undefined) out.line(0, `Completed At:\t${describeTime(status.completionTime)}`);
  if (status.startTime !== undefined && status.completionTime !== undefined)
    out.line(0, `Duration:\t${humanDuration((parseTime(status.completionTime) ?? 0) - (parseTime(status.startTime) ?? 0))}`);
  if (spec.activeDeadlineSeconds !== undefined) out.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`;
  out.line(0, `Pods Statuses:\t${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`);
  if (spec.completionMode === 'Indexed') out.line(0, `Completed Indexes:\t${indexes(status.completedIndexes ?? '')}`);
  describePodTemplate(spec.template, out);
  await describeEventsOf(job, reader, out, options);
};

function indexes(list: string): string {
  if (list === '') return '<none>';
  const comma = list.indexOf(',', INDEXES_SHOWN);
  return list.length <= INDEXES_SHOWN || comma < 0 ? list : `${list.slice(0, comma + 1)}...`;
}
