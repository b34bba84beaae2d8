/** agnhost's servers whose answers depend on what is asked: netexec and liveness. Whether they speak TLS is not told here: clients go by the port. */
import { formatDuration, milliseconds, parseDuration, type Time } from '../../../api/time.js';
import { fillIn } from '../../log-template.js';
import { FOREVER, type ServedAnswer, type ServedRequest } from '../../process.js';
import type { ProgramContext, Wait } from '../program.js';
import { answerWebhook, type WebhookKind } from './agnhost-webhooks.js';
import { reasonOf } from './later.js';
import type { Options } from './options.js';

type HttpRequest = Extract<ServedRequest, { type: 'http' }>;
type Answer = Pick<ServedAnswer, 'status' | 'headers' | 'body' | 'steadyUntil'> & { readonly takes?: number };

export interface ServerState {
  readonly kind: 'netexec' | 'liveness' | WebhookKind;
  readonly since: number;
  /** Of webhooks: the certificate they show, and the image of the sidecar. */
  readonly certificate?: string;
  readonly sidecar?: string;
  /** Every request is answered as if it were for this. */
  readonly override?: string;
  listening?: boolean;
  /** Its UDP server has started. */
  ready?: boolean;
  /** It waits so many milliseconds when it is told to end, and says that it is about to. */
  delay?: number;
  leaving?: boolean;
  ends?: { readonly at: number; readonly code: number };
}

export const NETEXEC = [
  'http-port',
  'udp-port',
  'sctp-port',
  'tls-cert-file',
  'tls-private-key-file',
  'http-override',
  'udp-listen-addresses',
  'delay-shutdown',
];

/** From its start until it listens. */
const READY = 20;
const MEMORY = 9_437_184;

export function runServer(context: ProgramContext, kind: ServerState['kind'], options: Options): number | Wait {
  const port = Number(options.value('http-port') ?? 8080);
  const override = options.value('http-override');
  const state: ServerState = (context.state as ServerState | undefined) ?? {
    kind,
    since: context.now,
    ...(override === undefined ? {} : { override }),
    ...(Number(options.value('delay-shutdown') ?? 0) > 0 ? { delay: Number(options.value('delay-shutdown')) * 1000 } : {}),
  };
  context.state = state;
  if (state.listening !== true) {
    if (context.now < state.since + READY) return { wait: 'time', until: (state.since + READY) as Time };
    if (kind === 'netexec') note(context, `Started HTTP server on port ${port}`);
    if (!context.listen(port)) {
      note(context, `listen tcp :${port}: bind: address already in use`, 'F');
      return 1;
    }
    const udp = Number(options.value('udp-port') ?? 8081);
    if (kind === 'netexec' && udp !== -1) {
      for (const address of (options.value('udp-listen-addresses') ?? '').split(',')) note(context, `Started UDP server on port ${address} ${udp}`);
      if (!context.listen(udp, 'UDP')) {
        note(context, `Error occurred: failed to create listener for UDP address :${udp}:listen udp :${udp}: bind: address already in use`, 'F');
        return 1;
      }
      state.ready = true;
    }
    context.uses(MEMORY, 0);
    state.listening = true;
  }
  if (state.ends === undefined) return { wait: 'forever' };
  return context.now >= state.ends.at ? state.ends.code : { wait: 'time', until: state.ends.at as Time };
}

export const WEBHOOK = ['tls-cert-file', 'tls-private-key-file', 'port', 'sidecar-image', 'v'];

/** webhook and crd-conversion-webhook: they speak TLS and nothing else. */
export function runWebhook(context: ProgramContext, kind: WebhookKind, options: Options): number | Wait {
  const port = Number(options.value('port') ?? 443);
  const read = (flag: string): string => {
    try {
      return context.files.read(context.path(options.value(flag) ?? ''));
    } catch {
      return '';
    }
  };
  const before = context.state as ServerState | undefined;
  const state: ServerState = before ?? { kind, since: context.now, certificate: read('tls-cert-file'), sidecar: options.value('sidecar-image') ?? '' };
  context.state = state;
  if (state.listening === true) return { wait: 'forever' };
  if (state.certificate === '' || read('tls-private-key-file') === '') {
    const missing = state.certificate === '' ? 'tls-cert-file' : 'tls-private-key-file';
    note(context, `config.go:47] open ${options.value(missing) ?? ''}: no such file or directory`, 'F', '');
    return 255;
  }
  if (context.now < state.since + READY) return { wait: 'time', until: (state.since + READY) as Time };
  if (!context.listen(port)) {
    context.err(`panic: listen tcp :${port}: bind: address already in use\n`);
    return 2;
  }
  context.uses(MEMORY, 0);
  state.listening = true;
  return { wait: 'forever' };
}

const note = (context: ProgramContext, text: string, level = 'I', place = 'log.go:245] '): void =>
  context.err(`${level}${fillIn('{{klog}}', context.host, context.now)}       1 ${place}${text}\n`);

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };
const says = (body: string, status = 200): Answer => ({ status, headers: TEXT, body });
/** As Go's encoding/json writes it. */
const goJson = (value: unknown): string => JSON.stringify(value).replace(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
/** Asked again it says the same. */
const always = (body: string): Answer => ({ ...says(body), steadyUntil: FOREVER });

export function answerServer(context: ProgramContext, request: ServedRequest): ServedAnswer | undefined {
  if (request.type === 'grpc') return undefined;
  if (request.type === 'tcp') return { takes: 1, steadyUntil: FOREVER };
  if (request.type === 'udp') return datagram(context, request);
  const state = context.state as ServerState;
  if (state.kind === 'webhook' || state.kind === 'crd-conversion-webhook')
    return { takes: 1, ...answerWebhook(state.kind, state.sidecar ?? '', request), certificate: state.certificate ?? '' };
  const answer =
    state.kind === 'liveness'
      ? liveness(context, state, request)
      : netexec(context, state, state.override === undefined ? request : { ...request, method: 'GET', path: state.override });
  return { takes: 1, ...answer, ...(request.method === 'HEAD' ? { body: '' } : {}) };
}

/** What it does when it is told to end, if that takes it a while. */
export function signalServer(context: ProgramContext, signal: string): boolean {
  const state = context.state as ServerState | undefined;
  if (signal !== 'SIGTERM' || state?.delay === undefined) return false;
  if (state.leaving !== true) {
    note(context, `Sleeping ${state.delay / 1000} seconds before terminating...`);
    state.leaving = true;
    state.ends = { at: context.now + state.delay, code: 0 };
  }
  return true;
}

/** netexec on UDP: three commands; to others it says nothing. */
function datagram(context: ProgramContext, { data, from, port }: Extract<ServedRequest, { type: 'udp' }>): ServedAnswer {
  const text = data.trim().toLowerCase();
  if (text === 'hostname') {
    note(context, 'Sending udp hostName response');
    return { body: context.host.hostname, takes: 1 };
  }
  if (text.startsWith('echo ')) {
    note(context, `Echoing ${text.slice(5)} to UDP client ${from}:${port}`);
    return { body: text.slice(5), takes: 1 };
  }
  if (text === 'clientip') {
    note(context, `Sending clientip back to UDP client ${from}:${port}`);
    return { body: `${from}:${port}`, takes: 1 };
  }
  if (text !== '') note(context, `Unknown UDP command received from ${from}:${port}: ${text}`);
  return { takes: 1 };
}

const asked = (path: string): { readonly path: string; readonly query: URLSearchParams } => {
  const [bare = '', ...rest] = path.split('?');
  return { path: bare, query: new URLSearchParams(rest.join('?')) };
};

/** What Go's http.Redirect answers. */
function redirect({ method }: HttpRequest, location: string, status: number): Answer {
  const shown = location.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;').replaceAll("'", '&#39;');
  const headers = { Location: location, ...(method === 'GET' || method === 'HEAD' ? { 'Content-Type': 'text/html; charset=utf-8' } : {}) };
  return { status, headers, body: method === 'GET' ? `<a href="${shown}">${reasonOf(status)}</a>.\n\n` : '', steadyUntil: FOREVER };
}

/** It is well for ten seconds. */
function liveness(context: ProgramContext, { since }: ServerState, request: HttpRequest): Answer {
  const { path, query } = asked(request.path);
  const age = context.now - since;
  if (path === '/started') return says(formatDuration(milliseconds(age)));
  if (path === '/redirect') return redirect(request, query.get('loc') ?? '', 302);
  if (path !== '/healthz') return { ...always('404 page not found\n'), status: 404 };
  return age > 10_000 ? says(`error: ${age / 1000}`, 500) : { ...says('ok'), steadyUntil: (since + 10_000) as Time };
}

function netexec(context: ProgramContext, state: ServerState, request: HttpRequest): Answer {
  const { path, query } = asked(request.path);
  const value = (name: string): string => query.get(name) ?? '';
  const { hostname } = context.host;
  switch (path) {
    case '/healthz':
      return { ...always(''), status: state.ready === true ? 200 : 412 };
    case '/readyz':
      if (state.leaving === true) return says('shutting down', 503);
      return state.ready === true ? always('ok') : { ...always(''), status: 412 };
    case '/hostname':
    case '/hostName':
      note(context, `GET ${path}`);
      return says(hostname);
    case '/clientip':
      note(context, 'GET /clientip');
      return says(`${request.from}:40000`);
    case '/header': {
      const key = value('key');
      note(context, `GET /header${key === '' ? '' : `?key=${key}`}`);
      if (key === '') return says(goJson(Object.fromEntries(Object.entries(request.headers).map(([name, text]) => [name, [text]]))));
      return says(Object.entries(request.headers).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] ?? '');
    }
    case '/echo': {
      note(context, `GET /echo?msg=${value('msg')}&code=${value('code')}`);
      const code = value('code');
      if (code !== '' && !/^\d+$/.test(code)) return says(`argument 'code' must be an integer or empty, got ${JSON.stringify(code)}\n`);
      return says(value('msg'), code === '' ? 200 : Number(code));
    }
    case '/redirect':
      note(context, `${request.method} /redirect?msg=${value('location')}&code=${value('code')}`);
      return redirect(request, value('location'), Number(value('code')) || 302);
    case '/dial':
      return dial(context, value);
    case '/shell': {
      const command = value('shellCommand') || value('cmd');
      note(context, `GET /shell?cmd=${command}`);
      const { code, output, takes } = context.aside(['/bin/sh', '-c', command]);
      const told = { ...(code === 0 ? {} : { error: `exit status ${code}` }), ...(output === '' ? {} : { output }) };
      note(
        context,
        `Output: map[${Object.entries(told)
          .map(([name, text]) => `${name}:${text}`)
          .join(' ')}]`,
      );
      return { ...says(goJson(told)), takes: 1 + takes };
    }
    case '/exit': {
      const wait = parseDuration(value('wait')) ?? 0;
      note(context, `GET /exit?code=${value('code')}&timeout=${value('timeout')}&wait=${value('wait')}`);
      state.ends = { at: context.now + wait, code: Number(value('code')) || 0 };
      return {};
    }
    case '/shutdown':
      note(context, 'GET /shutdown');
      state.ends = { at: context.now, code: 0 };
      return {};
    default:
      note(context, 'GET /');
      return says(fillIn('NOW: {{plain}} +0000 UTC', context.host, context.now));
  }
}

/** How long it waits for an answer to a datagram. */
const UDP_DEADLINE = 5000;

/** Asks another server, and tells what that one said. */
function dial(context: ProgramContext, value: (name: string) => string): Answer {
  const [host, port, request, protocol, tries] = ['host', 'port', 'request', 'protocol', 'tries'].map(value) as [string, string, string, string, string];
  note(context, `GET /dial?host=${host}&protocol=${protocol}&port=${port}&request=${request}&tries=${tries}`);
  if (request === '') return says('request parameter not specified. <nil>\n', 400);
  if (!['', 'http', 'udp'].includes(protocol.toLowerCase())) return says(`unsupported protocol. ${protocol}\n`, 400);
  const responses: string[] = [];
  const errors: string[] = [];
  let takes = 1;
  for (let i = 0; i < (tries === '' ? 1 : Number(tries)); i += 1) {
    if (protocol.toLowerCase() === 'udp') {
      const { network, ip } = context.host;
      const sent = network.udp(host, Number(port), request);
      if (!('failure' in sent) && sent.body !== undefined) responses.push(sent.body);
      else {
        const isRefused = 'failure' in sent && sent.failure === 'refused';
        if (!isRefused) takes += UDP_DEADLINE;
        errors.push(
          `reading from udp connection failed. err:'read udp ${ip}:40000->${host}:${port}: ${isRefused ? 'read: connection refused' : 'i/o timeout'}'`,
        );
      }
      continue;
    }
    const got = context.host.network.http({ method: 'GET', scheme: 'http', host, port: Number(port), path: `/${request}`, headers: {}, body: '' });
    if (!('failure' in got)) responses.push(got.body);
    else {
      const why =
        got.failure === 'refused'
          ? 'connect: connection refused'
          : got.failure === 'no-route'
            ? 'connect: no route to host'
            : got.failure === 'timeout'
              ? 'i/o timeout'
              : 'no such host';
      errors.push(`Get "http://${host}:${port}/${request}": dial tcp ${host}:${port}: ${why}`);
    }
  }
  return { ...says(goJson({ ...(errors.length === 0 ? {} : { errors }), ...(responses.length === 0 ? {} : { responses }) })), takes };
}
