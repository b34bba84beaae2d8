/** What reading ControllerRevisions takes: printControllerRevision of pkg/printers/internalversion/printers.go. */
import { controllerOf } from '../../api/object.js';
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { ControllerRevision } from './types.js';

export const view: ResourceView<ControllerRevision> = {
  names: {
    group: 'apps',
    version: 'v1',
    kind: 'ControllerRevision',
    plural: 'controllerrevisions',
    singular: 'controllerrevision',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: [nameColumn, textColumn('Controller', controller), integerColumn('Revision', ({ revision }) => revision), ageColumn],
};

/** `statefulset.apps/db`. */
function controller(object: ControllerRevision): string {
  const owner = controllerOf(object);
  if (owner === undefined) return '<none>';
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
