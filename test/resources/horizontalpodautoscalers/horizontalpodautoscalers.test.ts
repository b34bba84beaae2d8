import { horizontalpodautoscalers } from '../../../src/resources/horizontalpodautoscalers/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(horizontalpodautoscalers);
runDefaulting(horizontalpodautoscalers, 'hpa-v2-behavior', 'hpa-v2-minimal');
runPrinting(horizontalpodautoscalers, 'hpa', 'hpa-unknown');
