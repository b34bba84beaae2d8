/** What reading Deployments takes: printDeployment of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { Deployment } from './types.js';

export const view: ResourceView<Deployment> = {
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    plural: 'deployments',
    singular: 'deployment',
    shortNames: ['deploy'],
    namespaced: true,
    categories: ['all'],
  },
  columns: [
    nameColumn,
    textColumn('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    integerColumn('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0),
    integerColumn('Available', ({ status }) => status?.availableReplicas ?? 0),
    ageColumn,
    ...containerColumns<Deployment>(({ spec }) => spec.template),
    textColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector), 1),
  ],
};
