/** pkg/registry/core/event/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { Event } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<Event> = {
  defaults,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
};

/** Fields whose JSON tags have no omitempty are always there. */
function defaults(event: Event): Event {
  const isComplete = event.source && event.eventTime !== undefined && event.firstTimestamp !== undefined && event.lastTimestamp !== undefined;
  if (isComplete && event.reportingComponent !== undefined && event.reportingInstance !== undefined && event.involvedObject) return event;
  return {
    ...event,
    involvedObject: event.involvedObject ?? {},
    source: event.source ?? {},
    eventTime: event.eventTime ?? null,
    firstTimestamp: event.firstTimestamp ?? null,
    lastTimestamp: event.lastTimestamp ?? null,
    reportingComponent: event.reportingComponent ?? '',
    reportingInstance: event.reportingInstance ?? '',
  };
}
