import { jobs } from '../../../src/resources/jobs/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

// An apply is a patch: what the server has generated stays.
runValidationCases(jobs, ['job-parallelism-update-ok']);
runDefaulting(jobs, 'job-completions', 'job-manual-selector', 'job-minimal', 'job-parallelism', 'job-podfailurepolicy', 'job-suspend-ttl');
runPrinting(jobs, 'job-complete', 'job-failed', 'job-failuretarget', 'job-nostatus', 'job-workqueue');
