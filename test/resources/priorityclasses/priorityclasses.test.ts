import { priorityclasses } from '../../../src/resources/priorityclasses/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(priorityclasses, ['priorityclass-second-global-default']);
runDefaulting(priorityclasses, ...['priorityclass']);
