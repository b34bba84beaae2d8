/** Lifecycle handlers: pkg/kubelet/lifecycle/handlers.go. A handler that takes time is polled. */
import { RuntimeError } from '../api/cri.js';
import { goQuote } from '../api/field.js';
import { seconds } from '../api/time.js';
import type { Container, HTTPGetAction, LifecycleHandler } from '../resources/pod-template/types.js';
import { httpRequest, isPlainServer, requestError, urlOf } from './http.js';
import type { HookRun } from './record.js';
import type { Work } from './work.js';

export function startHook(work: Work, container: Container, id: string, handler: LifecycleHandler): HookRun {
  const failed = (kind: string, error: string): HookRun => ({
    until: work.now,
    error: `${kind} for Container "${container.name}" in Pod "${work.podText}" failed - error: ${error}`,
  });
  if (handler.exec !== undefined) {
    const command = handler.exec.command ?? [];
    try {
      return { exec: work.runtime.exec(id, command), command };
    } catch (error) {
      // It has ended before its hook began (containerd, container_execsync.go).
      if (!(error instanceof RuntimeError)) throw error;
      return failed(
        `Exec lifecycle hook ([${command.join(' ')}])`,
        `rpc error: code = Unknown desc = failed to exec in container: ${error.message}, message: ""`,
      );
    }
  }
  if (handler.httpGet !== undefined)
    return callHttp(work, container, handler.httpGet, (error) => failed(`HTTP lifecycle hook (${handler.httpGet?.path ?? ''})`, error));
  if (handler.sleep !== undefined) return { until: work.now + seconds(handler.sleep.seconds) };
  return { until: work.now, error: invalidHandler(handler) };
}

/** How long the node tries to reach somebody who does not answer (http.DefaultTransport). */
const DIAL_TIMEOUT = seconds(30);

/** runHTTPHandler. Any answer will do, whatever its status. */
function callHttp(work: Work, container: Container, action: HTTPGetAction, failed: (error: string) => HookRun): HookRun {
  const request = httpRequest(work, container, action, 'lifecycle');
  if (typeof request === 'string') return failed(request);
  const { scheme, host, port, path } = request;
  const answer = work.runtime.request(isPlainServer(request) ? { ...request, scheme: 'HTTP' } : request);
  const isPlain = isPlainServer(request) && answer.anyScheme !== true;
  const { failure, takes } = answer;
  if (failure !== undefined) {
    const run = failed(requestError(answer, urlOf(scheme, host, port, path), host, port));
    return failure === 'timeout' ? { ...run, until: work.now + DIAL_TIMEOUT } : run;
  }
  if (isPlain) work.event('Warning', 'LifecycleHTTPFallback', `request to HTTPS lifecycle hook ${host}:${port} got HTTP response, retry with HTTP succeeded`);
  return { until: work.now + takes };
}

/** tcpSocket passes validation, and always fails; the words are those of the type's generated String method. */
function invalidHandler({ tcpSocket }: LifecycleHandler): string {
  const { port = '', host = '' } = tcpSocket ?? {};
  const target = typeof port === 'number' ? `{0 ${port} }` : `{1 0 ${port}}`;
  return `Cannot run handler: invalid handler: &LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:${target},Host:${host},},Sleep:nil,}`;
}

/** Over, and how; undefined while it runs. */
export function pollHook(work: Work, container: Container, run: HookRun): { readonly error?: string } | undefined {
  if (run.exec === undefined) {
    if (work.now < (run.until ?? 0)) {
      work.wakeAt(run.until);
      return undefined;
    }
    return run.error === undefined ? {} : { error: run.error };
  }
  const status = work.runtime.execStatus(run.exec);
  if (status?.state === 'running') return undefined;
  work.runtime.removeExec(run.exec);
  if (status?.state === 'exited' && status.exitCode === 0) return {};
  const command = run.command ?? [];
  const text =
    status === undefined
      ? 'the container has stopped'
      : status.state === 'failed'
        ? `rpc error: code = Unknown desc = ${status.error ?? ''}`
        : `command '${command.join(' ')}' exited with ${status.exitCode}: ${status.stderr}`;
  return {
    error: `Exec lifecycle hook ([${command.join(' ')}]) for Container "${container.name}" in Pod "${work.podText}" failed - error: ${text}, message: ${goQuote(status?.output ?? '')}`,
  };
}

/** The pod has stopped waiting for it. */
export function abandonHook(work: Work, run: HookRun | undefined): void {
  if (run?.exec !== undefined) work.runtime.removeExec(run.exec);
}
