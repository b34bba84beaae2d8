/** What reading ComponentStatuses takes: printComponentStatus of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { nameColumn, textColumn } from '../meta/columns.js';
import type { ComponentCondition, ComponentStatus } from './types.js';

export const view: ResourceView<ComponentStatus> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'ComponentStatus',
    plural: 'componentstatuses',
    singular: 'componentstatus',
    shortNames: ['cs'],
    namespaced: false,
    categories: [],
    verbs: ['get', 'list'],
    deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  },
  columns: [
    nameColumn,
    textColumn('Status', ({ conditions }) => {
      const status = healthy(conditions)?.status;
      return status === undefined ? 'Unknown' : status === 'True' ? 'Healthy' : 'Unhealthy';
    }),
    textColumn('Message', ({ conditions }) => healthy(conditions)?.message ?? ''),
    textColumn('Error', ({ conditions }) => healthy(conditions)?.error ?? ''),
  ],
};

const healthy = (conditions: ComponentStatus['conditions']): ComponentCondition | undefined => conditions?.find(({ type }) => type === 'Healthy');
