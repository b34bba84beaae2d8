import { validatingwebhookconfigurations } from '../../../src/resources/validatingwebhookconfigurations/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(validatingwebhookconfigurations, ...['validatingwebhook']);
