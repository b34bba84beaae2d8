import { events } from '../../../src/resources/events/index.js';
import { runDefaulting } from '../golden.js';

runDefaulting(events, 'event');
