/** What reading ValidatingWebhookConfigurations takes: printValidatingWebhook of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn } from '../meta/columns.js';
import type { ValidatingWebhookConfiguration } from './types.js';

export const view: ResourceView<ValidatingWebhookConfiguration> = {
  names: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
    singular: 'validatingwebhookconfiguration',
    shortNames: [],
    namespaced: false,
    categories: ['api-extensions'],
  },
  columns: [nameColumn, integerColumn('Webhooks', ({ webhooks }) => webhooks?.length ?? 0), ageColumn],
};
