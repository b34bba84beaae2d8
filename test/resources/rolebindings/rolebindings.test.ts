import { rolebindings } from '../../../src/resources/rolebindings/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(rolebindings);
runDefaulting(rolebindings, ...['rolebinding']);
runPrinting(rolebindings, ...['rolebinding']);
