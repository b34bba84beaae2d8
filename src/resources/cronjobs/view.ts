/** What reading CronJobs takes: printCronJob of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { ageColumn, ageOf, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { CronJob } from './types.js';

export const view: ResourceView<CronJob> = {
  names: { group: 'batch', version: 'v1', kind: 'CronJob', plural: 'cronjobs', singular: 'cronjob', shortNames: ['cj'], namespaced: true, categories: ['all'] },
  columns: [
    nameColumn,
    textColumn('Schedule', ({ spec }) => spec.schedule),
    textColumn('Timezone', ({ spec }) => spec.timeZone ?? '<none>'),
    textColumn('Suspend', ({ spec }) => (spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False')),
    integerColumn('Active', ({ status }) => status?.active?.length ?? 0),
    textColumn('Last Schedule', ({ status }, now) => (status?.lastScheduleTime === undefined ? '<none>' : ageOf(status.lastScheduleTime, now))),
    ageColumn,
    ...containerColumns<CronJob>(({ spec }) => spec.jobTemplate.spec.template),
    textColumn('Selector', ({ spec }) => formatLabelSelector(spec.jobTemplate.spec.selector), 1),
  ],
};
