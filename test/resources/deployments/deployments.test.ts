import { deployments } from '../../../src/resources/deployments/index.js';
import { runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(deployments, [
  'deployment-already-exists',
  'deployment-replicas-string',
  'deployment-unknown-field',
  'unknown-version',
  'quota-deployment-accepted-pods-not',
]);
runPrinting(deployments, 'deployment-none', 'deployment-ready', 'deployment-zero-paused');
