import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { ValidatingWebhookConfiguration } from './types.js';
import { view } from './view.js';

export const validatingwebhookconfigurations: Resource<ValidatingWebhookConfiguration> = { ...view, schema: 'V1ValidatingWebhookConfiguration', strategy };
