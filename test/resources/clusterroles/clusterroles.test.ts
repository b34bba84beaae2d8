import { clusterroles } from '../../../src/resources/clusterroles/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(clusterroles);
runDefaulting(clusterroles, ...['clusterrole-aggregate']);
