import { limitranges } from '../../../src/resources/limitranges/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(limitranges);
runDefaulting(limitranges, ...['limitrange-container', 'limitrange-pvc-pod']);
