/** What reading StatefulSets takes: printStatefulSet of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { StatefulSet } from './types.js';

export const view: ResourceView<StatefulSet> = {
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'StatefulSet',
    plural: 'statefulsets',
    singular: 'statefulset',
    shortNames: ['sts'],
    namespaced: true,
    categories: ['all'],
  },
  columns: [
    nameColumn,
    textColumn('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    ageColumn,
    ...containerColumns<StatefulSet>(({ spec }) => spec.template),
  ],
};
