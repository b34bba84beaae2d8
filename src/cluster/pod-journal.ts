/**
 * What the API forgets of a pod and nobody else keeps: runs of containers before the last two, conditions before their last flip, why a
 * container waited. `podsim timeline` draws it. Only what will be lost is written down (a restart, a flip of a condition), so a pod that starts and runs, or runs to
 * its end, has no journal at all. Deleted pods are kept for as long as their Events, a few of them.
 */
import type { Mutable, ObjectKey } from '../api/object.js';
import type { StateMap } from '../api/reconciler.js';
import { minutes, parseTime, type Time } from '../api/time.js';
import type { Api, WatchEvent } from '../api/verbs.js';
import { entryKey, loadEntry } from '../kubelet/record.js';
import type { ContainerStatus, Pod, PodStatus } from '../resources/pods/types.js';
import { type ContainerRecord, loadSandbox } from '../runtime/state.js';

/** A container's run that ended and was followed by another. Times in ms. */
export interface JournalRun {
  readonly type: 'run';
  readonly container: string;
  readonly id: string;
  readonly attempt?: number;
  readonly from?: number;
  readonly to?: number;
  readonly exitCode?: number;
  readonly reason?: string;
  /** It was told to stop. */
  readonly stop?: ContainerRecord['stop'];
}
/** From then on the container waited for this reason. */
export interface JournalWait {
  readonly type: 'wait';
  readonly container: string;
  readonly reason: string;
  readonly at: number;
}
/** From then on these conditions had this status; a list, comma separated. */
export interface JournalCondition {
  readonly type: 'condition';
  readonly conditions: string;
  readonly status: string;
  readonly at: number;
  /** `at` is the object's: to the second. */
  readonly isRough?: true;
}
export type JournalEntry = JournalRun | JournalWait | JournalCondition;

export interface PodJournal {
  readonly uid: string;
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
  /** So many older ones are no longer there. */
  readonly dropped?: number;
}

/** A sandbox as far as a timeline is concerned; times in ms. */
export interface SandboxTrace {
  readonly id: string;
  readonly ip: string;
  readonly createdAt: number;
  readonly containers: readonly Pick<
    ContainerRecord,
    'id' | 'state' | 'createdAt' | 'startedAt' | 'finishedAt' | 'exitCode' | 'reason' | 'stop' | 'pid' | 'killAt' | 'message'
  >[];
}

/** A pod that has been deleted, as it was last (without managedFields). */
export interface DeletedPod {
  readonly at: number;
  readonly pod: Pod;
  readonly sandboxes: readonly SandboxTrace[];
  readonly journal?: PodJournal;
}

/** Some five hours of a crash loop. */
const MOST_ENTRIES = 240;
const MOST_DELETED = 20;
/** As long as Events are kept. */
const KEPT = minutes(60);
/** Of the deleted pods, in turn: no list of them has to be kept in order while ten thousand go. */
const slotKey = (deletion: number): string => `deleted/pods/${deletion % MOST_DELETED}`;
/** How many pods have been deleted. */
const DELETIONS = 'deleted/count';

const journalKey = ({ namespace, name }: ObjectKey): string => `journal/pods/${namespace}/${name}`;
const keyOfPod = ({ metadata }: Pod): ObjectKey => ({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' });

/** The pod's journal; undefined: nothing of it has been lost. */
export function podJournal(state: StateMap, pod: Pod): PodJournal | undefined {
  const found = state.get<PodJournal>(journalKey(keyOfPod(pod)));
  return found?.uid === pod.metadata.uid ? found : undefined;
}

/** The last pod of that name that was deleted within the last hour, if it is one of the last twenty. */
export function deletedPod(state: StateMap, { namespace, name }: ObjectKey, now: Time): DeletedPod | undefined {
  const count = state.get<number>(DELETIONS) ?? 0;
  for (let deletion = count - 1; deletion >= Math.max(0, count - MOST_DELETED); deletion--) {
    const found = state.get<DeletedPod>(slotKey(deletion));
    if (found?.pod.metadata.name === name && found.pod.metadata.namespace === namespace) return now - found.at > KEPT ? undefined : found;
  }
  return undefined;
}

/** What the node's runtime has of a pod: the sandbox before and the present one. */
export function sandboxesOf(state: StateMap, pod: Pod): readonly SandboxTrace[] {
  const node = pod.spec.nodeName;
  if (node === undefined || node === '') return [];
  const record = loadEntry(state, entryKey(node, keyOfPod(pod))).pod;
  // To its kubelet a static pod has the uid of its file.
  if (record === undefined || (record.uid !== pod.metadata.uid && record.manifest === undefined)) return [];
  return [record.previous, record.sandbox].flatMap((id) => {
    const found = id === undefined ? undefined : loadSandbox(state, node, id);
    if (found === undefined) return [];
    return [{ id: found.id, ip: found.ip, createdAt: found.createdAt, containers: found.containers.map(traceOf) }];
  });
}

function traceOf(one: ContainerRecord): SandboxTrace['containers'][number] {
  const { id, state, createdAt, startedAt, finishedAt, exitCode, reason, stop, pid, killAt, message } = one;
  const all = { id, state, createdAt, startedAt, finishedAt, exitCode, reason, stop, pid, killAt, message };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as typeof all as SandboxTrace['containers'][number];
}

/** Begins to keep the journals of one cluster. */
export function keepPodJournals(api: Api, state: StateMap, now: () => Time): void {
  api.watch('pods', (event) => {
    const { type, object, old } = event as WatchEvent<Pod>;
    if (type === 'DELETED') bury(state, object, now());
    else if (type === 'MODIFIED' && old?.status !== undefined && object.status !== undefined && old.status !== object.status)
      note(state, object, old.status, object.status, now());
  });
}

function bury(state: StateMap, pod: Pod, at: Time): void {
  const journal = podJournal(state, pod);
  if (journal !== undefined) state.delete(journalKey(keyOfPod(pod)));
  const { managedFields: _, ...metadata } = pod.metadata;
  const deleted: DeletedPod = { at, pod: { ...pod, metadata }, sandboxes: sandboxesOf(state, pod), ...(journal === undefined ? {} : { journal }) };
  const count = state.get<number>(DELETIONS) ?? 0;
  state.set(slotKey(count), deleted);
  state.set(DELETIONS, count + 1);
}

function note(state: StateMap, pod: Pod, old: PodStatus, status: PodStatus, now: Time): void {
  const entries: JournalEntry[] = [];
  if (old.containerStatuses !== status.containerStatuses) noteContainers(state, pod, old.containerStatuses, status.containerStatuses, now, entries);
  if (old.initContainerStatuses !== status.initContainerStatuses)
    noteContainers(state, pod, old.initContainerStatuses, status.initContainerStatuses, now, entries);
  if (old.conditions !== status.conditions && !isEnding(pod, status)) noteConditions(state, pod, old, status, now, entries);
  if (entries.length > 0) append(state, pod, entries);
}

/** The conditions of a pod at its end are the last ones: they stand in the object. */
const isEnding = (pod: Pod, { phase }: PodStatus): boolean => phase === 'Succeeded' || phase === 'Failed' || pod.metadata.deletionTimestamp !== undefined;

function append(state: StateMap, pod: Pod, entries: readonly JournalEntry[]): void {
  const known = podJournal(state, pod);
  const all = [...(known?.entries ?? []), ...entries];
  const beyond = Math.max(0, all.length - MOST_ENTRIES);
  const dropped = (known?.dropped ?? 0) + beyond;
  state.set(journalKey(keyOfPod(pod)), { uid: pod.metadata.uid ?? '', entries: all.slice(beyond), ...(dropped === 0 ? {} : { dropped }) } satisfies PodJournal);
}

const NO_STATUSES: readonly ContainerStatus[] = [];
/** What a container waits for when all is well. */
const EXPECTED: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

function noteContainers(
  state: StateMap,
  pod: Pod,
  before: readonly ContainerStatus[] = NO_STATUSES,
  after: readonly ContainerStatus[] = NO_STATUSES,
  now: Time,
  entries: JournalEntry[],
): void {
  for (const one of after) {
    const old = before.find(({ name }) => name === one.name);
    if (old === one) continue;
    const waits = one.state?.waiting?.reason;
    if (waits !== undefined && waits !== old?.state?.waiting?.reason && !EXPECTED.has(waits))
      entries.push({ type: 'wait', container: one.name, reason: waits, at: now });
    // Once it is the last state, another run is to follow; the sandbox's end takes runs away without a word.
    const last = one.lastState?.terminated;
    if (last?.containerID !== undefined && last.containerID !== old?.lastState?.terminated?.containerID) entries.push(runOf(state, pod, one.name, last));
    const ended = old?.state?.terminated;
    if (ended?.containerID !== undefined && ended.containerID !== one.state?.terminated?.containerID && ended.containerID !== last?.containerID)
      entries.push(runOf(state, pod, one.name, ended));
  }
}

const bare = (id: string): string => id.replace(/^[a-z-]+:\/\//, '');

/** With what the runtime knows of it, while it still does. */
function runOf(state: StateMap, pod: Pod, container: string, ended: NonNullable<NonNullable<ContainerStatus['state']>['terminated']>): JournalRun {
  const id = bare(ended.containerID ?? '');
  const records = sandboxesOf(state, pod).flatMap((sandbox) => sandbox.containers);
  const record = records.find((one) => one.id === id);
  const from = record?.startedAt ?? parseTime(ended.startedAt ?? '');
  const to = record?.finishedAt ?? parseTime(ended.finishedAt ?? '');
  const run: Mutable<JournalRun> = { type: 'run', container, id };
  if (from !== undefined) run.from = from;
  if (to !== undefined) run.to = to;
  run.exitCode = ended.exitCode;
  if (ended.reason !== undefined) run.reason = ended.reason;
  if (record?.stop !== undefined) run.stop = record.stop;
  return run;
}

/** That a condition became true at the pod's start is nothing to note: its lastTransitionTime says so until it becomes false again. */
function noteConditions(state: StateMap, pod: Pod, old: PodStatus, status: PodStatus, now: Time, entries: JournalEntry[]): void {
  let known: PodJournal | null | undefined;
  for (const condition of status.conditions ?? []) {
    const before = old.conditions?.find(({ type }) => type === condition.type);
    if (before === undefined || before.status === condition.status) continue;
    // The end of a pod is told before its phase is.
    if (condition.reason === 'PodCompleted' || condition.reason === 'PodFailed') continue;
    // One look will do, and most find nothing.
    if (known === undefined) known = podJournal(state, pod) ?? null;
    const has = known?.entries.some((entry) => entry.type === 'condition' && entry.conditions.split(',').includes(condition.type)) === true;
    if (!has && before.status === 'False' && condition.type !== 'PodScheduled') continue;
    const since = parseTime(before.lastTransitionTime ?? '');
    if (!has && since !== undefined) merge(entries, condition.type, before.status, since, true);
    merge(entries, condition.type, condition.status, now);
  }
}

/** ContainersReady and Ready mostly flip together. */
function merge(entries: JournalEntry[], type: string, status: string, at: number, isRough = false): void {
  const same = entries.findIndex((entry) => entry.type === 'condition' && entry.status === status && entry.at === at);
  const found = entries[same] as JournalCondition | undefined;
  if (found === undefined) entries.push({ type: 'condition', conditions: type, status, at, ...(isRough ? { isRough } : {}) });
  else entries[same] = { ...found, conditions: `${found.conditions},${type}` };
}
