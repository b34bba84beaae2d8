/** The rows of the containers: their runs, and what they waited for in between. */
import type { Time } from '../../api/time.js';
import type { ContainerState } from '../../resources/pods/types.js';
import { type Evidence, firstOf } from './evidence.js';
import type { Row, RowKind, Tone } from './model.js';
import { endOf, type Point, spansOf, statusesOf, timeOf } from './times.js';

/** One instance of a container. */
export interface Run {
  readonly id?: string;
  /** Absent: it could not be started, or nobody knows. */
  readonly from?: Time;
  /** Absent: it runs. */
  readonly to?: Time;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  /** It was told to stop: when, and how many ms it was given. */
  readonly stop?: { readonly at: number; readonly grace: number; readonly signal?: string };
  /** The runtime has said so: to the millisecond. */
  readonly isExact: boolean;
}

interface Named {
  readonly kind: RowKind;
  readonly name: string;
}

/** In the order they start. */
export function containersOf({ pod }: Evidence): readonly Named[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  return [
    ...initContainers.map(({ name, restartPolicy }): Named => ({ kind: restartPolicy === 'Always' ? 'sidecar' : 'initContainer', name })),
    ...containers.map(({ name }): Named => ({ kind: 'container', name })),
    ...ephemeralContainers.map(({ name }): Named => ({ kind: 'ephemeralContainer', name })),
  ];
}

export const containerRows = (evidence: Evidence): readonly Row[] => containersOf(evidence).map((container) => containerRow(evidence, container));

/** What waits for nothing but its turn. */
const EXPECTED: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing', '']);

function containerRow(evidence: Evidence, { kind, name }: Named): Row {
  const status = statusesOf(evidence.pod).find((one) => one.name === name);
  const runs = runsOf(evidence, name);
  const restarts = status?.restartCount ?? 0;
  const points: Point[] = [];
  const begin = timeOf(evidence.pod.status?.startTime);
  const firstRun = runs[0];
  if (begin !== undefined && (status !== undefined || firstRun !== undefined)) {
    const reason = (evidence.pod.spec.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating';
    const created = evidence.versions.find(({ pod }) => statusesOf(pod).some((one) => one.name === name));
    const seen = evidence.isFromCreation ? created?.at : undefined;
    // An ephemeral container comes when the pod is there already.
    if (kind !== 'ephemeralContainer') points.push({ at: seen ?? begin, state: reason, tone: 'waiting' });
    else if (seen !== undefined) points.push({ at: seen, state: 'ContainerCreating', tone: 'waiting' });
  }
  const missing = missingRuns(evidence, name, runs);
  const since = missing > 0 ? (startedFirst(evidence, name) ?? begin) : undefined;
  if (since !== undefined && since < (firstRun?.from ?? firstRun?.to ?? endOf(evidence)))
    points.push({ at: since, state: missing === 1 ? '1 run not on record' : `${missing} runs not on record`, tone: 'unknown' });
  for (const [i, run] of runs.entries()) {
    const restart = restarts > 0 ? Math.max(0, restarts - (runs.length - 1 - i)) : i;
    points.push(...runPoints(run, restart));
  }
  points.push(...waitPoints(evidence, name, runs));
  return { kind, name, spans: spansOf(points, endOf(evidence)), ...(status === undefined ? {} : { restartCount: restarts }) };
}

function runPoints(run: Run, restart: number): readonly Point[] {
  const { from, to, exitCode, reason, message, isExact } = run;
  const rough = isExact ? {} : ({ isApproximate: true } as const);
  const points: Point[] = [];
  if (from !== undefined) points.push({ at: from, state: 'Running', tone: 'good', restart, ...rough });
  if (to !== undefined) {
    const isGood = exitCode === 0;
    const state = reason ?? (exitCode === undefined ? 'ended' : isGood ? 'Completed' : 'Error');
    const tone: Tone = exitCode === undefined ? 'unknown' : isGood ? 'done' : 'failed';
    points.push({ at: to, state, tone, restart, ...(exitCode === undefined ? {} : { exitCode }), ...(message === undefined ? {} : { message }), ...rough });
  }
  return points;
}

/** So many runs its restartCount tells of and nobody else. */
export function missingRuns(evidence: Evidence, name: string, runs: readonly Run[] = runsOf(evidence, name)): number {
  const status = statusesOf(evidence.pod).find((one) => one.name === name);
  if (status === undefined) return 0;
  const { state, lastState, restartCount } = status;
  const hasRun = state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined;
  return Math.max(0, restartCount + (hasRun ? 1 : 0) - runs.length);
}

/** When a container began to be made for the first time, as far as its Events say. */
export function startedFirst({ events }: Evidence, name: string): Time | undefined {
  const event = events.find(
    ({ reason, involvedObject }) => (reason === 'Started' || reason === 'Created') && involvedObject.fieldPath?.endsWith(`{${name}}`) === true,
  );
  return event === undefined ? undefined : firstOf(event);
}

/** Why it waited, as its status said: from the versions there are, from the journal, and from what the object says now. */
function waitPoints(evidence: Evidence, name: string, runs: readonly Run[]): readonly Point[] {
  const points: Point[] = [];
  const add = (at: Time | undefined, { reason = '', message }: NonNullable<ContainerState['waiting']>, more: Partial<Point> = {}): void => {
    if (at !== undefined)
      points.push({ at, state: reason, tone: EXPECTED.has(reason) ? 'waiting' : 'trouble', ...(message === undefined ? {} : { message }), ...more });
  };
  const firstVersion = evidence.versions[0]?.at ?? Number.POSITIVE_INFINITY;
  for (const entry of evidence.journal) if (entry.type === 'wait' && entry.container === name && entry.at < firstVersion) add(entry.at as Time, entry);
  let before: string | undefined;
  for (const [i, { at, pod }] of evidence.versions.entries()) {
    const waiting = statusesOf(pod).find((one) => one.name === name)?.state?.waiting;
    if (waiting !== undefined && waiting.reason !== before && (i > 0 || evidence.isFromCreation)) add(at, waiting);
    before = waiting?.reason;
  }
  const now = statusesOf(evidence.pod).find((one) => one.name === name)?.state?.waiting;
  const isKnown = points.some(({ state }) => state === now?.reason);
  if (now !== undefined && !EXPECTED.has(now.reason ?? '') && !isKnown) add(waitingSince(evidence, name, runs), now, { isApproximate: true });
  return points;
}

/** The object does not say since when: since the last run ended, or since its first trouble was reported. */
function waitingSince({ events, pod }: Evidence, name: string, runs: readonly Run[]): Time | undefined {
  const ended = runs.at(-1)?.to;
  if (ended !== undefined) return ended;
  const failed = events.find(({ type, involvedObject }) => type === 'Warning' && involvedObject.fieldPath?.endsWith(`{${name}}`) === true);
  return (failed === undefined ? undefined : firstOf(failed)) ?? timeOf(pod.status?.startTime);
}

/** All runs of a container that anybody remembers, oldest first. */
export function runsOf(evidence: Evidence, name: string): readonly Run[] {
  const runs = new Map<string, Run>();
  const note = (id: string | undefined, run: Run): void => {
    const key = id ?? String(run.from ?? run.to ?? 0);
    const known = runs.get(key);
    if (known === undefined || (!known.isExact && run.isExact)) runs.set(key, { ...known, ...run, ...(id === undefined ? {} : { id }) });
    else if (known.to === undefined && run.to !== undefined) runs.set(key, { ...run, ...known, to: run.to });
  };
  const ids = new Map<string, string>();
  for (const pod of [...evidence.versions.map((version) => version.pod), evidence.pod])
    for (const status of statusesOf(pod))
      if (status.name === name) {
        for (const state of [status.lastState, status.state]) noteState(state, status.containerID, note);
        if (status.containerID !== undefined) ids.set(bare(status.containerID), name);
      }
  for (const entry of evidence.journal)
    if (entry.type === 'run' && entry.container === name) note(entry.id, { ...timesOf(entry.from, entry.to), ...pick(entry), isExact: true });
  for (const { containers } of evidence.sandboxes)
    for (const one of containers)
      if (runs.has(one.id) || ids.has(one.id)) note(one.id, { ...timesOf(one.startedAt, one.finishedAt), ...pick(one), isExact: true });
  if (evidence.isFromEvents === true) noteStarts(evidence, name, note);
  return [...runs.values()].sort((a, b) => (a.from ?? a.to ?? 0) - (b.from ?? b.to ?? 0));
}

const bare = (id: string): string => id.replace(/^[a-z-]+:\/\//, '');

type Note = (id: string | undefined, run: Run) => void;

function noteState(state: ContainerState | undefined, containerID: string | undefined, note: Note): void {
  const { running, terminated } = state ?? {};
  if (running !== undefined)
    note(containerID === undefined ? undefined : bare(containerID), { ...timesOf(timeOf(running.startedAt), undefined), isExact: false });
  if (terminated === undefined) return;
  const { startedAt, finishedAt } = terminated;
  const to = timeOf(finishedAt);
  if (to === undefined) return;
  const id = terminated.containerID;
  note(id === undefined || id === '' ? undefined : bare(id), { ...timesOf(timeOf(startedAt), to), ...pick(terminated), isExact: false });
}

/** Of a pod that is gone: that it was started is all there is. */
function noteStarts({ events, writes }: Evidence, name: string, note: Note): void {
  for (const event of events) {
    if (event.reason !== 'Started' || event.involvedObject.fieldPath?.endsWith(`{${name}}`) !== true) continue;
    const times = [firstOf(event), ...writes.filter((write) => write.event.metadata.name === event.metadata.name).map(({ at }) => at)];
    for (const at of new Set(times)) if (at !== undefined) note(undefined, { from: at, isExact: true });
  }
}

const timesOf = (from: number | undefined, to: number | undefined): Pick<Run, 'from' | 'to'> => ({
  ...(from === undefined || from <= 0 ? {} : { from: from as Time }),
  ...(to === undefined ? {} : { to: to as Time }),
});

function pick({ exitCode, reason, message, stop }: { readonly [K in 'exitCode' | 'reason' | 'message' | 'stop']?: Run[K] | undefined }): Partial<Run> {
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined || message === '' ? {} : { message }),
    ...(stop === undefined ? {} : { stop }),
  };
}
