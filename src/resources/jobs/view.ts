/** What reading Jobs takes: printJob of pkg/printers/internalversion/printers.go. */

import { humanDuration } from '../../api/human-duration.js';
import type { ResourceView } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { parseTime, type Time } from '../../api/time.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { Job } from './types.js';

export const view: ResourceView<Job> = {
  names: { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', singular: 'job', shortNames: [], namespaced: true, categories: ['all'] },
  columns: [
    nameColumn,
    textColumn('Status', status),
    textColumn('Completions', completions),
    textColumn('Duration', duration),
    ageColumn,
    ...containerColumns<Job>(({ spec }) => spec.template),
    textColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector), 1),
  ],
  selectableFields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
};

function status({ metadata, status }: Job): string {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration({ status }: Job, now: Time): string {
  const start = status?.startTime === undefined ? undefined : parseTime(status.startTime);
  if (start === undefined) return '';
  const end = status?.completionTime === undefined ? undefined : parseTime(status.completionTime);
  return humanDuration((end ?? now) - start);
}
