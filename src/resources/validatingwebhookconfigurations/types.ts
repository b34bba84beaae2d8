/** admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration (k8s.io/api/admissionregistration/v1). */
import type { KubeObject } from '../../api/object.js';
import type { Webhook } from '../webhooks/types.js';

export interface ValidatingWebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}
