/** What reading ReplicaSets takes: printReplicaSet of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { ReplicaSet } from './types.js';

export const view: ResourceView<ReplicaSet> = {
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    singular: 'replicaset',
    shortNames: ['rs'],
    namespaced: true,
    categories: ['all'],
  },
  columns: [
    nameColumn,
    integerColumn('Desired', ({ spec }) => spec.replicas ?? 0),
    integerColumn('Current', ({ status }) => status?.replicas ?? 0),
    integerColumn('Ready', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...containerColumns<ReplicaSet>(({ spec }) => spec.template),
    textColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector), 1),
  ],
};
