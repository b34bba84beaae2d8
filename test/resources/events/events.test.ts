import { events } from '../../../src/resources/events/index.js';
import { runDefaulting } from '../golden.js';
import { runValidationCases } from '../validation-cases.js';

runValidationCases(events);
runDefaulting(events, 'event');
