import { namespaces } from '../../../src/resources/namespaces/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(namespaces);
runDefaulting(namespaces, 'namespace-finalizers');
runPrinting(namespaces, 'namespace-terminating');
