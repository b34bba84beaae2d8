import { configmaps } from '../../../src/resources/configmaps/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(configmaps, ['configmap-binary-data-bad']);
runDefaulting(configmaps, 'configmap');
runPrinting(configmaps, 'configmap');
