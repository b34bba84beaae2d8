import { clusterrolebindings } from '../../../src/resources/clusterrolebindings/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(clusterrolebindings, ...['clusterrolebinding']);
