/** What reading DaemonSets takes: printDaemonSet of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { ageColumn, formatLabels, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { DaemonSet } from './types.js';

export const view: ResourceView<DaemonSet> = {
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'DaemonSet',
    plural: 'daemonsets',
    singular: 'daemonset',
    shortNames: ['ds'],
    namespaced: true,
    categories: ['all'],
  },
  columns: [
    nameColumn,
    integerColumn('Desired', ({ status }) => status?.desiredNumberScheduled ?? 0),
    integerColumn('Current', ({ status }) => status?.currentNumberScheduled ?? 0),
    integerColumn('Ready', ({ status }) => status?.numberReady ?? 0),
    integerColumn('Up-to-date', ({ status }) => status?.updatedNumberScheduled ?? 0),
    integerColumn('Available', ({ status }) => status?.numberAvailable ?? 0),
    textColumn('Node Selector', ({ spec }) => formatLabels(spec.template.spec?.nodeSelector)),
    ageColumn,
    ...containerColumns<DaemonSet>(({ spec }) => spec.template),
    textColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector), 1),
  ],
};
