import { ingressclasses } from '../../../src/resources/ingressclasses/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(ingressclasses, ...['ingressclass']);
