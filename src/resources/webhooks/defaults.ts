/** pkg/apis/admissionregistration/v1/defaults.go. */
import type { RuleWithOperations, Webhook } from './types.js';

/** `isMutating`: reinvocationPolicy is theirs alone. */
export function defaultWebhook(webhook: Webhook, isMutating: boolean): Webhook {
  const { service } = webhook.clientConfig ?? {};
  return {
    ...webhook,
    clientConfig: service === undefined ? (webhook.clientConfig ?? {}) : { ...webhook.clientConfig, service: { ...service, port: service.port ?? 443 } },
    failurePolicy: webhook.failurePolicy ?? 'Fail',
    matchPolicy: webhook.matchPolicy ?? 'Equivalent',
    namespaceSelector: webhook.namespaceSelector ?? {},
    objectSelector: webhook.objectSelector ?? {},
    timeoutSeconds: webhook.timeoutSeconds ?? 10,
    ...(isMutating ? { reinvocationPolicy: webhook.reinvocationPolicy ?? 'Never' } : {}),
    ...(webhook.rules === undefined ? {} : { rules: webhook.rules.map(defaultRule) }),
  };
}

export const defaultRule = <T extends RuleWithOperations>(rule: T): T => ({ ...rule, scope: rule.scope ?? '*' });
