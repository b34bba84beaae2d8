/** What reading FlowSchemas takes: printFlowSchema of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { FlowSchema } from './types.js';

export const view: ResourceView<FlowSchema> = {
  names: {
    group: 'flowcontrol.apiserver.k8s.io',
    version: 'v1',
    kind: 'FlowSchema',
    plural: 'flowschemas',
    singular: 'flowschema',
    shortNames: [],
    namespaced: false,
    categories: [],
  },
  columns: [
    nameColumn,
    textColumn('PriorityLevel', ({ spec }) => spec.priorityLevelConfiguration?.name || '<none>'),
    integerColumn('MatchingPrecedence', ({ spec }) => spec.matchingPrecedence ?? 0),
    textColumn('DistinguisherMethod', ({ spec }) => spec.distinguisherMethod?.type ?? '<none>'),
    ageColumn,
    textColumn('MissingPL', ({ status }) => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?'),
  ],
  compareRows: (a, b) => (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0) || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1),
};
