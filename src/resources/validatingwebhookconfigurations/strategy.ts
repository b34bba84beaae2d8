import type { Strategy } from '../../api/resource.js';
import { configurationStrategy } from '../webhooks/strategy.js';
import type { ValidatingWebhookConfiguration } from './types.js';

export const strategy: Strategy<ValidatingWebhookConfiguration> = configurationStrategy(false);
