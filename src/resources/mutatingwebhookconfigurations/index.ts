import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { MutatingWebhookConfiguration } from './types.js';
import { view } from './view.js';

export const mutatingwebhookconfigurations: Resource<MutatingWebhookConfiguration> = { ...view, schema: 'V1MutatingWebhookConfiguration', strategy };
