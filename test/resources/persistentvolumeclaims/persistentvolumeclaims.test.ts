import { persistentvolumeclaims } from '../../../src/resources/persistentvolumeclaims/index.js';
import { runDefaulting, runPrinting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(persistentvolumeclaims, ['limitrange-pvc-storage-too-big']);
runDefaulting(persistentvolumeclaims, ...['pvc-class-block']);
runPrinting(persistentvolumeclaims, ...['pvc-bound', 'pvc-pending', 'pvc-terminating']);
