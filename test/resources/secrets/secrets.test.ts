import { secrets } from '../../../src/resources/secrets/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(secrets, ['secret-invalid-base64']);
runDefaulting(secrets, 'secret-immutable', 'secret-tls-type');
