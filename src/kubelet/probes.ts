/**
 * Startup, liveness and readiness: prober/worker.go, prober.go, prober_manager.go. A probe that passes and would go on passing
 * is parked: its next tick is the first one that can differ.
 */
import { type Duration, seconds, type Time } from '../api/time.js';
import type { Container, Probe } from '../resources/pod-template/types.js';
import type { ContainerStatus } from '../resources/pods/types.js';
import { isSidecar, probeResult } from './container-status.js';
import { httpRequest } from './http.js';
import { pollExec, runProbe } from './probe-run.js';
import { containerRecord, PROBE_KINDS, type ProbeKind, type ProbeRecord } from './record.js';
import type { Work } from './work.js';

/** Right after the start means when the kubelet has noticed it. */
const NOTICED = 500;

const NAMES: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

const probeOf = (container: Container, kind: ProbeKind): Probe | undefined =>
  kind === 'startup' ? container.startupProbe : kind === 'liveness' ? container.livenessProbe : container.readinessProbe;

const period = (probe: Probe): Duration => seconds(probe.periodSeconds ?? 10);

function probed({ pod: { spec } }: Work): readonly Container[] {
  const { initContainers, containers } = spec;
  return initContainers === undefined ? containers : [...initContainers.filter(isSidecar), ...containers];
}

export const hasProbes = (work: Work): boolean =>
  probed(work).some(
    ({ startupProbe, livenessProbe, readinessProbe }) => startupProbe !== undefined || livenessProbe !== undefined || readinessProbe !== undefined,
  );

/** A sync gives an extra run to the readiness of containers that have started and are not ready. */
export function triggerReadiness(work: Work): void {
  for (const container of probed(work)) {
    const record = work.record.containers[container.name]?.probes?.readiness;
    if (record === undefined || record.result === 'success' || record.next === undefined) continue;
    const newest = work.newest(container.name);
    if (newest?.state !== 'running' || record.id !== newest.id) continue;
    if (container.startupProbe !== undefined && probeResult(work.record, container, 'startup', newest.id) !== 'success') continue;
    const earliest = (newest.startedAt ?? 0) + seconds(container.readinessProbe?.initialDelaySeconds ?? 0);
    if (work.now >= earliest) record.next = Math.min(record.next, work.now);
  }
}

/** Runs every tick that is due; wakes the pod for the next ones. `publishes`: a sync is about to say what the runtime has. */
export function runProbes(work: Work, publishes: boolean): void {
  // Woken by the tick of one probe, the others rest on: nothing has happened that they would notice.
  const isOwnTick = isTickDue(work);
  for (const container of probed(work)) {
    const newest = work.newest(container.name);
    if (newest?.state !== 'running') {
      dropResults(work, container);
      continue;
    }
    if (!publishes && !isPublished(work, container, newest.id)) continue;
    for (const kind of PROBE_KINDS) {
      const probe = probeOf(container, kind);
      if (probe === undefined) continue;
      const record = workerOf(work, container, kind, newest.id, newest.startedAt ?? newest.createdAt, probe);
      if (isHeld(work, container, kind, newest.id)) continue;
      if (record.parked === true && !isOwnTick) unpark(work, container, kind, record, probe);
      if (record.exec !== undefined || (record.next !== undefined && record.next <= work.now)) tick(work, container, kind, probe, record);
      if (record.exec === undefined) work.wakeAt(record.next);
    }
  }
}

/** doProbe: no container id in the status, no probe. While a sync waits for a hook or an image, the status stays as it was. */
function isPublished(work: Work, { name }: Container, id: string): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = work.pod.status ?? {};
  const isIt = (one: ContainerStatus): boolean => one.name === name && one.containerID === `containerd://${id}`;
  return work.record.containers[name]?.adopted === id || containerStatuses.some(isIt) || initContainerStatuses.some(isIt);
}

function isTickDue(work: Work): boolean {
  const isDue = (record: ProbeRecord | undefined) => record?.next !== undefined && record.next <= work.now;
  return probed(work).some(({ name }) => PROBE_KINDS.some((kind) => isDue(work.record.containers[name]?.probes?.[kind])));
}

/** The worker, for this instance; it goes on counting where it was with the one before (worker.go resets only its value). */
function workerOf(work: Work, container: Container, kind: ProbeKind, id: string, startedAt: number, probe: Probe): ProbeRecord {
  const owner = containerRecord(work.record, container.name);
  owner.probes ??= {};
  const known = owner.probes[kind];
  if (known?.id === id) return known;
  const delay = seconds(probe.initialDelaySeconds ?? 0);
  const made: ProbeRecord = { ...(known === undefined ? { run: 0 } : retire(work, container, kind, known)), id, next: startedAt + Math.max(delay, NOTICED) };
  owner.probes[kind] = made;
  return made;
}

/** Not run now: others wait for the startup probe; of a pod that ends regular containers are only probed for readiness (StopLivenessAndStartup). */
function isHeld(work: Work, container: Container, kind: ProbeKind, id: string): boolean {
  if (kind !== 'readiness' && work.record.end !== undefined && !isSidecar(container)) return true;
  return kind !== 'startup' && container.startupProbe !== undefined && probeResult(work.record, container, 'startup', id) !== 'success';
}

function dropResults(work: Work, container: Container): void {
  const probes = work.record.containers[container.name]?.probes;
  if (probes === undefined) return;
  for (const kind of PROBE_KINDS) {
    const record = probes[kind];
    if (record !== undefined) probes[kind] = retire(work, container, kind, record);
  }
}

/** What a worker keeps when its instance has gone: how often in a row it has got the same. */
function retire(work: Work, container: Container, kind: ProbeKind, { id, run, last, exec, parked }: ProbeRecord): ProbeRecord {
  if (exec !== undefined) work.runtime.removeExec(exec);
  if (parked === true) stopRepeating(work, container, kind);
  return last === undefined ? { id, run } : { id, run, last };
}

/** Somebody woke the pod: what let the probe rest may no longer hold. Its grid goes on as if it had ticked all the time. */
function unpark(work: Work, container: Container, kind: ProbeKind, record: ProbeRecord, probe: Probe): void {
  delete record.parked;
  stopRepeating(work, container, kind);
  const anchor = record.anchor ?? record.next ?? work.now;
  const missed = Math.max(0, Math.ceil((work.now - anchor) / period(probe)));
  record.next = anchor + missed * period(probe);
}

function tick(work: Work, container: Container, kind: ProbeKind, probe: Probe, record: ProbeRecord): void {
  if (record.parked === true) stopRepeating(work, container, kind);
  delete record.parked;
  const outcome = record.exec === undefined ? runProbe(work, container, probe, record) : pollExec(work, container, probe, record);
  if (outcome === 'running') return;
  const at = work.now;
  // Ticks missed while an exec ran are lost, as a ticker loses them.
  let next = (record.next ?? at) + period(probe);
  while (next <= at) next += period(probe);
  record.next = next;
  delete record.anchor;
  if (outcome.result === 'unknown') {
    work.event('Warning', 'Unhealthy', `${NAMES[kind]} probe errored and resulted in unknown state: ${outcome.error}`, container.name);
    return;
  }
  if (outcome.result === 'failure') work.event('Warning', 'Unhealthy', `${NAMES[kind]} probe failed: ${outcome.output}`, container.name);
  if (outcome.result === 'success' && outcome.warning !== undefined)
    work.event('Warning', 'ProbeWarning', `${NAMES[kind]} probe warning: ${outcome.warning}`, container.name);
  record.run = record.last === outcome.result ? record.run + 1 : 1;
  record.last = outcome.result;
  const threshold = outcome.result === 'failure' ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
  if (record.run < threshold) return;
  const flipped = record.result !== outcome.result;
  record.result = outcome.result;
  if (flipped) conclude(work, container, kind, outcome.result, record);
  if (outcome.result === 'success' && record.next !== undefined && outcome.steadyUntil !== undefined && outcome.steadyUntil > record.next)
    park(work, container, kind, record, probe, outcome.steadyUntil);
}

/** A result others go by has changed. */
function conclude(work: Work, container: Container, kind: ProbeKind, result: 'success' | 'failure', record: ProbeRecord): void {
  if (kind === 'readiness') {
    work.changed = true;
    return;
  }
  // A liveness probe that fails, and a startup probe either way, has had its say for this instance.
  if (kind === 'startup' || result === 'failure') {
    delete record.next;
    record.run = 0;
  }
  if (result === 'failure') work.record.syncAt = work.now;
  else if (kind === 'startup') {
    work.changed = true;
    // A sidecar's start lets the next container start; readiness has its extra run, liveness goes on from here.
    work.record.syncAt = work.now;
    const others = work.record.containers[container.name]?.probes;
    for (const other of [others?.readiness, others?.liveness]) if (other?.next !== undefined && other.next < work.now) other.next = work.now;
  }
}

function park(work: Work, container: Container, kind: ProbeKind, record: ProbeRecord, probe: Probe, until: number): void {
  const { next } = record;
  if (next === undefined) return;
  record.parked = true;
  record.anchor = next;
  if (probe.httpGet !== undefined && work.record.sandbox !== undefined) {
    const request = httpRequest(work, container, probe.httpGet, 'probe');
    if (typeof request !== 'string')
      work.runtime.repeat(work.record.sandbox, `${container.name}/${kind}`, { request, from: next as Time, every: period(probe) });
  }
  if (until >= 8e15) delete record.next;
  else record.next = next + Math.ceil((until - next) / period(probe)) * period(probe);
}

function stopRepeating(work: Work, container: Container, kind: ProbeKind): void {
  if (work.record.sandbox !== undefined) work.runtime.repeat(work.record.sandbox, `${container.name}/${kind}`, undefined);
}
