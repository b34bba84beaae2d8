/** Lifecycle handlers: pkg/kubelet/lifecycle/handlers.go. A handler that takes time is polled. */
import { goQuote } from '../api/field.js';
import { seconds } from '../api/time.js';
import type { Container, HTTPGetAction, LifecycleHandler } from '../resources/pod-template/types.js';
import { findPort, requestError, urlOf } from './http.js';
import type { HookRun } from './record.js';
import type { Work } from './work.js';

export function startHook(work: Work, container: Container, id: string, handler: LifecycleHandler): HookRun {
  const failed = (kind: string, error: string): HookRun => ({
    until: work.now,
    error: `${kind} for Container "${container.name}" in Pod "${work.podText}" failed - error: ${error}`,
  });
  if (handler.exec !== undefined) {
    const command = handler.exec.command ?? [];
    return { exec: work.runtime.exec(id, command), command };
  }
  if (handler.httpGet !== undefined)
    return callHttp(work, container, handler.httpGet, (error) => failed(`HTTP lifecycle hook (${handler.httpGet?.path ?? ''})`, error));
  if (handler.sleep !== undefined) return { until: work.now + seconds(handler.sleep.seconds) };
  // tcpSocket passes validation, and always fails.
  return { until: work.now, error: `Cannot run handler: invalid handler: ${JSON.stringify(handler)}` };
}

function callHttp(work: Work, container: Container, action: HTTPGetAction, failed: (error: string) => HookRun): HookRun {
  const port = findPort(container, action.port);
  if (typeof port === 'string') return failed(port);
  const host = action.host === undefined || action.host === '' ? (work.sandbox?.ip ?? '') : action.host;
  const url = urlOf(action.scheme, host, port, action.path);
  const sandbox = work.record.sandbox;
  const answer = work.runtime.request({
    type: 'http',
    scheme: action.scheme ?? 'HTTP',
    host,
    port,
    path: action.path ?? '/',
    headers: Object.fromEntries((action.httpHeaders ?? []).map((header) => [header.name, header.value])),
    ...(sandbox === undefined ? {} : { sandbox }),
  });
  // Any answer will do, whatever its status.
  return answer.failure === undefined ? { until: work.now + answer.takes } : failed(requestError(answer.failure, url, host, port));
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
