import { podsView } from '../../../src/resources/pods/view.js';
import { runPrintCases } from '../print-cases.js';

runPrintCases(podsView, new URL('print-cases.json', import.meta.url));
