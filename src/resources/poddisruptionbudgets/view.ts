/** What reading PodDisruptionBudgets takes: printPodDisruptionBudget of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { PodDisruptionBudget } from './types.js';

export const view: ResourceView<PodDisruptionBudget> = {
  names: {
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    singular: 'poddisruptionbudget',
    shortNames: ['pdb'],
    namespaced: true,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('Min Available', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    textColumn('Max Unavailable', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
    integerColumn('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed ?? 0),
    ageColumn,
  ],
};
