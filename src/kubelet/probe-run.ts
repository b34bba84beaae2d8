/** One run of a probe: pkg/kubelet/prober/prober.go, pkg/probe. */
import { binaryOf, textOfBinary } from '../api/bytes.js';
import { type Duration, formatDuration, seconds } from '../api/time.js';
import type { Container, HTTPGetAction, Probe } from '../resources/pod-template/types.js';
import { expand } from './expansion.js';
import { dialError, findPort, httpRequest, isPlainServer, requestError, urlOf } from './http.js';
import type { ProbeRecord } from './record.js';
import type { Work } from './work.js';

export type Outcome =
  | { readonly result: 'success'; readonly steadyUntil?: number; readonly warning?: string }
  | { readonly result: 'failure'; readonly output: string }
  | { readonly result: 'unknown'; readonly error: string }
  | 'running';

export function runProbe(work: Work, container: Container, probe: Probe, record: ProbeRecord): Outcome {
  const timeout = seconds(probe.timeoutSeconds ?? 1);
  if (probe.exec !== undefined) {
    record.exec = work.runtime.exec(record.id, commandOf(container, probe.exec.command), timeout);
    return pollExec(work, container, probe, record);
  }
  if (probe.httpGet !== undefined) return probeHttp(work, container, probe.httpGet, timeout);
  const action = probe.tcpSocket ?? probe.grpc;
  if (action === undefined) return { result: 'success', steadyUntil: 8.64e15 };
  const port = findPort(container, action.port);
  if (typeof port === 'string') return { result: 'unknown', error: port };
  const ownIP = work.sandbox?.ip ?? '';
  const given = 'host' in action ? action.host : undefined;
  const host = given === undefined || given === '' ? ownIP : given;
  const target = { host, port, ...(work.record.sandbox === undefined ? {} : { sandbox: work.record.sandbox }) };
  const answer = work.runtime.request(
    probe.tcpSocket !== undefined ? { type: 'tcp', ...target } : { type: 'grpc', service: probe.grpc?.service ?? '', ...target },
  );
  const steady = answer.steadyUntil === undefined ? {} : { steadyUntil: answer.steadyUntil };
  const late = answer.failure === 'timeout' || answer.takes >= timeout;

  if (probe.tcpSocket !== undefined) {
    if (late) return { result: 'failure', output: dialError({ ...answer, failure: 'timeout' }, host, port) };
    return answer.failure === undefined ? { result: 'success', ...steady } : { result: 'failure', output: dialError(answer, host, port) };
  }
  const within = formatDuration(timeout);
  // Who listens but does not speak gRPC is tried again until the time is up.
  if (answer.failure !== undefined || answer.serving === undefined)
    return { result: 'failure', output: `timeout: failed to connect service "${host}:${port}" within ${within}: context deadline exceeded` };
  if (late) return { result: 'failure', output: `timeout: health rpc did not complete within ${within}` };
  if (answer.serving === 'UNIMPLEMENTED')
    return {
      result: 'failure',
      output: 'error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health',
    };
  if (answer.serving === 'NOT_FOUND') return { result: 'failure', output: 'error: health rpc probe failed: rpc error: code = NotFound desc = unknown service' };
  return answer.serving === 'SERVING'
    ? { result: 'success', ...steady }
    : { result: 'failure', output: `service unhealthy (responded with ${JSON.stringify(answer.serving)})` };
}

/** Redirects on the same host are followed, ten at most; one that leads elsewhere is good enough, with a warning (RedirectChecker). */
function probeHttp(work: Work, container: Container, action: HTTPGetAction, timeout: Duration): Outcome {
  let request = httpRequest(work, container, action, 'probe');
  if (typeof request === 'string') return { result: 'unknown', error: request };
  let url = urlOf(request.scheme, request.host, request.port, request.path);
  const started = url;
  let left = timeout;
  for (let hops = 0; ; hops++) {
    const { host, port } = request;
    const answer = work.runtime.request(request);
    left = (left - answer.takes) as Duration;
    if (answer.failure === 'timeout' || left <= 0)
      return { result: 'failure', output: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)` };
    if (answer.failure !== undefined) return { result: 'failure', output: requestError(answer, url, host, port) };
    if (answer.certificate === undefined && answer.anyScheme !== true && isPlainServer(request))
      return { result: 'failure', output: `Get "${url}": http: server gave HTTP response to HTTPS client` };
    const status = answer.status ?? 200;
    const location = Object.entries(answer.headers ?? {}).find(([name]) => name.toLowerCase() === 'location')?.[1];
    const next = REDIRECTS.has(status) && location !== undefined && URL.canParse(location, url) ? new URL(location, url) : undefined;
    if (next !== undefined && next.hostname === request.host) {
      if (hops >= 9) return { result: 'failure', output: `Get "${location}": stopped after 10 redirects` };
      const scheme = next.protocol === 'https:' ? 'HTTPS' : 'HTTP';
      request = { ...request, scheme, port: Number(next.port) || (scheme === 'HTTPS' ? 443 : 80), path: next.pathname + next.search };
      url = next.href;
      continue;
    }
    if (status < 200 || status >= 400) return { result: 'failure', output: `HTTP probe failed with statuscode: ${status}` };
    if (status >= 300) return { result: 'success', warning: `Probe terminated redirects, Response body: ${answer.body ?? ''}` };
    return { result: 'success', ...(answer.steadyUntil === undefined || url !== started ? {} : { steadyUntil: answer.steadyUntil }) };
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** ExpandContainerCommandOnlyStatic: with the values the spec itself gives; a variable that has its value from elsewhere is empty. */
function commandOf({ env }: Container, command: readonly string[] = []): readonly string[] {
  const values = new Map((env ?? []).map(({ name, value = '' }) => [name, value]));
  return command.map((word) => expand(word, (name) => values.get(name)));
}

/** Bytes of a command's output that are read. */
const LONGEST_OUTPUT = 10_240;

export function pollExec(work: Work, container: Container, probe: Probe, record: ProbeRecord): Outcome {
  const id = record.exec ?? '';
  const status = work.runtime.execStatus(id);
  if (status?.state === 'running') return 'running';
  delete record.exec;
  work.runtime.removeExec(id);
  if (status === undefined) return { result: 'unknown', error: 'the exec is gone' };
  if (status.timedOut === true) {
    const command = commandOf(container, probe.exec?.command).join(' ');
    return { result: 'failure', output: `command timed out: ${JSON.stringify(command)} timed out after ${formatDuration(seconds(probe.timeoutSeconds ?? 1))}` };
  }
  if (status.state === 'failed') return { result: 'unknown', error: `rpc error: code = Unknown desc = ${status.error ?? ''}` };
  if (status.exitCode !== 0) return { result: 'failure', output: textOfBinary(binaryOf(status.output).slice(0, LONGEST_OUTPUT)) };
  return { result: 'success', ...(status.steadyUntil === undefined ? {} : { steadyUntil: status.steadyUntil }) };
}
