import { daemonsets } from '../../../src/resources/daemonsets/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(daemonsets);
runDefaulting(daemonsets, 'daemonset-minimal', 'daemonset-ondelete');
