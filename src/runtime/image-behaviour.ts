/** What an image's own program does, as its catalogue entry says: first log lines, listening, answering, ending, stopping. */
import { byteLength } from '../api/bytes.js';
import { parseDuration, type Time } from '../api/time.js';
import { parentOf } from './files.js';
import type { ImageData, LogData, RouteData, RunData } from './image.js';
import { fillIn } from './log-template.js';
import {
  type Behaviour,
  FOREVER,
  type ProcessHost,
  type ProcessSpec,
  type ProcessState,
  type ServedAnswer,
  type ServedRequest,
  type StepResult,
} from './process.js';
import { ENTRYPOINT, mainsOf } from './userland.js';

interface ImageProcess {
  /** Started at. */
  at: number;
  /** Which of the image's `runs` it is; absent: its `run`. */
  run?: number;
  /** Memory it was told to take. */
  bytes?: number;
  /** Log lines written so far. */
  lines: number;
  /** Requests served, for routes that answer so a limited number of times. */
  served?: number;
  /** Why it will not serve: an index into `requires`, or its port is taken. */
  failed?: number | 'port';
  port?: number;
  /** Ends then, by itself or because it was told to. */
  ends?: { at: number; code: number; from: number; oom?: boolean };
  /** Environment its log lines speak of. */
  env?: Record<string, string>;
}

/** Filled in from the request, not the environment. */
const REQUEST: ReadonlySet<string> = new Set(['REMOTE', 'METHOD', 'PATH_INFO', 'STATUS', 'BYTES', 'AGENT']);

const span = (text: string | undefined, otherwise = 0): number => (text === undefined ? otherwise : (parseDuration(text) ?? otherwise));

/** `image` looks up the catalogue, the tag's variant folded in; undefined: an image nobody describes. */
export function imageBehaviour(image: (repository: string, tag: string) => ImageData | undefined): Behaviour {
  const variables = new WeakMap<RunData, readonly string[]>();
  /** Environment variables that its log lines speak of; found once for an image. */
  const variablesOf = (run: RunData | undefined): readonly string[] => {
    if (run === undefined) return [];
    const known =
      variables.get(run) ??
      [...new Set([...JSON.stringify(run).matchAll(/\{\{(?:env|pi) (\w+)/g)].map((match) => match[1] as string))].filter((name) => !REQUEST.has(name));
    variables.set(run, known);
    return known;
  };
  const mains = new WeakMap<ImageData, Mains>();
  const mainsFor = (data: ImageData): Mains => {
    const known = mains.get(data) ?? { line: [...(data.entrypoint ?? []), ...(data.cmd ?? [])].join(' '), names: mainsOf(data) };
    mains.set(data, known);
    return known;
  };
  const dataOf = (host: ProcessHost): ImageData | undefined => image(host.image, host.tag);

  const portsOf = (state: ImageProcess, host: ProcessHost): readonly number[] => portsFor(state, dataOf(host), host);
  const isReady = (state: ImageProcess, host: ProcessHost): boolean =>
    state.failed === undefined && (state.ends?.from ?? FOREVER) >= host.now && host.now >= state.at + span(runOf(state, dataOf(host))?.ready);

  /** The lines it writes in its present course, with their times. */
  function linesOf(state: ImageProcess, data: ImageData | undefined): readonly { at: number; text: string; stream: 'stdout' | 'stderr' }[] {
    const run = runOf(state, data);
    const log =
      state.failed === 'port' ? (run?.portTaken?.log ?? []) : typeof state.failed === 'number' ? (run?.requires?.[state.failed]?.log ?? []) : (run?.log ?? []);
    const all = timed(log, state.at);
    return state.ends === undefined || run?.stop?.log === undefined
      ? all
      : [...all.filter((line) => line.at <= (state.ends?.from ?? 0)), ...timed(run.stop.log, state.ends.from)];
  }

  function course(state: ImageProcess, host: ProcessHost): StepResult {
    const lines = linesOf(state, dataOf(host));
    let n = state.lines;
    for (let line = lines[n]; line !== undefined && line.at <= host.now; line = lines[++n])
      say(host, runOf(state, dataOf(host)), line.stream, `${fillIn(line.text, host, line.at as Time, state.env)}\n`, line.at as Time);
    const next = { ...state, lines: n };
    const { ends } = state;
    if (ends !== undefined && ends.at <= host.now)
      return { state: processOf(next), exit: { code: ends.code, at: ends.at as Time, ...(ends.oom === true ? { reason: 'OOMKilled' } : {}) } };
    const due = Math.min(lines[n]?.at ?? FOREVER, ends?.at ?? FOREVER);
    return { state: processOf(next), ...(due >= FOREVER ? {} : { next: due as Time }), lazyUntil: (ends?.at ?? FOREVER) as Time };
  }

  return {
    name: 'image',
    start(spec, host) {
      const data = dataOf(host);
      // `exec` seldom starts a second server: nginx -t, redis-server --version.
      if (!isMain(spec, data, mainsFor) || (!host.isInit && data?.run?.exit === undefined && !hasRun(spec, data))) return undefined;
      const state = begin(spec, host, data, variablesOf);
      if (host.hasVolumes) openLogs(host, runOf(state, data));
      const ends = state.ends?.at;
      return { ...processOf(state), next: host.now, lazyUntil: (ends ?? FOREVER) as Time };
    },
    run: (process, host) => course(stateOf(process), host),
    signal(process, signal, host) {
      const state = stateOf(process);
      const stop = runOf(state, dataOf(host))?.stop;
      const isStop = signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT' || signal === (dataOf(host)?.stopSignal ?? 'SIGTERM');
      if (!isStop || stop?.ignores === true) return course(state, host);
      const at = host.now + span(stop?.after, 100);
      if (state.ends !== undefined && state.ends.at <= at) return course(state, host);
      const { state: written } = course(state, host);
      return course({ ...stateOf(written), ends: { at, code: stop?.code ?? 0, from: host.now } }, host);
    },
    serve(process, port, request, host) {
      const state = stateOf(process);
      if (!isReady(state, host) || !portsOf(state, host).includes(port)) return undefined;
      return answer(state, dataOf(host), request, host);
    },
    listening(process, host) {
      const state = stateOf(process);
      return isReady(state, host) ? portsOf(state, host) : [];
    },
    usage(process, host) {
      const state = stateOf(process);
      const run = runOf(state, dataOf(host));
      return {
        memory: state.bytes ?? run?.memory ?? 12 * 1024 * 1024,
        cpu: (run?.cpu ?? 200_000) * (host.now - state.at < 5000 && run?.cpu === undefined ? 20 : 1),
      };
    },
  };
}

/** To the log it belongs to: the container's, or a file of its own where a volume lies over the image's links. */
function say(host: ProcessHost, run: RunData | undefined, stream: 'stdout' | 'stderr' | 'access', text: string, at: Time): void {
  const file = stream === 'access' ? run?.logFiles?.access : stream === 'stderr' ? run?.logFiles?.error : undefined;
  if (file === undefined || host.files.stat(file, false)?.type === 'symlink') host.write(stream === 'stderr' ? 'stderr' : 'stdout', text, at);
  else if (host.files.stat(parentOf(file)) !== undefined) host.files.write(file, text, { append: true, at });
}

/** A server opens its log files when it starts. */
function openLogs(host: ProcessHost, run: RunData | undefined): void {
  for (const file of Object.values(run?.logFiles ?? {}))
    if (host.files.stat(file, false) === undefined && host.files.stat(parentOf(file)) !== undefined) host.files.write(file, '', { at: host.now });
}

const processOf = (state: ImageProcess): ProcessState => ({ behaviour: 'image', state });
const stateOf = (process: ProcessState): ImageProcess => process.state as ImageProcess;

/** How the image starts by itself, and the names of its own programs. */
interface Mains {
  readonly line: string;
  readonly names: readonly string[];
}

/** Its own server or job. A program with a use of its own (`python3 -c`, `minio --help`) is not, unless it is started as the image starts it. */
function isMain(spec: ProcessSpec, data: ImageData | undefined, mains: (data: ImageData) => Mains): boolean {
  const program = spec.argv[0] ?? '';
  if (data === undefined) return program === ENTRYPOINT;
  const { line, names } = mains(data);
  if (!names.includes(program.slice(program.lastIndexOf('/') + 1))) return false;
  if (hasRun(spec, data)) return true;
  return (data.run !== undefined && data.run.exit === undefined) || line === spec.argv.join(' ');
}

const hasRun = (spec: ProcessSpec, data: ImageData | undefined): boolean => data?.runs?.some((run) => new RegExp(run.match).test(spec.argv.join(' '))) === true;

const runOf = (state: Pick<ImageProcess, 'run'>, data: ImageData | undefined): RunData | undefined =>
  state.run === undefined ? data?.run : data?.runs?.[state.run];

function portsFor(state: ImageProcess, data: ImageData | undefined, host: ProcessHost): readonly number[] {
  const ports = data === undefined ? host.declaredPorts : (runOf(state, data)?.listen ?? data.ports ?? []);
  return state.port === undefined ? ports : [state.port, ...ports.slice(1)];
}

function begin(spec: ProcessSpec, host: ProcessHost, data: ImageData | undefined, variablesOf: (run: RunData | undefined) => readonly string[]): ImageProcess {
  const state: ImageProcess = { at: host.now, lines: 0 };
  const words = choose(state, spec, data);
  const run = runOf(state, data);
  const port = Number(words['port'] ?? (run?.portEnv === undefined ? undefined : spec.env[run.portEnv]));
  if (Number.isInteger(port) && port > 0) state.port = port;
  const names = variablesOf(run);
  if (names.length > 0) state.env = Object.fromEntries(names.map((name) => [name, words[name] ?? spec.env[name] ?? '']));
  const bytes = words['bytes'] === undefined ? undefined : bytesOf(words['bytes']);
  if (bytes !== undefined) state.bytes = bytes;
  // More memory than the cgroup may have: the kernel's OOM killer.
  if (bytes !== undefined && host.memoryLimit !== undefined && bytes > host.memoryLimit)
    return { ...state, ends: { at: host.now + 350, code: 137, from: FOREVER, oom: true } };

  const missing = run?.requires?.findIndex((one) => !one.env.some((name) => (spec.env[name] ?? '') !== '')) ?? -1;
  const failure = missing < 0 ? undefined : run?.requires?.[missing];
  if (failure !== undefined) return { ...state, failed: missing, ends: { at: host.now + span(failure.after, 300), code: failure.code, from: FOREVER } };
  if (host.isInit && portsFor(state, data, host).some((one) => !host.network.listen(one)))
    return { ...state, failed: 'port', ends: { at: host.now + span(run?.portTaken?.after, 1000), code: run?.portTaken?.code ?? 1, from: FOREVER } };
  const lasts = words['seconds'] === undefined ? undefined : Number(words['seconds']) * 1000;
  if (run?.exit !== undefined) return { ...state, ends: { at: host.now + (lasts ?? span(run.exit.after)), code: run.exit.code, from: FOREVER } };
  return state;
}

/** Finds which of the image's runs this command line is, and what its groups matched. */
function choose(state: ImageProcess, spec: ProcessSpec, data: ImageData | undefined): Readonly<Record<string, string | undefined>> {
  const line = spec.argv.join(' ');
  for (const [i, run] of (data?.runs ?? []).entries()) {
    const match = new RegExp(run.match).exec(line);
    if (match === null) continue;
    state.run = i;
    return match.groups ?? {};
  }
  return {};
}

/** `250M`, `1G`, `100Mi` as stress and its like read them. */
function bytesOf(text: string): number | undefined {
  const match = /^(\d+)([kKmMgG]?)i?[bB]?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
}

/** A line without a time comes with the one before it. */
function timed(log: readonly LogData[], from: number): { at: number; text: string; stream: 'stdout' | 'stderr' }[] {
  let at = from;
  return log.map((line) => {
    if (typeof line === 'string') return { at, text: line, stream: 'stdout' };
    if (line.after !== undefined) at = from + span(line.after);
    return { at, text: line.text, stream: line.stream ?? 'stdout' };
  });
}

function answer(state: ImageProcess, data: ImageData | undefined, request: ServedRequest, host: ProcessHost): ServedAnswer {
  const run = runOf(state, data);
  if (request.type === 'tcp') return { takes: 1, steadyUntil: FOREVER };
  if (request.type === 'grpc')
    return { ...(run?.grpc === undefined ? {} : { serving: run.grpc === 'none' ? 'UNIMPLEMENTED' : run.grpc }), takes: 2, steadyUntil: FOREVER };
  const served = state.served ?? 0;
  const route = routeFor(run?.http ?? [], request.path, served);
  const counts = run?.http?.some((one) => one.times !== undefined) === true;
  const found = route === undefined && run?.root !== undefined ? fromFiles(run.root, request.path, host) : undefined;
  const status = route?.status ?? found?.status ?? (route === undefined && run?.http !== undefined ? 404 : 200);
  const body = fillIn(route?.body ?? found?.body ?? '', host, host.now, { ...state.env, PATH_INFO: request.path, REMOTE: request.from });
  const isHead = request.method === 'HEAD';
  if (run?.accessLog !== undefined) {
    const line = fillIn(run.accessLog, host, host.now, {
      REMOTE: request.from,
      METHOD: request.method,
      PATH_INFO: request.path,
      STATUS: String(status),
      BYTES: String(isHead ? 0 : byteLength(body)),
      AGENT: request.headers['user-agent'] ?? request.headers['User-Agent'] ?? '-',
    });
    say(host, run, 'access', `${line}\n`, host.now);
  }
  return {
    status,
    headers: {
      ...(run?.server === undefined ? {} : { Server: run.server }),
      ...found?.headers,
      ...route?.headers,
      ...(isHead ? { 'Content-Length': String(byteLength(body)) } : {}),
    },
    body: isHead ? '' : body,
    takes: 1,
    ...(counts ? { state: processOf({ ...state, served: served + 1 }) } : { steadyUntil: FOREVER }),
  };
}

function routeFor(routes: readonly RouteData[], path: string, served: number): RouteData | undefined {
  const bare = path.split('?')[0] ?? path;
  return routes.find(
    (route) =>
      (route.path.endsWith('*') ? bare.startsWith(route.path.slice(0, -1)) : route.path === bare) && (route.times === undefined || served < route.times),
  );
}

/** A web server's document root. */
function fromFiles(root: string, path: string, host: ProcessHost): { status: number; body: string; headers: Record<string, string> } {
  const bare = decodeURIComponent((path.split('?')[0] ?? '/').replace(/%(?![0-9a-fA-F]{2})/g, '%25'));
  const file = `${root}${bare}`;
  const candidates = bare.endsWith('/') ? [`${file}index.html`, `${file}index.htm`] : [file];
  for (const candidate of candidates) {
    const stat = host.files.stat(candidate);
    if (stat?.type === 'file')
      return { status: 200, body: host.files.read(candidate), headers: { 'Content-Type': candidate.endsWith('.html') ? 'text/html' : 'text/plain' } };
  }
  const isDirectory = host.files.stat(file)?.type === 'directory';
  const status = isDirectory && bare.endsWith('/') ? 403 : isDirectory ? 301 : 404;
  const title = status === 403 ? '403 Forbidden' : status === 301 ? '301 Moved Permanently' : '404 Not Found';
  return {
    status,
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
    headers: { 'Content-Type': 'text/html' },
  };
}
