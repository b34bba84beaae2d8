import { replicasets } from '../../../src/resources/replicasets/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(replicasets);
runDefaulting(replicasets, 'replicaset-minimal');
