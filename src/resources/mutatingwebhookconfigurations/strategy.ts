/** pkg/registry/admissionregistration/mutatingwebhookconfiguration/strategy.go. They are stored; no webhook is called. */
import type { Strategy } from '../../api/resource.js';
import { validateObjectMetaUpdate } from '../meta/validation.js';
import { defaultWebhook } from '../webhooks/defaults.js';
import { validateConfiguration } from '../webhooks/validation.js';
import type { MutatingWebhookConfiguration } from './types.js';

export const strategy: Strategy<MutatingWebhookConfiguration> = {
  defaults: (configuration) =>
    configuration.webhooks === undefined
      ? configuration
      : { ...configuration, webhooks: configuration.webhooks.map((webhook) => defaultWebhook(webhook, true)) },
  validate: ({ metadata, webhooks }) => validateConfiguration(metadata, webhooks ?? []),
  validateUpdate: (configuration, old) => {
    const errors = validateConfiguration(configuration.metadata, configuration.webhooks ?? []);
    validateObjectMetaUpdate(configuration.metadata, old.metadata, errors);
    return errors;
  },
  hasGeneration: true,
  hasStatus: false,
  allowUnconditionalUpdate: false,
};
