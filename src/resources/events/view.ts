/**
 * What reading Events takes: printEvent of pkg/printers/internalversion/printers.go, field selectors of pkg/registry/core/event.
 * core/v1 and events.k8s.io/v1 serve the same objects; they are kept in the core form.
 */
import type { ResourceView } from '../../api/resource.js';
import { parseTime, type Time } from '../../api/time.js';
import { ageOf, integerColumn, textColumn } from '../meta/columns.js';
import type { Event } from './types.js';

/** kube-apiserver --event-ttl, in ms: counted from the last write of the event. */
const TTL = 3_600_000;

export const view: ResourceView<Event> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'Event',
    plural: 'events',
    singular: 'event',
    shortNames: ['ev'],
    namespaced: true,
    categories: [],
  },
  columns: [
    textColumn('Last Seen', lastSeen),
    textColumn('Type', ({ type }) => type ?? ''),
    textColumn('Reason', ({ reason }) => reason ?? ''),
    textColumn('Object', ({ involvedObject: { kind, name } }) => (name ? `${(kind ?? '').toLowerCase()}/${name}` : (kind ?? '').toLowerCase())),
    textColumn('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? '', 1),
    textColumn('Source', source, 1),
    textColumn('Message', ({ message }) => (message ?? '').trim()),
    textColumn('First Seen', firstSeen, 1),
    integerColumn('Count', ({ series, count }) => (series ? series.count : count || 1), 1),
    { name: 'Name', type: 'string', format: 'name', priority: 1, cell: ({ metadata }) => metadata.name ?? '' },
  ],
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingComponent: ({ reportingComponent }) => reportingComponent ?? '',
    source: ({ source, reportingComponent }) => source?.component || reportingComponent || '',
    type: ({ type }) => type ?? '',
  },
  isSeldomRead: true,
  observe: (event, now) => (now - lastWritten(event) > TTL ? undefined : event),
};

function firstSeen(event: Event, now: Time): string {
  return ageOf(event.firstTimestamp || event.eventTime, now);
}

function lastSeen(event: Event, now: Time): string {
  if (event.series) return ageOf(event.series.lastObservedTime, now);
  return event.lastTimestamp ? ageOf(event.lastTimestamp, now) : firstSeen(event, now);
}

function source({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || '';
  const host = source?.host || reportingInstance || '';
  return host === '' ? component : `${component}, ${host}`;
}

function lastWritten({ metadata, lastTimestamp, eventTime, series }: Event): number {
  let latest = 0;
  for (const text of [metadata.creationTimestamp, lastTimestamp, eventTime, series?.lastObservedTime]) {
    const at = text ? parseTime(text) : undefined;
    if (at !== undefined && at > latest) latest = at;
  }
  return latest;
}
