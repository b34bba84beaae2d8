/** The events.k8s.io recorder (tools/events), which the scheduler uses. */
import type { KubeObject } from '../../api/object.js';
import { formatMicroTime, minutes, type Time } from '../../api/time.js';
import type { Noted, Occurrence } from './known.js';
import { referenceTo } from './reference.js';
import { create, update } from './write.js';

/** How often the count of a series is written, and how long it may be idle. */
const SERIES_WRITE = minutes(30);
const SERIES_IDLE = minutes(6);

/** The first repeat makes a series of the Event, later ones are counted and written now and then. */
export function recordSeries(occurrence: Occurrence, known: readonly Noted[], action: string, related: KubeObject | undefined): void {
  const { now, state, hostname, involvedObject, source, type, reason, message } = occurrence;
  const same = known.findLast(
    (event) =>
      event.source === source &&
      event.isSeries &&
      event.type === type &&
      event.action === action &&
      event.reason === reason &&
      event.fieldPath === involvedObject.fieldPath &&
      // The whole reference is the key (tools/events getKey): a pod that has been written since begins a new Event.
      event.version === involvedObject.resourceVersion,
  );
  const key = `series/${involvedObject.uid ?? ''}/${same?.name ?? ''}`;
  if (same !== undefined) {
    const memory = state.get<{ count: number; last: number; written: number }>(key);
    const last = memory?.last ?? same.last;
    if (now - last < SERIES_IDLE) {
      const count = (memory?.count ?? same.series?.count ?? 1) + 1;
      const due = same.series === undefined || now - (memory?.written ?? last) >= SERIES_WRITE;
      if (due) update(occurrence, same, { series: { count, lastObservedTime: formatMicroTime(now) } });
      state.set(key, { count, last: now, written: due ? now : (memory?.written ?? now) });
      return;
    }
    // Idle for too long: its count is written, it is forgotten, and a new Event begins.
    if (memory !== undefined && same.series !== undefined && memory.count !== same.series.count)
      update(occurrence, same, { series: { count: memory.count, lastObservedTime: formatMicroTime(memory.last as Time) } });
    state.delete(key);
  }
  create(occurrence, {
    message,
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: formatMicroTime(now),
    action,
    reportingComponent: source,
    reportingInstance: `${source}-${hostname ?? 'control-plane'}`,
    ...(related === undefined ? {} : { related: referenceTo(related) }),
  });
}
