import { roles } from '../../../src/resources/roles/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(roles);
runDefaulting(roles, ...['role']);
runPrinting(roles, ...['role']);
