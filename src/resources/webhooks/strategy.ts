/**
 * What MutatingWebhookConfigurations and ValidatingWebhookConfigurations have in common: pkg/registry/admissionregistration/
 * {mutating,validating}webhookconfiguration/strategy.go.
 */
import type { KubeObject } from '../../api/object.js';
import type { Strategy } from '../../api/resource.js';
import { validateObjectMetaUpdate } from '../meta/validation.js';
import { defaultWebhook } from './defaults.js';
import type { Webhook } from './types.js';
import { validateConfiguration } from './validation.js';

export const configurationStrategy = <T extends KubeObject & { readonly webhooks?: readonly Webhook[] }>(isMutating: boolean): Strategy<T> => ({
  defaults: (configuration) =>
    configuration.webhooks === undefined
      ? configuration
      : { ...configuration, webhooks: configuration.webhooks.map((webhook) => defaultWebhook(webhook, isMutating)) },
  validate: ({ metadata, webhooks }) => validateConfiguration(metadata, webhooks ?? []),
  validateUpdate: ({ metadata, webhooks }, old) => {
    const errors = validateConfiguration(metadata, webhooks ?? []);
    validateObjectMetaUpdate(metadata, old.metadata, errors);
    return errors;
  },
  hasGeneration: true,
  hasStatus: false,
  allowUnconditionalUpdate: false,
});
