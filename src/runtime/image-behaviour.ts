/** What an image's own program does, as its catalogue entry says: first log lines, listening, answering, ending, stopping. */
import { byteLength } from '../api/bytes.js';
import { parseDuration, type Time } from '../api/time.js';
import { fromFiles } from './document-root.js';
import { type CallData, type ImageData, type LogData, type RouteData, type RunData, UNKNOWN_TASK } from './image.js';
import { fillIn } from './log-template.js';
import { type Directive, portsOfServer, serversOf } from './nginx/config.js';
import { serveNginx } from './nginx/serve.js';
import { listenLine, type NginxState, readConfig as readNginxConfig, startNginx } from './nginx/start.js';
import {
  type Behaviour,
  FileError,
  FOREVER,
  type NetworkResult,
  type ProcessHost,
  type ProcessSpec,
  type ProcessState,
  type ServedAnswer,
  type ServedRequest,
  type StepResult,
} from './process.js';
import { type RedisState, saveRedis, serveRedis, startRedis } from './redis/server.js';
import { keptData, type SqlState, serveSql, startSql } from './sql/server.js';
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
  /** Milliseconds of processor time that requests have cost, in a sample and in the one before it. */
  busy?: { sample: number; spent: number; before: number };
  /** Why it will not serve: an index into `requires`, its port is taken, its configuration is wrong, or the API server refuses it something. */
  failed?: number | 'port' | 'config' | 'call';
  port?: number;
  /** Ends then, by itself or because it was told to. */
  ends?: { at: number; code: number; from: number; oom?: boolean };
  /** Environment its log lines speak of. */
  env?: Record<string, string>;
  /** Of redis: what it keeps, and how it was set up. */
  redis?: RedisState;
  /** Of a SQL server: what it keeps; the environment that says where. */
  sql?: SqlState;
  sqlEnv?: Readonly<Record<string, string>>;
  /** Of nginx whose configuration or rights are not the usual ones. */
  nginx?: NginxState;
}

/** Filled in from the request, not the environment. */
const REQUEST: ReadonlySet<string> = new Set(['REMOTE', 'METHOD', 'PATH_INFO', 'STATUS', 'BYTES', 'AGENT', 'AGE']);

const span = (text: string | undefined, otherwise = 0): number => (text === undefined ? otherwise : (parseDuration(text) ?? otherwise));

/** `image` looks up the catalogue, the tag's variant folded in; undefined: an image nobody describes. */
export function imageBehaviour(image: (repository: string, tag: string) => ImageData | undefined): Behaviour {
  const variables = new WeakMap<RunData, readonly string[]>();
  /** Environment variables that its log lines speak of; found once for an image. */
  const variablesOf = (run: RunData | undefined): readonly string[] => {
    if (run === undefined) return [];
    const known = variables.get(run);
    if (known !== undefined) return known;
    const names = [...JSON.stringify(run).matchAll(/\{\{(?:env|pi) (\w+)/g)].map((match) => match[1] as string);
    const made = [...new Set(names)].filter((name) => !REQUEST.has(name));
    variables.set(run, made);
    return made;
  };
  const mains = new WeakMap<ImageData, Mains>();
  const mainsFor = (data: ImageData): Mains => {
    const known = mains.get(data);
    if (known !== undefined) return known;
    const line = [...(data.entrypoint ?? []), ...(data.cmd ?? [])].join(' ');
    const made = { line, names: mainsOf(data), matches: (data.runs ?? []).map((run) => new RegExp(run.match)) };
    mains.set(data, made);
    return made;
  };
  const dataOf = (host: ProcessHost): ImageData | undefined => image(host.image, host.tag);

  const portsOf = (state: ImageProcess, host: ProcessHost): readonly number[] => portsFor(state, dataOf(host), host);
  const isReady = (state: ImageProcess, host: ProcessHost): boolean =>
    state.failed === undefined && (state.ends?.from ?? FOREVER) >= host.now && host.now >= state.at + span(readyOf(state, runOf(state, dataOf(host))));

  /** The lines it writes in its present course, with their times. */
  function linesOf(state: ImageProcess, data: ImageData | undefined): readonly { at: number; text: string; stream: 'stdout' | 'stderr' }[] {
    const run = runOf(state, data);
    const log =
      state.failed === 'call'
        ? []
        : state.failed === 'port'
          ? (run?.portTaken?.log ?? [])
          : typeof state.failed === 'number'
            ? (run?.requires?.[state.failed]?.log ?? [])
            : ((state.sql?.isNew === false ? run?.again?.log : undefined) ?? run?.log ?? []);
    if (state.run !== undefined && state.failed === 'config') return testLines(state.nginx?.emerg ?? '', state.at);
    const all = nginxLines(state.nginx, timed(log, state.at), state.at);
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
      if (!isMain(spec, data, mainsFor) || (!host.isInit && data?.run?.exit === undefined && !hasRun(spec, data, mainsFor))) return undefined;
      if (isVersionAsked(spec, data)) return undefined;
      const state = begin(spec, host, data, mainsFor, variablesOf);
      if (host.hasVolumes) openLogs(host, runOf(state, data));
      const ends = state.ends?.at;
      return { behaviour: 'image', state, next: host.now, lazyUntil: (ends ?? FOREVER) as Time };
    },
    run: (process, host) => course(stateOf(process), host),
    signal(process, signal, host) {
      const state = stateOf(process);
      const own = runOf(state, dataOf(host));
      if (signal === 'SIGHUP' && own?.nginx === true) return course(reload(state, own, host), host);
      const stop = own?.stop;
      const isStop = signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT' || signal === (dataOf(host)?.stopSignal ?? 'SIGTERM');
      if (!isStop || stop?.ignores === true) return course(state, host);
      const at = host.now + span(stop?.after, 100);
      if (state.ends !== undefined && state.ends.at <= at) return course(state, host);
      const { state: written } = course(state, host);
      if (state.redis !== undefined) saveRedis(state.redis, host);
      return course({ ...stateOf(written), ends: { at, code: stop?.code ?? 0, from: host.now } }, host);
    },
    serve(process, port, request, host) {
      const state = stateOf(process);
      if (!isReady(state, host)) return undefined;
      const ports = request.type === 'udp' ? (dataOf(host) === undefined ? (host.declaredUdpPorts ?? []) : []) : portsOf(state, host);
      if (!ports.includes(port)) return undefined;
      return answer(state, dataOf(host), request, host, port);
    },
    listening(process, host) {
      const state = stateOf(process);
      return isReady(state, host) ? portsOf(state, host) : [];
    },
    workers: (process) => stateOf(process).nginx?.reloaded,
    usage(process, host) {
      const state = stateOf(process);
      const run = runOf(state, dataOf(host));
      return {
        memory: state.bytes ?? run?.memory ?? 12 * 1024 * 1024,
        cpu: (run?.cpu ?? 200_000) * (host.now - state.at < 5000 && run?.cpu === undefined ? 20 : 1) + load(state, host.now),
      };
    },
  };
}

/** To the log it belongs to: the container's, or a file of its own where a volume lies over the image's links. */
function say(host: ProcessHost, run: RunData | undefined, stream: 'stdout' | 'stderr' | 'access', text: string, at: Time): void {
  const file = stream === 'access' ? run?.logFiles?.access : stream === 'stderr' ? run?.logFiles?.error : undefined;
  if (file === undefined || host.files.stat(file, false)?.type === 'symlink') host.write(stream === 'stderr' ? 'stderr' : 'stdout', text, at);
  else appendTo(host, file, text, at);
}

/** Where its directory is gone, or not for it to write, it goes without. */
function appendTo({ files }: ProcessHost, file: string, text: string, at: Time): void {
  try {
    files.write(file, text, { append: true, at });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

/** A server opens its log files when it starts. */
function openLogs(host: ProcessHost, run: RunData | undefined): void {
  for (const file of Object.values(run?.logFiles ?? {})) if (host.files.stat(file, false) === undefined) appendTo(host, file, '', host.now);
}

const processOf = (state: ImageProcess): ProcessState => ({ behaviour: 'image', state });
const stateOf = (process: ProcessState): ImageProcess => process.state as ImageProcess;

/** How the image starts by itself, and the names of its own programs. */
interface Mains {
  readonly line: string;
  readonly names: readonly string[];
  /** Of its `runs`. */
  readonly matches: readonly RegExp[];
}

/** Its own server or job. A program with a use of its own (`python3 -c`, `minio --help`) is not, unless it is started as the image starts it. */
function isMain(spec: ProcessSpec, data: ImageData | undefined, mains: (data: ImageData) => Mains): boolean {
  const program = spec.argv[0] ?? '';
  if (data === undefined) return program === ENTRYPOINT;
  const { line, names } = mains(data);
  if (!names.includes(program.slice(program.lastIndexOf('/') + 1))) return false;
  if (hasRun(spec, data, mains)) return true;
  return (data.run !== undefined && data.run.exit === undefined) || line === spec.argv.join(' ');
}

/** `npm --version` is no start of the image's job, unless the catalogue has the answer. */
const isVersionAsked = ({ argv }: ProcessSpec, data: ImageData | undefined): boolean =>
  argv.length === 2 &&
  /^(-v|-V|--version|-version|version)$/.test(argv[1] as string) &&
  data?.runs?.find((run) => new RegExp(run.match).test(argv.join(' ')))?.exit === undefined;

const hasRun = (spec: ProcessSpec, data: ImageData | undefined, mains: (data: ImageData) => Mains): boolean =>
  data?.runs !== undefined && mains(data).matches.some((match) => match.test(spec.argv.join(' ')));

/** A server that finds its data is ready sooner. */
const readyOf = ({ sql }: ImageProcess, run: RunData | undefined): string | undefined => (sql?.isNew === false ? run?.again?.ready : undefined) ?? run?.ready;

const runOf = (state: Pick<ImageProcess, 'run'>, data: ImageData | undefined): RunData | undefined =>
  state.run === undefined ? data?.run : data?.runs?.[state.run];

function portsFor(state: ImageProcess, data: ImageData | undefined, host: ProcessHost): readonly number[] {
  const config = state.nginx?.config;
  if (config !== undefined) return [...new Set(serversOf(config).flatMap(portsOfServer))];
  const ports = data === undefined ? host.declaredPorts : (runOf(state, data)?.listen ?? data.ports ?? []);
  return state.port === undefined ? ports : [state.port, ...ports.slice(1)];
}

function begin(
  spec: ProcessSpec,
  host: ProcessHost,
  data: ImageData | undefined,
  mains: (data: ImageData) => Mains,
  variablesOf: (run: RunData | undefined) => readonly string[],
): ImageProcess {
  const state: ImageProcess = { at: host.now, lines: 0 };
  const words = data?.runs === undefined ? NO_WORDS : choose(state, spec, mains(data).matches);
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

  const isKept = run?.sql !== undefined && keptData(host, run.sql, spec.env) !== undefined;
  const missing = isKept ? -1 : (run?.requires?.findIndex((one) => !one.env.some((name) => (spec.env[name] ?? '') !== '')) ?? -1);
  const failure = missing < 0 ? undefined : run?.requires?.[missing];
  if (failure !== undefined) return { ...state, failed: missing, ends: { at: host.now + span(failure.after, 300), code: failure.code, from: FOREVER } };
  if (run?.redis === true) {
    state.redis = startRedis(host, spec.argv, spec.cwd);
    const given = Number(state.redis.config['port']);
    if (Number.isInteger(given) && given > 0) state.port = given;
  }
  if (run?.sql !== undefined) {
    state.sql = startSql(host, run.sql, spec);
    if (spec.env['PGDATA'] !== undefined) state.sqlEnv = { PGDATA: spec.env['PGDATA'] };
  }
  if (words['signal'] !== undefined) host.kill?.(1, SIGNALS[words['signal']] ?? 'SIG0');
  const fault = words['test'] === undefined ? undefined : readNginxConfig(host);
  if (typeof fault === 'string') return { ...state, nginx: { emerg: fault }, failed: 'config', ends: { at: host.now + 1, code: 1, from: FOREVER } };
  const nginx = run?.nginx === true ? startNginx(host, spec) : undefined;
  if (nginx !== undefined) state.nginx = nginx;
  if (nginx?.emerg !== undefined) return { ...state, failed: 'config', ends: { at: host.now + 50, code: 1, from: FOREVER } };
  if (host.isInit && portsFor(state, data, host).some((one) => !host.network.listen(one)))
    return { ...state, failed: 'port', ends: { at: host.now + span(run?.portTaken?.after, 1000), code: run?.portTaken?.code ?? 1, from: FOREVER } };
  if (data === undefined && host.isTask === true) return { ...state, ends: { at: host.now + UNKNOWN_TASK, code: 0, from: FOREVER } };
  const refused = callAll(run?.calls ?? [], host, state.env ?? {});
  if (refused !== undefined) {
    host.write('stderr', `${refused}\n`, host.now);
    return { ...state, failed: 'call', ends: { at: host.now + 100, code: 1, from: FOREVER } };
  }
  const lasts = words['seconds'] === undefined ? undefined : Number(words['seconds']) * 1000;
  if (run?.exit !== undefined) return { ...state, ends: { at: host.now + (lasts ?? span(run.exit.after)), code: run.exit.code, from: FOREVER } };
  return state;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Asks the API server for all of it; what it says no with. */
function callAll(calls: readonly CallData[], host: ProcessHost, env: Readonly<Record<string, string>>): string | undefined {
  if (calls.length === 0) return undefined;
  const read = (name: string): string => (host.files.stat(`${ACCOUNT}/${name}`) === undefined ? '' : host.files.read(`${ACCOUNT}/${name}`));
  const ca = read('ca.crt');
  const own: Readonly<Record<string, () => string>> = {
    random: () => Array.from({ length: 16 }, () => LETTERS[Math.floor(host.random() * LETTERS.length)]).join(''),
    ca: () => JSON.stringify(ca).slice(1, -1),
    ca64: () => Buffer.from(ca).toString('base64'),
    namespace: () => read('namespace'),
  };
  const filled = (text: string): string =>
    fillIn(
      text.replace(/\{\{(random|ca|ca64|namespace)\}\}/g, (_, word: string) => own[word]?.() ?? ''),
      host,
      host.now,
      env,
    );
  const headers = { Authorization: `Bearer ${read('token')}`, 'Content-Type': 'application/json' };
  const ask = (method: string, path: string, body: string): NetworkResult =>
    host.network.http({ method, scheme: 'https', host: 'kubernetes.default.svc', port: 443, path, headers, body });
  for (const call of calls) {
    const path = filled(call.path);
    const found = call.method === 'PUT' ? ask('GET', path, '') : undefined;
    const refused = found === undefined ? undefined : refusalOf(found);
    if (refused !== undefined) return refused;
    const object: unknown = found !== undefined && 'body' in found ? JSON.parse(found.body) : call.body;
    for (const [at, value] of Object.entries(call.set ?? {})) put(object, at.split('.'), value);
    const answer = ask(call.method, path, filled(JSON.stringify(object)));
    if ('failure' in answer || answer.status !== 409) {
      const why = refusalOf(answer);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** Puts it where the names lead. */
function put(into: unknown, [name = '', ...rest]: readonly string[], value: string): void {
  if (typeof into !== 'object' || into === null) return;
  const object = into as Record<string, unknown>;
  for (const key of name === '*' ? Object.keys(object) : [name])
    if (rest.length === 0) object[key] = value;
    else put(object[key], rest, value);
}

/** What the API server, or the way to it, says no with. */
function refusalOf(answer: NetworkResult): string | undefined {
  if ('failure' in answer) return `the API server cannot be reached: ${answer.failure}`;
  return (answer.status ?? 200) < 400 ? undefined : messageOf(answer.body);
}
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { readonly message?: string }).message ?? body;
  } catch {
    return body;
  }
}

/** What `nginx -s` sends to its master. */
const SIGNALS: Readonly<Record<string, string>> = { reload: 'SIGHUP', reopen: 'SIGUSR1', stop: 'SIGTERM', quit: 'SIGQUIT' };

/** Finds which of the image's runs this command line is, and what its groups matched. */
function choose(state: ImageProcess, spec: ProcessSpec, matches: readonly RegExp[]): Words {
  const line = spec.argv.join(' ');
  const at = matches.findIndex((match) => match.test(line));
  if (at < 0) return NO_WORDS;
  state.run = at;
  return matches[at]?.exec(line)?.groups ?? NO_WORDS;
}
type Words = Readonly<Record<string, string | undefined>>;
const NO_WORDS: Words = {};

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

function answer(state: ImageProcess, data: ImageData | undefined, request: ServedRequest, host: ProcessHost, port: number): ServedAnswer {
  const run = runOf(state, data);
  if (request.type === 'tcp' && state.redis !== undefined && request.data !== undefined) {
    const info = { version: host.version ?? '7.4.4', started: state.at, now: host.now, port, memory: 9_437_184 };
    const { body, redis } = serveRedis(state.redis, request.data, info);
    return { body, takes: 1, ...(redis === state.redis ? {} : { state: processOf({ ...state, redis }) }) };
  }
  if (request.type === 'tcp' && state.sql !== undefined && request.data?.startsWith('{') === true) {
    const { body, state: sql } = serveSql(state.sql, request.data, request.from, host, state.sqlEnv ?? {});
    return { body, takes: 1, ...(sql === state.sql ? {} : { state: processOf({ ...state, sql }) }) };
  }
  if (request.type === 'tcp' || request.type === 'udp') return { takes: 1, steadyUntil: FOREVER };
  if (request.type === 'grpc') {
    const serving = data === undefined ? 'SERVING' : health(run, request.service, (text) => fillIn(text, host, host.now, state.env));
    return { ...(serving === undefined ? {} : { serving }), takes: 2, steadyUntil: FOREVER };
  }
  if (state.nginx?.config !== undefined && run !== undefined) return nginxAnswer(state.nginx.config, run, request, host, port);
  const served = state.served ?? 0;
  const age = host.now - state.at;
  const route = routeFor(run?.http ?? [], request.path, served, age);
  const turns = (run?.http ?? []).flatMap(({ until }) => (until !== undefined && span(until) > age ? [state.at + span(until)] : []));
  const counts = run?.http?.some((one) => one.times !== undefined) === true;
  const found = route === undefined && run?.root !== undefined ? fromFiles(run.root, request.path, host, run.server ?? 'nginx') : undefined;
  const status = route?.status ?? found?.status ?? (route === undefined && run?.http !== undefined ? 404 : 200);
  const body = fillIn(route?.body ?? found?.body ?? '', host, host.now, {
    ...state.env,
    PATH_INFO: request.path,
    REMOTE: request.from,
    AGE: String(age / 1000),
  });
  const isHead = request.method === 'HEAD';
  if (run?.nginx === true && found !== undefined && (status === 404 || status === 403)) {
    const path = `${run.root}${request.path.split('?')[0]}`;
    sayError(host, run, request, status === 404 ? `open() "${path}" failed (2: No such file or directory)` : `directory index of "${path}" is forbidden`);
  }
  if (status === 404 && run?.server?.startsWith('SimpleHTTP') === true)
    say(host, run, 'stderr', fillIn(`${request.from} - - [{{python}}] code 404, message File not found\n`, host, host.now), host.now);
  if (run?.accessLog !== undefined) say(host, run, 'access', `${accessLine(run.accessLog, request, status, isHead ? 0 : byteLength(body), host)}\n`, host.now);
  return {
    status,
    ...(data === undefined ? { anyScheme: true as const } : {}),
    ...(run?.ingress?.includes(port) === true ? { ingress: true as const } : {}),
    headers: {
      ...(run?.server === undefined ? {} : { Server: run.server }),
      ...found?.headers,
      ...route?.headers,
      ...(isHead ? { 'Content-Length': String(byteLength(body)) } : {}),
    },
    body: isHead ? '' : body,
    takes: Math.max(1, span(run?.work)),
    ...(counts || run?.work !== undefined
      ? { state: processOf({ ...state, ...(counts ? { served: served + 1 } : {}), ...spent(state, span(run?.work), host.now) }) }
      : { steadyUntil: Math.min(FOREVER, ...turns) as Time }),
  };
}

/** What the gRPC health service says of a service; undefined: this is no gRPC server. */
function health(run: RunData | undefined, service: string, filled: (text: string) => string): string | undefined {
  if (run?.grpc === 'none') return 'UNIMPLEMENTED';
  const isKnown = run?.services === undefined || run.services.some((name) => filled(name) === service);
  return run?.grpc === undefined || isKnown ? run?.grpc : 'NOT_FOUND';
}

/** Of so many milliseconds one value of processor usage is made, as the kubelet's sampling does. */
const SAMPLE = 10_000;

function spent({ busy }: ImageProcess, work: number, now: Time): Partial<ImageProcess> {
  if (work === 0) return {};
  const sample = Math.floor(now / SAMPLE);
  if (busy?.sample === sample) return { busy: { ...busy, spent: busy.spent + work } };
  return { busy: { sample, spent: work, before: busy?.sample === sample - 1 ? busy.spent : 0 } };
}

/** Nanocores that requests have cost of late. */
function load({ busy }: ImageProcess, now: Time): number {
  if (busy === undefined) return 0;
  const age = Math.floor(now / SAMPLE) - busy.sample;
  const milliseconds = age === 0 ? busy.before : age === 1 ? busy.spent : 0;
  return Math.round((milliseconds / SAMPLE) * 1e9);
}

/** The log of an nginx that found things other than they were in the image. */
function nginxLines<Line extends { at: number; text: string; stream: 'stdout' | 'stderr' }>(
  nginx: NginxState | undefined,
  lines: readonly Line[],
  from: number,
): readonly { at: number; text: string; stream: 'stdout' | 'stderr' }[] {
  if (nginx === undefined) return lines;
  const { listen, emerg, isUser } = nginx;
  const said = lines.flatMap((line) => {
    if (listen === undefined || !line.text.startsWith('10-listen-on')) return [line];
    // Only of a file it may change the checksum is asked.
    const isChecksum = line.text.includes('Getting the checksum');
    if (listen === 'differs') return [isChecksum ? line : { ...line, text: listenLine(listen) }];
    return isChecksum ? [{ ...line, text: listenLine(listen) }] : [];
  });
  const both = (level: string, text: string, at: number) => [
    { at, text: `{{slashes}} [${level}] 1#1: ${text}`, stream: 'stderr' as const },
    { at, text: `nginx: [${level}] ${text}`, stream: 'stderr' as const },
  ];
  const [scripts, own] = [said.filter(({ stream }) => stream === 'stdout'), said.filter(({ stream }) => stream === 'stderr')];
  const user = 'the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:2';
  const warned = isUser === true ? both('warn', user, from + 40) : [];
  return [...scripts, ...warned, ...(emerg === undefined ? own : both('emerg', emerg, from + 45))];
}

/** `nginx -t` of a configuration that is wrong. */
const testLines = (emerg: string, at: number): readonly { at: number; text: string; stream: 'stderr' }[] =>
  [`{{slashes}} [emerg] 30#30: ${emerg}`, `nginx: [emerg] ${emerg}`, 'nginx: configuration file /etc/nginx/nginx.conf test failed'].map((text) => ({
    at,
    text,
    stream: 'stderr',
  }));

/** SIGHUP: the configuration is read again; one that is wrong is not taken. */
function reload(state: ImageProcess, run: RunData, host: ProcessHost): ImageProcess {
  const note = (text: string): void => say(host, run, 'stderr', `${fillIn(`{{slashes}} ${text}`, host, host.now)}\n`, host.now);
  note('[notice] 1#1: signal 1 (SIGHUP) received, reconfiguring');
  note('[notice] 1#1: reconfiguring');
  const config = readNginxConfig(host);
  if (typeof config === 'string') {
    note(`[emerg] 1#1: ${config}`);
    return state;
  }
  note('[notice] 1#1: using the "epoll" event method');
  note('[notice] 1#1: start worker processes');
  const reloaded = { times: (state.nginx?.reloaded?.times ?? 0) + 1, at: host.now };
  const next: ImageProcess = { ...state, nginx: { ...state.nginx, config, reloaded } };
  for (const port of portsFor(state, undefined, host)) host.network.unlisten(port);
  for (const port of portsFor(next, undefined, host)) host.network.listen(port);
  return next;
}

function nginxAnswer(
  config: readonly Directive[],
  run: RunData,
  request: Extract<ServedRequest, { type: 'http' }>,
  host: ProcessHost,
  port: number,
): ServedAnswer {
  const signature = run.server ?? 'nginx';
  const found = serveNginx(config, port, request, host, signature);
  if (found === undefined) return { takes: 1 };
  const { status, body, headers, takes, error, upstream, isQuiet } = found;
  const isHead = request.method === 'HEAD';
  if (error !== undefined) sayError(host, run, request, error, upstream === undefined ? '' : `, upstream: "${upstream}"`);
  if (run.accessLog !== undefined && isQuiet !== true)
    say(host, run, 'access', `${accessLine(run.accessLog, request, status, isHead ? 0 : byteLength(body), host)}\n`, host.now);
  return {
    status,
    headers: { Server: signature, ...headers, ...(isHead ? { 'Content-Length': String(byteLength(body)) } : {}) },
    body: isHead ? '' : body,
    takes,
  };
}

function sayError(host: ProcessHost, run: RunData, request: Extract<ServedRequest, { type: 'http' }>, text: string, upstream = ''): void {
  const line = `{{slashes}} [error] 29#29: *1 ${text}, client: ${request.from}, server: localhost, request: "${request.method} ${request.path} HTTP/1.1"${upstream}, host: "${request.headers['Host'] ?? ''}"`;
  say(host, run, 'stderr', `${fillIn(line, host, host.now)}\n`, host.now);
}

const accessLine = (format: string, request: Extract<ServedRequest, { type: 'http' }>, status: number, bytes: number, host: ProcessHost): string =>
  fillIn(format, host, host.now, {
    REMOTE: request.from,
    METHOD: request.method,
    PATH_INFO: request.path,
    STATUS: String(status),
    BYTES: String(bytes),
    AGENT: request.headers['user-agent'] ?? request.headers['User-Agent'] ?? '-',
  });

function routeFor(routes: readonly RouteData[], path: string, served: number, age: number): RouteData | undefined {
  const bare = path.split('?')[0] ?? path;
  return routes.find(
    (route) =>
      (route.path.endsWith('*') ? bare.startsWith(route.path.slice(0, -1)) : route.path === bare) &&
      (route.times === undefined || served < route.times) &&
      (route.until === undefined || age <= span(route.until)),
  );
}
