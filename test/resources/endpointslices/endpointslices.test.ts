import { endpointslices } from '../../../src/resources/endpointslices/index.js';
import { runDefaulting, runPrinting } from '../golden.js';

runDefaulting(endpointslices, 'endpointslice');
runPrinting(endpointslices, 'endpointslice');
