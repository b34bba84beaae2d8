/** Parts that many kinds' descriptions share: kubectl pkg/describe/describe.go. */
import type { KubeObject, ObjectMeta } from '../../api/object.js';
import type { DescribeOptions, IndentedWriter } from '../../api/resource.js';
import { parseTime, type Time } from '../../api/time.js';
import type { Reader } from '../../api/verbs.js';
import { goSort } from '../../text/go-sort.js';
import { ageOf } from './columns.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const ANNOTATION_WIDTH = 140;

/**
 * `title:` and one `k=v` a line under the value column; also node selectors. Written piece by piece as kubectl does: a nested
 * writer puts its indentation before every piece. `indent` stands in front of every line.
 */
export function describeLabels(out: IndentedWriter, title: string, labels: Readonly<Record<string, string>> | undefined, indent = ''): void {
  out.write(0, `${indent}${title}:\t`);
  const keys = Object.keys(labels ?? {}).sort();
  if (keys.length === 0) out.write(0, '<none>\n');
  keys.forEach((key, i) => {
    if (i > 0) {
      out.write(0, indent);
      out.write(0, '\t');
    }
    out.write(0, `${key}=${labels?.[key]}\n`);
  });
}

/** Annotations without last-applied; long and many-lined values go below their key. */
export function describeAnnotations(out: IndentedWriter, title: string, annotations: Readonly<Record<string, string>> | undefined): void {
  out.write(0, `${title}:\t`);
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== LAST_APPLIED)
    .sort();
  if (keys.length === 0) out.write(0, '<none>\n');
  keys.forEach((key, i) => {
    if (i > 0) out.write(0, '\t');
    const value = (annotations?.[key] ?? '').replace(/\n$/, '');
    if (Buffer.byteLength(value) + Buffer.byteLength(key) + 2 > ANNOTATION_WIDTH || value.includes('\n')) {
      out.write(0, `${key}:\n`);
      for (const line of value.split('\n')) out.write(0, `\t  ${shorten(line, ANNOTATION_WIDTH - 2)}\n`);
    } else out.write(0, `${key}: ${value}\n`);
  });
}

const shorten = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width)}...` : text);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC1123Z of an API time: `Thu, 01 Jan 2026 00:00:00 +0000`; absent: Go's zero time. */
export function describeTime(timestamp: string | null | undefined): string {
  const at = timestamp ? parseTime(timestamp) : undefined;
  if (at === undefined) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const zone = -date.getTimezoneOffset();
  const offset = `${zone < 0 ? '-' : '+'}${two(Math.floor(Math.abs(zone) / 60))}${two(Math.abs(zone) % 60)}`;
  return `${DAYS[date.getDay()]}, ${two(date.getDate())} ${MONTHS[date.getMonth()]} ${String(date.getFullYear()).padStart(4, '0')} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${offset}`;
}

/** `Controlled By:\tKind/name`, if the object has a controller. */
export function describeController(out: IndentedWriter, meta: ObjectMeta): void {
  const owner = meta.ownerReferences?.find((reference) => reference.controller === true);
  if (owner !== undefined) out.write(0, `Controlled By:\t${owner.kind}/${owner.name}\n`);
}

/** What the events table reads of a core/v1 Event. */
export interface DescribedEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string | null };
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly reportingComponent?: string;
}

/** Reads the events about `object` and prints their table, unless `--show-events=false`. */
export async function describeEventsOf(object: KubeObject, reader: Reader, out: IndentedWriter, options: DescribeOptions, kind = object.kind): Promise<void> {
  if (options.showEvents) describeEvents(await eventsOf(object, reader, kind), out, options.now);
}

/** Events whose involvedObject is `object` (client-go EventExpansion.Search). `kind` '' does not ask for one. */
export function eventsOf(object: KubeObject, reader: Reader, kind = object.kind): Promise<readonly DescribedEvent[]> {
  const { name = '', namespace = '', uid = '' } = object.metadata;
  const parts = [`involvedObject.name=${name}`];
  if (namespace !== '') parts.push(`involvedObject.namespace=${namespace}`);
  if (kind !== '') parts.push(`involvedObject.kind=${kind}`);
  if (uid !== '') parts.push(`involvedObject.uid=${uid}`);
  return reader.list<DescribedEvent>('events', { ...(namespace === '' ? {} : { namespace }), fieldSelector: parts.join(',') });
}

/** The events table: oldest lastTimestamp first, those without one before all. */
export function describeEvents(events: readonly DescribedEvent[], out: IndentedWriter, now: Time): void {
  if (events.length === 0) {
    out.write(0, 'Events:\t<none>\n');
    return;
  }
  out.flush();
  out.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  out.write(1, '----\t------\t----\t----\t-------\n');
  const last = (event: DescribedEvent): number => (event.lastTimestamp ? (parseTime(event.lastTimestamp) ?? 0) : Number.NEGATIVE_INFINITY);
  const sorted = [...events];
  goSort(sorted, (a, b) => last(a) < last(b));
  for (const event of sorted) {
    const from = event.source?.component || event.reportingComponent || '';
    out.write(1, `${event.type ?? ''}\t${event.reason ?? ''}\t${interval(event, now)}\t${from}\t${(event.message ?? '').trim()}\n`);
  }
}

function interval(event: DescribedEvent, now: Time): string {
  const first = ageOf(event.eventTime || event.firstTimestamp, now);
  if (event.series) return `${ageOf(event.series.lastObservedTime, now)} (x${event.series.count ?? 0} over ${first})`;
  if ((event.count ?? 0) > 1) return `${ageOf(event.lastTimestamp, now)} (x${event.count} over ${first})`;
  return first;
}
