import { nodesView } from '../../../src/resources/nodes/view.js';
import { runPrintCases } from '../print-cases.js';

runPrintCases(nodesView, new URL('print-cases.json', import.meta.url));
