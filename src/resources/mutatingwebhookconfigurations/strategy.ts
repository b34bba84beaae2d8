import type { Strategy } from '../../api/resource.js';
import { configurationStrategy } from '../webhooks/strategy.js';
import type { MutatingWebhookConfiguration } from './types.js';

export const strategy: Strategy<MutatingWebhookConfiguration> = configurationStrategy(true);
