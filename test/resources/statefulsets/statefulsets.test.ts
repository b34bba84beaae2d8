import { statefulsets } from '../../../src/resources/statefulsets/index.js';
import { runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(statefulsets);
runPrinting(statefulsets, 'statefulset');
