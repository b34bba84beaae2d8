import { endpoints } from '../../../src/resources/endpoints/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(endpoints, 'endpoints');
