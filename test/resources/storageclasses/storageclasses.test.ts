import { storageclasses } from '../../../src/resources/storageclasses/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(storageclasses);
runDefaulting(storageclasses, ...['storageclass-wait']);
runPrinting(storageclasses, ...['storageclass-default']);
