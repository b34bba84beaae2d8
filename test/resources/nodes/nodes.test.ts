import { nodes } from '../../../src/resources/nodes/index.js';
import { runPrinting } from '../golden.js';

runPrinting(nodes, 'node-control-plane', 'node-noaddr-notready-cordoned', 'node-notready', 'node-ready', 'node-unknown');
