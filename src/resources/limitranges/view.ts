/** What reading LimitRanges takes. They have no printer of their own. */
import type { ResourceView } from '../../api/resource.js';
import { defaultColumns } from '../meta/columns.js';
import type { LimitRange } from './types.js';

export const view: ResourceView<LimitRange> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'LimitRange',
    plural: 'limitranges',
    singular: 'limitrange',
    shortNames: ['limits'],
    namespaced: true,
    categories: [],
  },
  columns: defaultColumns,
};
