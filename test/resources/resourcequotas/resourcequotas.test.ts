import { resourcequotas } from '../../../src/resources/resourcequotas/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(resourcequotas);
runDefaulting(resourcequotas, ...['resourcequota-scopes', 'resourcequota']);
runPrinting(resourcequotas, ...['resourcequota']);
