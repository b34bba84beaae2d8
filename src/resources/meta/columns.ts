/** Cells that many kinds share: pkg/printers/internalversion/printers.go. */
import type { KubeObject } from '../../api/object.js';
import type { Column } from '../../api/resource.js';
import { parseTime, type Time } from '../../api/time.js';
import { humanDuration } from '../../text/human-duration.js';

/** `5m1s` since an API time; `<unknown>` without one (ConvertToHumanReadableDateType, translateTimestampSince). */
export function ageOf(timestamp: string | null | undefined, now: Time): string {
  const at = timestamp ? parseTime(timestamp) : undefined;
  return at === undefined ? '<unknown>' : humanDuration(now - at);
}

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (object: KubeObject) => object.metadata.name ?? '',
};

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  cell: (object: KubeObject, now: Time) => ageOf(object.metadata.creationTimestamp, now),
};

/** labels.FormatLabels: `a=b,c=d` sorted by key, `<none>` when empty. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels?.[key]}`).join(',');
}
