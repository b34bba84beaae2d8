/** What reading ResourceQuotas takes: printResourceQuota of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { ResourceQuota } from './types.js';

export const view: ResourceView<ResourceQuota> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'ResourceQuota',
    plural: 'resourcequotas',
    singular: 'resourcequota',
    shortNames: ['quota'],
    namespaced: true,
    categories: [],
  },
  columns: [nameColumn, textColumn('Request', (quota) => usage(quota, false)), textColumn('Limit', (quota) => usage(quota, true)), ageColumn],
};

/** `name: used/hard` of the limits, or of all else. */
function usage({ status }: ResourceQuota, ofLimits: boolean): string {
  return Object.keys(status?.hard ?? {})
    .filter((name) => name.startsWith('limits.') === ofLimits)
    .sort()
    .map((name) => `${name}: ${status.used?.[name] ?? '0'}/${status.hard?.[name]}`)
    .join(', ');
}
