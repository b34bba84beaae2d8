import { networkpolicies } from '../../../src/resources/networkpolicies/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(networkpolicies);
runDefaulting(networkpolicies, ...['networkpolicy-deny-all', 'networkpolicy-ingress']);
