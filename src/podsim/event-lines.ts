/** What changed on the way, one line an event, as `kubectl get events` has it: the time, TYPE, REASON, OBJECT, MESSAGE. */
import { formatTime, parseTime } from '../api/time.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Event } from '../resources/events/types.js';

/** Begins to listen; the function it returns gives the lines of the events recorded since, in order. */
export function newEvents(cluster: Cluster): () => readonly string[] {
  const rows: string[][] = [];
  const stop = cluster.store.watch('events', (change) => {
    if (change.type === 'DELETED') return;
    const event = change.object as Event;
    const { involvedObject } = event;
    const namespace = involvedObject.namespace === undefined || involvedObject.namespace === 'default' ? '' : `${involvedObject.namespace}/`;
    const at = parseTime(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? '') ?? cluster.now;
    rows.push([
      formatTime(at),
      event.type ?? 'Normal',
      event.reason ?? '',
      `${namespace}${involvedObject.kind?.toLowerCase()}/${involvedObject.name}`,
      (event.message ?? '').trim(),
    ]);
  });
  return () => {
    stop();
    const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
    return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  };
}
