import { ingresses } from '../../../src/resources/ingresses/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(ingresses, ['ingress-backend-old-fields', 'ingress-old-api-version']);
runDefaulting(ingresses, ...['ingress-default-backend', 'ingress-rules']);
runPrinting(ingresses, ...['ingress', 'ingress-default']);
