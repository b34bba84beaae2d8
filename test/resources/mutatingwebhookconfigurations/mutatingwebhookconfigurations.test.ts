import { mutatingwebhookconfigurations } from '../../../src/resources/mutatingwebhookconfigurations/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(mutatingwebhookconfigurations, ...['mutatingwebhook']);
