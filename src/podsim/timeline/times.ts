/** Instants that several parts of the model go by, and how points in time become spans. */
import { parseTime, type Time } from '../../api/time.js';
import type { ContainerStatus, Pod } from '../../resources/pods/types.js';
import { type Evidence, firstOf } from './evidence.js';
import type { Span } from './model.js';

export const timeOf = (text: string | null | undefined): Time | undefined => {
  const at = text ? parseTime(text) : undefined;
  // Containers that could not be started have 1970 for a start.
  return at === undefined || at <= 0 ? undefined : at;
};

/** The object's creation; to the millisecond if the store still has it. */
export function createdAt({ pod, versions, isFromCreation, events, now }: Evidence): Time {
  const first = isFromCreation ? versions[0]?.at : undefined;
  return first ?? timeOf(pod.metadata.creationTimestamp) ?? (events[0] === undefined ? undefined : firstOf(events[0])) ?? now;
}

/** Where rows end. */
export const endOf = ({ removedAt, now }: Evidence): Time => removedAt ?? now;

/** All statuses of its containers. */
export const statusesOf = ({ status }: Pod): readonly ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
  ...(status?.ephemeralContainerStatuses ?? []),
];

/** From then on something is so, until the next point. */
export type Point = Omit<Span, 'from' | 'to'> & { readonly at: Time };

/**
 * Spans between points, which may come in any order. Of two points alike that follow each other the first counts; one known to the second
 * gives way to an exact one of the same state within that second. `seal`: an undefined state ends the span before and begins none.
 */
export function spansOf(points: readonly Point[], end: Time): readonly Span[] {
  const isRough = (point: Point): boolean =>
    point.isApproximate === true &&
    points.some(
      (other) =>
        other.isApproximate !== true &&
        other.state === point.state &&
        other.restart === point.restart &&
        other.at - point.at >= 0 &&
        other.at - point.at < 1000,
    );
  const kept = points.filter((point) => !isRough(point)).sort((a, b) => a.at - b.at);
  const spans: Span[] = [];
  for (const [i, { at, ...state }] of kept.entries()) {
    const to = (kept[i + 1]?.at ?? Math.max(end, at)) as Time;
    const before = spans.at(-1);
    if (before !== undefined && before.state === state.state && before.restart === state.restart && before.exitCode === state.exitCode)
      spans[spans.length - 1] = { ...before, to };
    else if (to > at || i === kept.length - 1) spans.push({ from: at, to, ...state });
  }
  return spans;
}
