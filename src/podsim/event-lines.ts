/** What changed on the way, one line an event, as `kubectl get events` has it: the time, TYPE, REASON, OBJECT, MESSAGE. */
import { formatTime, parseTime } from '../api/time.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Event } from '../resources/events/types.js';

/** Begins to listen; the function it returns gives the lines of the events recorded since, in order. */
export function newEvents(cluster: Cluster): () => readonly string[] {
  const lines: string[] = [];
  const stop = cluster.store.watch('events', (change) => {
    if (change.type === 'DELETED') return;
    const event = change.object as Event;
    const { involvedObject } = event;
    const namespace = involvedObject.namespace === undefined || involvedObject.namespace === 'default' ? '' : `${involvedObject.namespace}/`;
    const at = parseTime(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? '') ?? cluster.now;
    lines.push(
      [
        formatTime(at),
        (event.type ?? 'Normal').padEnd(7),
        event.reason ?? '',
        `${namespace}${involvedObject.kind?.toLowerCase()}/${involvedObject.name}`,
        (event.message ?? '').trim(),
      ].join('  '),
    );
  });
  return () => {
    stop();
    return lines;
  };
}
