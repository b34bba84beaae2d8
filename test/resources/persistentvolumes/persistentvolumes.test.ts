import { persistentvolumes } from '../../../src/resources/persistentvolumes/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(persistentvolumes);
runDefaulting(persistentvolumes, ...['pv-hostpath', 'pv-local']);
runPrinting(persistentvolumes, ...['pv-available', 'pv-failed']);
