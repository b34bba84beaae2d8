import type { Resource } from '../../api/resource.js';
import { view as eventsView } from './events-view.js';
import { strategy } from './strategy.js';
import type { Event } from './types.js';
import { view } from './view.js';

export const events: Resource<Event> = { ...view, schema: 'CoreV1Event', strategy };
/** events.k8s.io/v1. */
export const eventsEvents: Resource<Event> = { ...eventsView, schema: 'EventsV1Event', strategy };
