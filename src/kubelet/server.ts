/** The kubelet's server: what `logs`, `exec`, `attach`, `port-forward` and `top` ask of a node (pkg/kubelet/server). */
import { bytesOf, textOf } from '../api/bytes.js';
import { type ContainerStatus, RuntimeError, type Written } from '../api/cri.js';
import type { NodeProxy, SessionOffset, SessionStatus } from '../api/node-proxy.js';
import type { ObjectKey } from '../api/object.js';
import { keyString, parseKey } from '../api/object.js';
import type { StateMap } from '../api/reconciler.js';
import { formatTime, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import { answerItself } from './endpoints/index.js';
import { dialError } from './http.js';
import { entryKey, loadEntry } from './record.js';
import type { Runtime } from './work.js';

export interface NodeServerOptions {
  readonly node: string;
  readonly runtime: Runtime;
  readonly state: StateMap;
  now(): Time;
  readonly api: () => Api;
  /** Its configuration with all defaults. */
  readonly configuration: () => object;
  /** Something was done in a pod behind the kubelet's back: it is to look at it now. */
  wake(key: ObjectKey): void;
}

/** An exec or attach that a client may still ask about. */
interface Session {
  readonly pod: string;
  /** Exec's id, or the container attached to. */
  readonly id: string;
  readonly type: 'exec' | 'attach';
  /** Attach: what had been written before. */
  readonly since?: Written;
  /** Exec: its input has not ended yet. */
  isFed?: boolean;
}
const NOTHING: Written = [0, 0];
const sessionsKey = (node: string): string => `nodes/${node}/sessions`;

export function createNodeServer({ node, runtime, state, now, api, configuration, wake }: NodeServerOptions): NodeProxy {
  const sessions = (): Record<string, Session> => state.get<Record<string, Session>>(sessionsKey(node)) ?? {};
  const open = (id: string, session: Session): string => {
    const all = sessions();
    all[id] = session;
    state.set(sessionsKey(node), all);
    return id;
  };
  const sandboxOf = (pod: ObjectKey): string | undefined => loadEntry(state, entryKey(node, pod)).pod?.sandbox;

  /** Newest first; those of the sandbox before are last. */
  function instances(pod: ObjectKey, container: string): readonly ContainerStatus[] {
    const { sandbox, previous } = loadEntry(state, entryKey(node, pod)).pod ?? {};
    if (sandbox !== undefined) runtime.advance(sandbox);
    return [sandbox, previous].flatMap((id) =>
      id === undefined
        ? []
        : runtime
            .listContainers(id)
            .filter((one) => one.name === container)
            .reverse(),
    );
  }
  function instance(pod: ObjectKey, container: string, previous: boolean): ContainerStatus | undefined {
    const [newest, before] = instances(pod, container);
    // While a dead container waits for its next start, the last state the API shows is its own.
    const isWaiting = newest?.state === 'exited' && loadEntry(state, entryKey(node, pod)).pod?.containers[container]?.waiting !== undefined;
    return previous && !isWaiting ? before : newest;
  }
  function running(pod: ObjectKey, container: string): ContainerStatus {
    const newest = instances(pod, container)[0];
    if (newest?.state !== 'running') throw new RuntimeError(`container not found (${JSON.stringify(container)})`);
    return newest;
  }

  const server: NodeProxy = {
    containerStatus: instance,

    logs(pod, container, options) {
      const chosen = instance(pod, container, options.previous === true);
      return chosen === undefined ? [] : runtime.logs(chosen.id, options);
    },

    exec(pod, { container, argv, stdin, tty }) {
      const { id: target } = running(pod, container);
      const id = runtime.openExec(target, argv, { stdin, tty });
      wake(pod);
      return open(id, { pod: keyString(pod), id, type: 'exec', ...(stdin ? { isFed: true } : {}) });
    },

    attach(pod, { container }) {
      const { id: target } = running(pod, container);
      const all = sessions();
      const id = `attach/${target}/${Object.keys(all).length + 1}`;
      return open(id, { pod: keyString(pod), id: target, type: 'attach', since: runtime.written(target, NOTHING).to });
    },

    session(id, offset): SessionStatus | undefined {
      const session = sessions()[id];
      if (session === undefined) return undefined;
      if (session.type === 'attach') return attached(session, offset);
      const from = typeof offset === 'number' ? offset : 0;
      const output = runtime.execOutput(session.id, from);
      const status = runtime.execStatus(session.id);
      const base = { output, offset: from + output.length };
      if (status === undefined) return { ...base, exitCode: 137 };
      if (status.state === 'running') return base;
      wake(parseKey(session.pod));
      if (status.error !== undefined) return { ...base, exitCode: status.exitCode ?? 126, error: status.error };
      return { ...base, exitCode: status.exitCode ?? 0 };
    },

    write(id, data) {
      const session = sessions()[id];
      if (session === undefined) return;
      if (session.type === 'exec') runtime.execInput(session.id, data);
      else runtime.containerInput(session.id, data);
      wake(parseKey(session.pod));
    },
    closeStdin(id) {
      const all = sessions();
      const session = all[id];
      if (session === undefined) return;
      if (session.type === 'exec') {
        delete session.isFed;
        state.set(sessionsKey(node), all);
        runtime.execInput(session.id, undefined);
      } else runtime.containerInput(session.id, undefined);
      wake(parseKey(session.pod));
    },
    endSession(id) {
      const all = sessions();
      const session = all[id];
      if (session === undefined) return;
      if (session.type === 'exec' && runtime.execStatus(session.id)?.state !== 'running') runtime.removeExec(session.id);
      delete all[id];
      if (Object.keys(all).length === 0) state.delete(sessionsKey(node));
      else state.set(sessionsKey(node), all);
      wake(parseKey(session.pod));
    },

    forward(pod, port, bytes) {
      const sandbox = sandboxOf(pod);
      if (sandbox === undefined) return undefined;
      return answer(runtime, sandbox, port, bytes, now());
    },

    reach(request) {
      const answer = runtime.request(request);
      return answer.failure === undefined ? answer : { error: dialError(answer, request.host, request.port) };
    },

    stats(pod) {
      const sandbox = sandboxOf(pod);
      if (sandbox === undefined) return [];
      runtime.advance(sandbox);
      return runtime
        .listContainers(sandbox)
        .filter((one) => one.state === 'running')
        .map((one) => {
          const { memory, cpu } = runtime.usage(one.id);
          return { name: one.name, memoryBytes: memory, cpuNanoCores: cpu };
        });
    },

    nextEvent() {
      let next: Time | undefined;
      for (const session of Object.values(sessions())) {
        // Who waits for its input has no next moment, and no time passes for it.
        if (hasEnded(session) || (session.isFed === true && runtime.execStatus(session.id)?.isWaiting === true)) continue;
        const sandbox = sandboxOf(parseKey(session.pod));
        const at = sandbox === undefined ? undefined : runtime.nextStep(sandbox);
        if (at !== undefined && (next === undefined || at < next)) next = at;
      }
      return next;
    },

    answer: (request) => answerItself({ node, api: api(), runtime, now: now(), configuration, server }, request),
  };
  return server;

  /** Attach shows what the container's process writes from now on: a line may be half written. How it exits is not its affair. */
  function attached({ id, since = NOTHING, pod }: Session, offset: SessionOffset): SessionStatus {
    const { output, to } = runtime.written(id, typeof offset === 'number' ? since : offset);
    const status = find(pod, id);
    const base = { output, offset: to };
    return status === undefined || status.state === 'exited' ? { ...base, exitCode: 0 } : base;
  }
  function hasEnded({ type, id, pod }: Session): boolean {
    return (type === 'exec' ? runtime.execStatus(id) : find(pod, id))?.state !== 'running';
  }
  function find(pod: string, id: string): ContainerStatus | undefined {
    const sandbox = sandboxOf(parseKey(pod));
    return sandbox === undefined ? undefined : runtime.listContainers(sandbox).find((one) => one.id === id);
  }
}

/** One request on a forwarded connection: HTTP is answered as HTTP, anything else as bytes. */
function answer(runtime: Runtime, sandbox: string, port: number, bytes: Uint8Array, now: Time): { bytes: Uint8Array; close: boolean } | undefined {
  const text = textOf(bytes);
  const head = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r\n([\s\S]*?)\r\n\r\n/.exec(text) ?? /^([A-Z]+) (\S+) HTTP\/1\.[01]\r\n()\r\n/.exec(text);
  const target = { host: '', port, sandbox };
  if (head === null) {
    const reply = runtime.request({ type: 'tcp', data: text, ...target });
    return reply.failure === undefined ? { bytes: bytesOf(reply.body ?? ''), close: false } : undefined;
  }
  const headers = Object.fromEntries(
    (head[3] ?? '')
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const reply = runtime.request({
    type: 'http',
    scheme: 'HTTP',
    method: head[1] ?? 'GET',
    path: head[2] ?? '/',
    headers,
    body: text.slice(head[0].length),
    ...target,
  });
  if (reply.failure !== undefined) return undefined;
  const body = bytesOf(reply.body ?? '');
  const close = /^close$/i.test(headers['Connection'] ?? headers['connection'] ?? '');
  const status = reply.status ?? 200;
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'OK'}`,
    ...Object.entries(reply.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    `Date: ${httpDate(now)}`,
    `Content-Length: ${body.length}`,
    `Connection: ${close ? 'close' : 'keep-alive'}`,
  ];
  return { bytes: Buffer.concat([bytesOf(`${lines.join('\r\n')}\r\n\r\n`), head[1] === 'HEAD' ? Buffer.alloc(0) : body]), close };
}

const httpDate = (at: Time): string => new Date(formatTime(at)).toUTCString();

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};
