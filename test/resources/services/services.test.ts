import { services } from '../../../src/resources/services/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(services, ['quota-nodeports-exceeded']);
runDefaulting(
  services,
  ...['service-clusterip', 'service-externalname', 'service-headless-noports', 'service-headless', 'service-loadbalancer'],
  ...['service-nodeport-fixed-local', 'service-nodeport', 'service-noselector-affinity'],
);
runPrinting(
  services,
  ...['service-cip', 'service-headless', 'service-lb-host', 'service-lb-ip', 'service-lb-pending', 'service-named', 'service-nosel', 'service-np'],
);
