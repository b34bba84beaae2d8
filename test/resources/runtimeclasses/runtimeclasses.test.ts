import { runtimeclasses } from '../../../src/resources/runtimeclasses/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(runtimeclasses, ...['runtimeclass']);
