import { pods } from '../../../src/resources/pods/index.js';
import { runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

/** Decided by decoding, admission or the store. */
const ELSEWHERE = [
  ...['pod-bad-quantity', 'pod-unknown-field', 'pod-unknown-field-beats-invalid', 'pod-env-value-number', 'pod-command-as-string', 'pod-label-value-number'],
  ...['namespace-not-found-beats-invalid', 'priority-class-not-found', 'quota-two-resources-exceeded', 'quota-cpu-must-specify-two-containers'],
  ...['limitrange-cpu-max-exceeded', 'limitrange-min-without-request', 'limitrange-user-request-over-default-limit', 'limitrange-pod-max-exceeded'],
  ...['podsecurity-baseline-host-namespaces-and-path', 'podsecurity-baseline-capability', 'podsecurity-warn-pod'],
];

runValidationCases(pods, ELSEWHERE);
runPrinting(
  pods,
  ...['pod-completed', 'pod-completed-and-running', 'pod-containercreating', 'pod-crashloop', 'pod-createcontainerconfigerror', 'pod-deadline'],
  ...['pod-errimageneverpull', 'pod-errimagepull', 'pod-error', 'pod-exitcode', 'pod-init-0-of-1', 'pod-init-0-of-2', 'pod-init-crashloop'],
  ...['pod-init-error', 'pod-init-exitcode', 'pod-init-failed-never', 'pod-init-oomkilled', 'pod-init-signal', 'pod-invalidimagename'],
  ...['pod-nodelost-not-deleted', 'pod-oomkilled', 'pod-outofcpu', 'pod-pending-unscheduled', 'pod-phase-unknown', 'pod-podinitializing'],
  ...['pod-preempting-nominated', 'pod-readiness-gates', 'pod-rich', 'pod-running', 'pod-running-restarts-sum', 'pod-scheduling-gated'],
  ...['pod-sidecar-crashloop', 'pod-sidecar-starting', 'pod-signal', 'pod-terminating-future', 'pod-terminating-long', 'pod-terminating-succeeded'],
  'pod-unknown-nodelost',
);
