import { cronjobs } from '../../../src/resources/cronjobs/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(cronjobs);
runDefaulting(cronjobs, 'cronjob-minimal');
runPrinting(cronjobs, 'cronjob-active', 'cronjob-fresh', 'cronjob-suspended');
