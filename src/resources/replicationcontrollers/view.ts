/** What reading ReplicationControllers takes: printReplicationController of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, formatLabels, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { ReplicationController } from './types.js';

export const view: ResourceView<ReplicationController> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'ReplicationController',
    plural: 'replicationcontrollers',
    singular: 'replicationcontroller',
    shortNames: ['rc'],
    namespaced: true,
    categories: ['all'],
  },
  columns: [
    nameColumn,
    integerColumn('Desired', ({ spec }) => spec.replicas ?? 0),
    integerColumn('Current', ({ status }) => status?.replicas ?? 0),
    integerColumn('Ready', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...containerColumns<ReplicationController>(({ spec }) => spec.template),
    textColumn('Selector', ({ spec }) => formatLabels(spec.selector), 1),
  ],
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
};
