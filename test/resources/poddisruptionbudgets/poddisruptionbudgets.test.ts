import { poddisruptionbudgets } from '../../../src/resources/poddisruptionbudgets/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(poddisruptionbudgets);
runDefaulting(poddisruptionbudgets, 'pdb-max', 'pdb-min');
runPrinting(poddisruptionbudgets, 'pdb');
