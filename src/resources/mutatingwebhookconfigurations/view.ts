/** What reading MutatingWebhookConfigurations takes: printMutatingWebhook of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn } from '../meta/columns.js';
import type { MutatingWebhookConfiguration } from './types.js';

export const view: ResourceView<MutatingWebhookConfiguration> = {
  names: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind: 'MutatingWebhookConfiguration',
    plural: 'mutatingwebhookconfigurations',
    singular: 'mutatingwebhookconfiguration',
    shortNames: [],
    namespaced: false,
    categories: ['api-extensions'],
  },
  columns: [nameColumn, integerColumn('Webhooks', ({ webhooks }) => webhooks?.length ?? 0), ageColumn],
};
