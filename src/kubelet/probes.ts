/**
 * Startup, liveness and readiness: prober/worker.go, prober.go, prober_manager.go. A probe that passes and would go on passing
 * is parked: its next tick is the first one that can differ.
 */
import type { NetworkRequest } from '../api/cri.js';
import { type Duration, formatDuration, seconds, type Time } from '../api/time.js';
import type { Container, HTTPGetAction, Probe } from '../resources/pod-template/types.js';
import type { ContainerStatus } from '../resources/pods/types.js';
import { isSidecar, probeResult } from './container-status.js';
import { dialError, findPort, requestError, urlOf } from './http.js';
import { containerRecord, PROBE_KINDS, type ProbeKind, type ProbeRecord } from './record.js';
import type { Work } from './work.js';

/** Right after the start means when the kubelet has noticed it. */
const NOTICED = 500;

const NAMES: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

type Outcome =
  | { readonly result: 'success'; readonly steadyUntil?: number }
  | { readonly result: 'failure'; readonly output: string }
  | { readonly result: 'unknown'; readonly error: string }
  | 'running';

const probeOf = (container: Container, kind: ProbeKind): Probe | undefined =>
  kind === 'startup' ? container.startupProbe : kind === 'liveness' ? container.livenessProbe : container.readinessProbe;

const period = (probe: Probe): Duration => seconds(probe.periodSeconds ?? 10);

function* probed(work: Work): Iterable<Container> {
  for (const container of work.pod.spec.initContainers ?? []) if (isSidecar(container)) yield container;
  yield* work.pod.spec.containers;
}

export const hasProbes = (work: Work): boolean => {
  for (const container of probed(work))
    if (container.startupProbe !== undefined || container.livenessProbe !== undefined || container.readinessProbe !== undefined) return true;
  return false;
};

/** A sync gives an extra run to the readiness of containers that have started and are not ready. */
export function triggerReadiness(work: Work): void {
  for (const container of probed(work)) {
    const newest = work.newest(container.name);
    const record = work.record.containers[container.name]?.probes?.readiness;
    if (newest?.state !== 'running' || record?.id !== newest.id || record.result === 'success' || record.next === undefined) continue;
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
  return [...probed(work)].some(({ name }) => PROBE_KINDS.some((kind) => isDue(work.record.containers[name]?.probes?.[kind])));
}

/** The worker of this instance; a new instance begins anew. */
function workerOf(work: Work, container: Container, kind: ProbeKind, id: string, startedAt: number, probe: Probe): ProbeRecord {
  const owner = containerRecord(work.record, container.name);
  owner.probes ??= {};
  const known = owner.probes[kind];
  if (known?.id === id) return known;
  const delay = seconds(probe.initialDelaySeconds ?? 0);
  const made: ProbeRecord = { id, run: 0, next: startedAt + Math.max(delay, NOTICED) };
  owner.probes[kind] = made;
  return made;
}

/** Not run now: others wait for the startup probe; a deleted pod is no longer probed but for readiness. */
function isHeld(work: Work, container: Container, kind: ProbeKind, id: string): boolean {
  if (kind === 'startup') return work.pod.metadata.deletionTimestamp !== undefined;
  if (kind === 'liveness' && work.pod.metadata.deletionTimestamp !== undefined) return true;
  return container.startupProbe !== undefined && probeResult(work.record, container, 'startup', id) !== 'success';
}

function dropResults(work: Work, container: Container): void {
  const probes = work.record.containers[container.name]?.probes;
  if (probes === undefined) return;
  for (const kind of PROBE_KINDS) {
    const { exec, parked } = probes[kind] ?? {};
    if (exec !== undefined) work.runtime.removeExec(exec);
    if (parked === true) stopRepeating(work, container, kind);
  }
  delete (work.record.containers[container.name] as { probes?: unknown }).probes;
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
  const outcome = record.exec === undefined ? run(work, container, probe, record) : pollExec(work, probe, record);
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
    const request = httpRequest(work, container, probe.httpGet);
    if (request !== undefined) work.runtime.repeat(work.record.sandbox, `${container.name}/${kind}`, { request, from: next as Time, every: period(probe) });
  }
  if (until >= 8e15) delete record.next;
  else record.next = next + Math.ceil((until - next) / period(probe)) * period(probe);
}

function stopRepeating(work: Work, container: Container, kind: ProbeKind): void {
  if (work.record.sandbox !== undefined) work.runtime.repeat(work.record.sandbox, `${container.name}/${kind}`, undefined);
}

/** What an HTTP probe sends; undefined when its port has no such name. */
function httpRequest(work: Work, container: Container, action: HTTPGetAction): Extract<NetworkRequest, { type: 'http' }> | undefined {
  const port = findPort(container, action.port);
  if (typeof port === 'string') return undefined;
  return {
    type: 'http',
    scheme: action.scheme ?? 'HTTP',
    path: action.path === undefined || action.path === '' ? '/' : action.path,
    headers: { 'User-Agent': 'kube-probe/1.33', Accept: '*/*', ...Object.fromEntries((action.httpHeaders ?? []).map((header) => [header.name, header.value])) },
    host: action.host === undefined || action.host === '' ? (work.sandbox?.ip ?? '') : action.host,
    port,
    ...(work.record.sandbox === undefined ? {} : { sandbox: work.record.sandbox }),
  };
}

function run(work: Work, container: Container, probe: Probe, record: ProbeRecord): Outcome {
  const timeout = seconds(probe.timeoutSeconds ?? 1);
  if (probe.exec !== undefined) {
    record.exec = work.runtime.exec(record.id, probe.exec.command ?? [], timeout);
    return pollExec(work, probe, record);
  }
  const action = probe.httpGet ?? probe.tcpSocket ?? probe.grpc;
  if (action === undefined) return { result: 'success', steadyUntil: 8.64e15 };
  const port = findPort(container, action.port);
  if (typeof port === 'string') return { result: 'unknown', error: port };
  const ownIP = work.sandbox?.ip ?? '';
  const given = 'host' in action ? action.host : undefined;
  const host = given === undefined || given === '' ? ownIP : given;
  const target = { host, port, ...(work.record.sandbox === undefined ? {} : { sandbox: work.record.sandbox }) };
  const http = probe.httpGet === undefined ? undefined : httpRequest(work, container, probe.httpGet);
  const answer = work.runtime.request(
    http ?? (probe.tcpSocket !== undefined ? { type: 'tcp', ...target } : { type: 'grpc', service: probe.grpc?.service ?? '', ...target }),
  );
  const steady = answer.steadyUntil === undefined ? {} : { steadyUntil: answer.steadyUntil };
  const late = answer.failure === 'timeout' || answer.takes >= timeout;

  if (probe.httpGet !== undefined) {
    const url = urlOf(probe.httpGet.scheme, host, port, probe.httpGet.path);
    if (late) return { result: 'failure', output: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)` };
    if (answer.failure !== undefined) return { result: 'failure', output: requestError(answer.failure, url, host, port) };
    const status = answer.status ?? 200;
    if (status >= 200 && status < 400) return { result: 'success', ...steady };
    return { result: 'failure', output: `HTTP probe failed with statuscode: ${status}` };
  }
  if (probe.tcpSocket !== undefined) {
    if (late) return { result: 'failure', output: dialError('timeout', host, port) };
    return answer.failure === undefined ? { result: 'success', ...steady } : { result: 'failure', output: dialError(answer.failure, host, port) };
  }
  const within = formatDuration(timeout);
  if (answer.failure !== undefined)
    return { result: 'failure', output: `timeout: failed to connect service "${host}:${port}" within ${within}: context deadline exceeded` };
  if (late) return { result: 'failure', output: `timeout: health rpc did not complete within ${within}` };
  if (answer.serving === undefined)
    return {
      result: 'failure',
      output: 'error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health',
    };
  return answer.serving === 'SERVING'
    ? { result: 'success', ...steady }
    : { result: 'failure', output: `service unhealthy (responded with ${JSON.stringify(answer.serving)})` };
}

function pollExec(work: Work, probe: Probe, record: ProbeRecord): Outcome {
  const id = record.exec ?? '';
  const status = work.runtime.execStatus(id);
  if (status?.state === 'running') return 'running';
  delete record.exec;
  work.runtime.removeExec(id);
  if (status === undefined) return { result: 'unknown', error: 'the exec is gone' };
  if (status.timedOut === true) {
    const command = (probe.exec?.command ?? []).join(' ');
    return { result: 'failure', output: `command timed out: ${JSON.stringify(command)} timed out after ${formatDuration(seconds(probe.timeoutSeconds ?? 1))}` };
  }
  if (status.state === 'failed') return { result: 'unknown', error: `rpc error: code = Unknown desc = ${status.error ?? ''}` };
  if (status.exitCode !== 0) return { result: 'failure', output: status.output };
  return { result: 'success', ...(status.steadyUntil === undefined ? {} : { steadyUntil: status.steadyUntil }) };
}
