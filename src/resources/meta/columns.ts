/** Columns and cells many kinds share: k8s.io/kubernetes pkg/printers/internalversion/printers.go. Loaded by every command. */

import { humanDuration } from '../../api/human-duration.js';
import type { KubeObject } from '../../api/object.js';
import type { Column } from '../../api/resource.js';
import { parseTime, type Time } from '../../api/time.js';

type TextColumn<T extends KubeObject> = Column<T> & { readonly type: 'string' };

/** A column of text. `priority` 1 shows it only with `-o wide`. */
export const textColumn = <T extends KubeObject>(name: string, cell: (object: T, now: Time) => string, priority = 0): TextColumn<T> => ({
  name,
  type: 'string',
  cell,
  ...(priority === 0 ? {} : { priority }),
});

/** A column of whole numbers. */
export const integerColumn = <T extends KubeObject>(name: string, cell: (object: T) => number, priority = 0): Column<T> => ({
  name,
  type: 'integer',
  cell,
  ...(priority === 0 ? {} : { priority }),
});

/** NAME, with the format that makes kubectl prefix it with the kind where that is asked for. */
export const nameColumn: Column = { name: 'Name', type: 'string', format: 'name', cell: ({ metadata }) => metadata.name ?? '' };

/** How long ago a timestamp was: translateTimestampSince. */
export function ageOf(timestamp: string | null | undefined, now: Time): string {
  const at = timestamp ? parseTime(timestamp) : undefined;
  return at === undefined ? '<unknown>' : humanDuration(now - at);
}

export const ageColumn: Column = { name: 'Age', type: 'string', cell: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now) };

/** What kinds without a printer of their own get: apiserver pkg/registry/rest/table.go (defaultTableConvertor). */
export const defaultColumns: readonly Column[] = [nameColumn, { name: 'Created At', type: 'date', cell: ({ metadata }) => metadata.creationTimestamp ?? null }];

/** `a,b,c + 2 more...` (formatEndpoints, formatHosts …); `none` when the list is empty. */
export function firstThree(list: readonly string[], none: string): string {
  if (list.length === 0) return none;
  const shown = list.slice(0, 3).join(',');
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
}

/** labels.FormatLabels: `k=v` by key, `<none>` without any. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? '<none>' : entries.map(([key, value]) => `${key}=${value}`).join(',');
}
