/** What reading PodTemplates takes: printPodTemplate of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { formatLabels, nameColumn, textColumn } from '../meta/columns.js';
import { containerColumns } from '../pod-template/columns.js';
import type { PodTemplate } from './types.js';

export const view: ResourceView<PodTemplate> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'PodTemplate',
    plural: 'podtemplates',
    singular: 'podtemplate',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: [
    nameColumn,
    ...containerColumns<PodTemplate>(({ template }) => template, 0),
    textColumn('Pod Labels', ({ template }) => formatLabels(template?.metadata?.labels)),
  ],
};
