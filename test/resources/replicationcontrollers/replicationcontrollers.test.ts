import { replicationcontrollers } from '../../../src/resources/replicationcontrollers/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(replicationcontrollers);
runDefaulting(replicationcontrollers, 'replicationcontroller-minimal', 'replicationcontroller-selector');
