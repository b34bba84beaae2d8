/** events.k8s.io/v1: the same objects under other field names (pkg/apis/events/v1/conversion.go, k8s.io/api/events/v1). */
import type { KubeObject } from '../../api/object.js';
import type { ResourceView } from '../../api/resource.js';
import type { Event, EventSeries, EventSource, ObjectReference } from './types.js';
import { view as core } from './view.js';

/** The wire form. */
interface WireEvent extends KubeObject {
  readonly eventTime?: string | null;
  readonly series?: EventSeries;
  readonly reportingController?: string;
  readonly reportingInstance?: string;
  readonly action?: string;
  readonly reason?: string;
  readonly regarding?: ObjectReference;
  readonly related?: ObjectReference;
  readonly note?: string;
  readonly type?: string;
  readonly deprecatedSource?: EventSource;
  readonly deprecatedFirstTimestamp?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
  readonly deprecatedCount?: number;
}

const selectable = core.selectableFields ?? {};
const reference = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

export const view: ResourceView<Event> = {
  ...core,
  names: { ...core.names, group: 'events.k8s.io' },
  selectableFields: {
    ...Object.fromEntries(reference.map((field) => [`regarding.${field}`, selectable[`involvedObject.${field}`] as (event: Event) => string])),
    reason: ({ reason }) => reason ?? '',
    reportingController: ({ reportingComponent }) => reportingComponent ?? '',
    type: ({ type }) => type ?? '',
  },
  storedAs: { resource: 'events', fromStored, toStored },
};

/** `rest` without the keys whose value is undefined. */
function defined<T extends object>(rest: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function fromStored(event: Event): WireEvent {
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: event.metadata,
    ...defined({
      eventTime: event.eventTime ?? null,
      series: event.series,
      reportingController: event.reportingComponent || undefined,
      reportingInstance: event.reportingInstance || undefined,
      action: event.action,
      reason: event.reason,
      regarding: event.involvedObject,
      related: event.related,
      note: event.message,
      type: event.type,
      deprecatedSource: event.source ?? {},
      deprecatedFirstTimestamp: event.firstTimestamp ?? null,
      deprecatedLastTimestamp: event.lastTimestamp ?? null,
      deprecatedCount: event.count,
    }),
  };
}

function toStored(object: KubeObject): Event {
  const event = object as WireEvent;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: event.metadata,
    involvedObject: event.regarding ?? {},
    ...defined({
      reason: event.reason,
      message: event.note,
      source: event.deprecatedSource ?? {},
      firstTimestamp: event.deprecatedFirstTimestamp ?? null,
      lastTimestamp: event.deprecatedLastTimestamp ?? null,
      count: event.deprecatedCount,
      type: event.type,
      eventTime: event.eventTime ?? null,
      series: event.series,
      action: event.action,
      related: event.related,
      reportingComponent: event.reportingController ?? '',
      reportingInstance: event.reportingInstance ?? '',
    }),
  };
}
