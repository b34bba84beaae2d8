import { view } from '../../../src/resources/certificatesigningrequests/view.js';
import { runPrintCases } from '../print-cases.js';

runPrintCases(view, new URL('print-cases.json', import.meta.url));
