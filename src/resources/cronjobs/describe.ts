/** `kubectl describe cronjob`: CronJobDescriber of kubectl pkg/describe/describe.go. It says nothing of the time zone. */
import type { Describer, IndentedWriter } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { describeAnnotations, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import { describePodTemplate } from '../pod-template/describe.js';
import { orUnset, trueOrFalse } from '../pod-template/describe-workload.js';
import type { CronJob, JobTemplateSpec } from './types.js';

export const describe: Describer<CronJob> = async (cronJob, reader, out, options) => {
  const { metadata, spec, status = {} } = cronJob;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Schedule:\t${spec.schedule}`);
  out.line(0, `Concurrency Policy:\t${spec.concurrencyPolicy ?? ''}`);
  out.line(0, `Suspend:\t${trueOrFalse(spec.suspend)}`);
  out.line(0, `Successful Job History Limit:\t${orUnset(spec.successfulJobsHistoryLimit)}`);
  out.line(0, `Failed Job History Limit:\t${orUnset(spec.failedJobsHistoryLimit)}`);
  out.line(0, `Starting Deadline Seconds:\t${spec.startingDeadlineSeconds === undefined ? '<unset>' : `${spec.startingDeadlineSeconds}s`}`);
  describeJobTemplate(spec.jobTemplate, out);
  out.line(0, `Last Schedule Time:\t${status.lastScheduleTime === undefined ? '<unset>' : describeTime(status.lastScheduleTime)}`);
  out.line(0, `Active Jobs:\t${status.active?.length ? status.active.map(({ name }) => name).join(', ') : '<none>'}`);
  await describeEventsOf(cronJob, reader, out, options);
};

function describeJobTemplate({ spec }: JobTemplateSpec, out: IndentedWriter): void {
  out.line(0, `Selector:\t${spec.selector === undefined ? '<unset>' : formatSelector(selectorOf(spec.selector) ?? [])}`);
  out.line(0, `Parallelism:\t${orUnset(spec.parallelism)}`);
  out.line(0, `Completions:\t${orUnset(spec.completions)}`);
  if (spec.activeDeadlineSeconds !== undefined) out.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  describePodTemplate(spec.template, out);
}
