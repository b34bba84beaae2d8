/** The rows of the phase and of the conditions. */
import type { Time } from '../../api/time.js';
import type { ConditionStatus, Pod } from '../../resources/pods/types.js';
import { missingRuns, runsOf, startedFirst } from './containers.js';
import type { Evidence } from './evidence.js';
import type { Row, Tone } from './model.js';
import { createdAt, endOf, type Point, spansOf, statusesOf, timeOf } from './times.js';

/** In the order of a pod's life; others follow in the object's order. */
const ORDER = ['PodScheduled', 'PodReadyToStartContainers', 'Initialized', 'ContainersReady', 'Ready'];
/** Those the kubelet keeps: from its first look on they are False until they are True. */
const OF_KUBELET: ReadonlySet<string> = new Set(ORDER.slice(1));
/** True is bad news. */
const ALARMS: ReadonlySet<string> = new Set(['DisruptionTarget', 'PodResizePending', 'PodResizeInProgress']);

const PHASES: Readonly<Record<string, Tone>> = { Pending: 'waiting', Running: 'good', Succeeded: 'done', Failed: 'failed' };

const toneOf = (type: string, status: ConditionStatus | string): Tone =>
  status === 'True' ? (ALARMS.has(type) ? 'trouble' : 'good') : status === 'False' ? 'off' : 'unknown';

export function conditionRows(evidence: Evidence): readonly Row[] {
  const types = new Set([...evidence.versions.map(({ pod }) => pod), evidence.pod].flatMap(({ status }) => status?.conditions?.map(({ type }) => type) ?? []));
  const known = ORDER.filter((type) => types.has(type));
  return [...known, ...[...types].filter((type) => !ORDER.includes(type))].map((type) => conditionRow(evidence, type));
}

const conditionOf = ({ status }: Pod, type: string) => status?.conditions?.find((one) => one.type === type);

function conditionRow(evidence: Evidence, type: string): Row {
  const points: Point[] = [];
  const add = (at: Time | undefined, status: string, more: Partial<Point> = {}): void => {
    if (at !== undefined) points.push({ at, state: status, tone: toneOf(type, status), ...more });
  };
  for (const entry of evidence.journal)
    if (entry.type === 'condition' && entry.conditions.split(',').includes(type))
      add(entry.at as Time, entry.status, entry.isRough === true ? { isApproximate: true } : {});
  const { versions } = evidence;
  for (const [i, { at, pod }] of versions.entries()) {
    const now = conditionOf(pod, type);
    const before = i === 0 ? undefined : conditionOf((versions[i - 1] as { pod: Pod }).pod, type);
    if (now === undefined || now.status === before?.status) continue;
    const isSeen = i > 0 || evidence.isFromCreation;
    if (isSeen) add(at, now.status, now.reason === undefined ? {} : { message: wordsOf(now) });
    else add(timeOf(now.lastTransitionTime), now.status, { isApproximate: true });
  }
  const now = conditionOf(evidence.pod, type);
  if (now !== undefined)
    add(timeOf(now.lastTransitionTime), now.status, { isApproximate: true, ...(now.reason === undefined ? {} : { message: wordsOf(now) }) });
  if (OF_KUBELET.has(type)) addBeginning(evidence, type, points, add);
  return { kind: 'condition', name: type, spans: spansOf(points, endOf(evidence)) };
}

const wordsOf = ({ reason = '', message = '' }: { readonly reason?: string; readonly message?: string }): string =>
  message === '' ? reason : `${reason}: ${message}`;

/** The object says only when it flipped last; where nothing has been kept beside it, there may have been other times. */
function mayHaveFlipped(evidence: Evidence, type: string): boolean {
  if (type !== 'ContainersReady' && type !== 'Ready') return false;
  if (evidence.dropped > 0) return true;
  if (evidence.sandboxes.length > 0 || evidence.journal.length > 0) return false;
  const hasRestarted = statusesOf(evidence.pod).some(({ restartCount }) => restartCount > 0);
  const wasUnready = evidence.events.some(({ reason, message = '' }) => reason === 'Unhealthy' && message.startsWith('Readiness'));
  return hasRestarted || wasUnready;
}

/** What the object no longer says: that it was False at first, and, of one that is False again, since when it had been True. */
function addBeginning(evidence: Evidence, type: string, points: Point[], add: (at: Time | undefined, status: string, more?: Partial<Point>) => void): void {
  const start = timeOf(evidence.pod.status?.startTime);
  if (start === undefined || evidence.isFromCreation) return;
  const first = [...points].sort((a, b) => a.at - b.at)[0];
  if (first === undefined || first.at <= start + 999) return;
  if (mayHaveFlipped(evidence, type)) {
    points.push({ at: start, state: 'not on record', tone: 'unknown' });
    return;
  }
  add(start, 'False', { isApproximate: true });
  if (first.state === 'True') return;
  // It flipped back: True meanwhile, of necessity only where its only cause is known.
  // The kubelet tells of the sandbox when it tells of the first container.
  if (type === 'PodReadyToStartContainers') add(firstStarted(evidence), 'True', { isApproximate: true });
  const isProbed = evidence.pod.spec.containers.some(({ readinessProbe, startupProbe }) => readinessProbe !== undefined || startupProbe !== undefined);
  if ((type === 'ContainersReady' || type === 'Ready') && !isProbed && (evidence.pod.spec.readinessGates?.length ?? 0) === 0)
    add(allStarted(evidence), 'True', { isApproximate: true });
}

/** When each of the regular containers had begun, or tried to, for the first time; undefined: not all have, or nobody knows. */
function allStarted(evidence: Evidence): Time | undefined {
  const firsts = evidence.pod.spec.containers.map(({ name }) => beginningOf(evidence, name));
  if (firsts.length === 0 || firsts.includes(undefined)) return undefined;
  return Math.max(...(firsts as number[])) as Time;
}

function firstStarted(evidence: Evidence): Time | undefined {
  const { initContainers = [], containers } = evidence.pod.spec;
  const all = [...initContainers.map(({ name }) => beginningOf(evidence, name)), ...containers.map(({ name }) => beginningOf(evidence, name))];
  const known = all.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : (Math.min(...known) as Time);
}

function beginningOf(evidence: Evidence, name: string): Time | undefined {
  const said = startedFirst(evidence, name);
  if (said !== undefined) return said;
  const runs = runsOf(evidence, name);
  if (missingRuns(evidence, name, runs) === 0) return runs[0]?.from ?? runs[0]?.to;
  // The kubelet told of the sandbox when it told of the first container.
  const sandbox = conditionOf(evidence.pod, 'PodReadyToStartContainers');
  return sandbox?.status === 'True' ? timeOf(sandbox.lastTransitionTime) : undefined;
}

/** Pending, Running, Succeeded or Failed. The object says only the last; when it came is exact while the store has that version. */
export function phaseRow(evidence: Evidence): Row {
  const points: Point[] = [];
  const add = (at: Time | undefined, phase: string | undefined, more: Partial<Point> = {}): void => {
    if (at !== undefined && phase !== undefined && phase !== '') points.push({ at, state: phase, tone: PHASES[phase] ?? 'unknown', ...more });
  };
  const { versions, pod, isFromCreation } = evidence;
  for (const [i, version] of versions.entries()) {
    const { phase } = version.pod.status ?? {};
    if (i === 0 ? isFromCreation : phase !== versions[i - 1]?.pod.status?.phase) add(version.at, phase);
  }
  if (!isFromCreation && evidence.isFromEvents !== true) {
    const first = versions[0]?.pod.status?.phase ?? pod.status?.phase;
    add(createdAt(evidence), first === undefined ? undefined : 'Pending');
    if (first === 'Running' || first === 'Succeeded' || first === 'Failed') add(allStarted(evidence), 'Running', { isApproximate: true });
    if (first === 'Succeeded' || first === 'Failed') add(endedAt(evidence), first, { isApproximate: true });
    // When none of that is on record the phase is as it is, since nobody knows when.
    if (first !== undefined && !points.some(({ state }) => state === first))
      add(timeOf(pod.status?.startTime) ?? createdAt(evidence), first, { isApproximate: true });
  }
  return { kind: 'phase', name: 'phase', spans: spansOf(points, endOf(evidence)) };
}

/** A pod that has ended says so in its conditions; one that was refused had none. */
function endedAt(evidence: Evidence): Time | undefined {
  const { pod } = evidence;
  const over = pod.status?.conditions?.find(({ reason }) => reason === 'PodCompleted' || reason === 'PodFailed');
  const ends = pod.spec.containers.map(({ name }) => runsOf(evidence, name).at(-1)?.to ?? 0);
  const last = Math.max(0, ...ends);
  const said = timeOf(over?.lastTransitionTime);
  const at = said !== undefined && said + 999 >= last ? said : last;
  return at > 0 ? (at as Time) : timeOf(pod.status?.startTime);
}
