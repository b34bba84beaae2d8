/** What reading PriorityLevelConfigurations takes: printPriorityLevelConfiguration of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { PriorityLevelConfiguration } from './types.js';

export const view: ResourceView<PriorityLevelConfiguration> = {
  names: {
    group: 'flowcontrol.apiserver.k8s.io',
    version: 'v1',
    kind: 'PriorityLevelConfiguration',
    plural: 'prioritylevelconfigurations',
    singular: 'prioritylevelconfiguration',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('Type', ({ spec }) => spec.type),
    textColumn('NominalConcurrencyShares', ({ spec }) => orNone(spec.limited?.nominalConcurrencyShares)),
    textColumn('Queues', ({ spec }) => orNone(spec.limited?.limitResponse?.queuing?.queues)),
    textColumn('HandSize', ({ spec }) => orNone(spec.limited?.limitResponse?.queuing?.handSize)),
    textColumn('QueueLengthLimit', ({ spec }) => orNone(spec.limited?.limitResponse?.queuing?.queueLengthLimit)),
    ageColumn,
  ],
};

const orNone = (value: number | undefined): string => (value === undefined ? '<none>' : String(value));
