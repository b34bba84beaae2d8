/** nc, telnet, ping, traceroute, httpd: programs on sockets, as clients and as servers. */
import { byteLength } from '../../../api/bytes.js';
import type { Time } from '../../../api/time.js';
import { FOREVER, type ServedAnswer, type ServedRequest } from '../../process.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { isPrivate, later, type Outcome, reasonOf } from './later.js';
import { parseOptions } from './options.js';
import { backup } from './xtrabackup.js';

const SERVICES: Readonly<Record<number, string>> = {
  21: 'ftp',
  22: 'ssh',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  443: 'https',
  3306: 'mysql',
  5432: 'postgresql',
  6379: 'redis',
  8080: 'http-alt',
};

/** `1-3` or `80`. */
function portsIn(text: string): readonly number[] {
  const [from, to] = text.split('-').map(Number);
  if (to === undefined) return [from as number];
  return Array.from({ length: Math.min(1000, to - (from as number) + 1) }, (_, i) => (from as number) + i);
}

/** The bytes of a request on a plain socket, and what they answer as an HTTP response. */
const requestText = (request: ServedRequest): string =>
  request.type === 'http'
    ? `${request.method} ${request.path} HTTP/1.1\r\n${Object.entries(request.headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n${request.body}`
    : request.type === 'grpc'
      ? ''
      : (request.data ?? '');

function answerFrom(request: ServedRequest, text: string): ServedAnswer {
  const http = /^HTTP\/\d\.\d (\d+)[^\r\n]*\r?\n/.exec(text);
  if (request.type !== 'http') return { body: text, takes: 1 };
  // Whoever speaks no HTTP is taken at its word (HTTP/0.9).
  if (http === null) return { status: 200, headers: {}, body: text, takes: 1 };
  const rest = text.slice(http[0].length);
  const end = /(^|\r?\n)\r?\n/.exec(rest);
  const head = end === null ? rest : rest.slice(0, end.index);
  const headers = Object.fromEntries(
    head
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(http[1]), headers, body: end === null ? '' : rest.slice(end.index + end[0].length), takes: 1 };
}

interface Listening {
  listens: number;
  input: string;
  served: boolean;
}

/** nmap's. Of what it may run for a connection (`-c`, `-e`) only what answers at once is run. */
const NCAT = {
  listen: 'l',
  'keep-open': 'k',
  'send-only': 'S',
  'recv-only': 'R',
  'max-conns': 'm=',
  'sh-exec': 'c=',
  exec: 'e=',
  verbose: 'v',
  wait: 'w=',
  udp: 'u',
};

function optionsOf(context: ProgramContext) {
  if (context.name === 'ncat') return parseOptions(context, 'lp:w:i:zvnus:k46SRm:c:e:', NCAT);
  return parseOptions(context, isBusybox(context) ? 'lp:w:i:zvnes:uk' : 'lp:w:i:zvnNq:s:tuk46Ce:', {});
}

/** OpenBSD's may be in its place. */
const OPENBSD = '/usr/local/bin/nc.openbsd';
const isBusybox = ({ flavour, files }: ProgramContext): boolean => flavour === 'ash' && files.stat(OPENBSD) === undefined;

const nc: Program = {
  name: 'nc',
  aliases: ['netcat', 'ncat', 'nc.openbsd'],
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context) {
    if (isListening(context.state)) return listenOn(context, context.state);
    const options = optionsOf(context);
    if (typeof options === 'number') return options;
    if (options.has('l')) {
      const port = Number(options.value('p') ?? options.operands.at(-1));
      if (!context.listen(port, options.has('u') ? 'UDP' : 'TCP')) {
        context.err(isBusybox(context) ? 'nc: bind: Address already in use\n' : 'nc: Address already in use\n');
        return 1;
      }
      if (options.has('v')) context.err(isBusybox(context) ? `listening on [::]:${port} ...\n` : `Listening on 0.0.0.0 ${port}\n`);
      const state: Listening = { listens: port, input: '', served: false };
      context.state = state;
      return listenOn(context, state);
    }
    return connect(context, options.operands[0] ?? '', options.operands[1] ?? '', options);
  },
  serve(context, request) {
    const state = context.state;
    if (!isListening(state) || state.served) return undefined;
    const options = optionsOf(context);
    if (typeof options === 'number') return undefined;
    const program = options.value('e') ?? (options.has('e') ? options.operands.at(-1) : undefined);
    for (let text = context.read(); text !== undefined && text !== ''; text = context.read()) state.input += text;
    if (request.type === 'tcp' && request.data === undefined && !options.has('k')) {
      // Connected and closed (a port probe).
      state.served = true;
      return { body: state.input, takes: 1 };
    }
    context.out(requestText(request));
    if (request.type === 'udp') {
      // It has no connection that could end: it talks with the first it hears from, until it is stopped.
      const back = state.input;
      state.input = '';
      return { takes: 1, ...(back === '' ? {} : { body: back }) };
    }
    const answer = state.input;
    if (!options.has('k')) state.served = true;
    const [command, ...words] = (options.value('c') ?? '').split(/\s+/);
    if (command === 'xtrabackup') return { body: backup(context, words), takes: 900 };
    if (program !== undefined) return answerFrom(request, '');
    return answerFrom(request, answer);
  },
};

const isListening = (state: unknown): state is Listening => typeof state === 'object' && state !== null && 'listens' in state;

function listenOn(context: ProgramContext, state: Listening): number | Wait {
  for (;;) {
    const text = context.read();
    if (text === undefined) return state.served ? 0 : { wait: 'forever' };
    if (text === '') return state.served ? 0 : { wait: 'stdin' };
    state.input += text;
  }
}

function connect(
  context: ProgramContext,
  target: string,
  ports: string,
  options: { has(name: string): boolean; value(name: string): string | undefined },
): number | Wait {
  const state = (context.state ?? { input: '' }) as { input: string; until?: Time };
  const busybox = isBusybox(context);
  if (state.until !== undefined) return later(context, () => ({ code: 0, takes: 0 }));
  if (!options.has('z') && !options.has('R')) {
    for (let text = context.read(); text !== undefined; text = context.read()) {
      if (text === '') {
        context.state = state;
        return { wait: 'stdin' };
      }
      state.input += text;
    }
  }
  context.state = undefined;
  return later(context, () => {
    const seconds = options.value('w');
    const limit = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
    const resolved = context.host.network.resolve(target);
    if ('error' in resolved)
      return {
        code: 1,
        err: busybox ? `nc: bad address '${target}'\n` : `nc: getaddrinfo for host "${target}" port ${ports}: Name or service not known\n`,
        takes: 10,
      };
    const ip = resolved.addresses[0] as string;
    if (options.has('u')) return sendDatagram(context, { target, ip, ports, input: state.input, limit }, options);
    let err = '';
    let out = '';
    let takes = 0;
    let code = 0;
    for (const port of portsIn(ports)) {
      const http = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS) (\S+) HTTP\/\d/.exec(state.input);
      const answer =
        http === null
          ? context.host.network.tcp(target, port, options.has('z') ? undefined : state.input)
          : context.host.network.http({ method: http[1] as string, scheme: 'http', host: target, port, path: http[2] as string, headers: {}, body: '' });
      const failed = 'failure' in answer;
      if (failed) {
        takes += Math.min(answer.takes, limit);
        code = 1;
        const timedOut = answer.failure === 'timeout';
        if (busybox) {
          if (!timedOut || answer.takes <= limit || options.has('v'))
            err += `nc: ${target} (${ip}:${port}): ${timedOut ? 'Connection timed out' : 'Connection refused'}\n`;
        } else if (options.has('v')) {
          err += `nc: connect to ${target} (${ip}) port ${port} (tcp) ${timedOut ? 'timed out: Operation now in progress' : 'failed: Connection refused'}\n`;
        }
        continue;
      }
      takes += answer.takes;
      code = 0;
      if (options.has('v'))
        err += busybox ? `${target} (${ip}:${port}) open\n` : `Connection to ${target} (${ip}) ${port} port [tcp/${SERVICES[port] ?? '*'}] succeeded!\n`;
      if (!options.has('z'))
        out +=
          http === null || answer.status === undefined
            ? answer.body
            : `HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}\r\n${Object.entries(answer.headers ?? {})
                .map(([name, value]) => `${name}: ${value}\r\n`)
                .join('')}Content-Length: ${byteLength(answer.body)}\r\nConnection: close\r\n\r\n${answer.body}`;
    }
    return { code, takes, ...(err === '' ? {} : { err }), ...(out === '' ? {} : { out }) };
  });
}

/** What a name is written down for in /etc/services. */
const serviceOf = (port: number): string => SERVICES[port] ?? '*';

/** Its input as a datagram. Nobody tells that the other side is done: it goes on until its -w is over. With -z or -v OpenBSD's probes first. */
function sendDatagram(
  context: ProgramContext,
  to: { readonly target: string; readonly ip: string; readonly ports: string; readonly input: string; readonly limit: number },
  options: { has(name: string): boolean; value(name: string): string | undefined },
): Outcome {
  const { target, ip, ports, input } = to;
  const busybox = isBusybox(context);
  let out = '';
  let err = '';
  let refused = false;
  for (const port of portsIn(ports)) {
    const own = Number(options.value('p') ?? 0);
    const sent = options.has('z') && busybox ? { takes: 1 } : context.host.network.udp(target, port, options.has('z') ? 'X' : input, own > 0 ? own : undefined);
    refused = 'failure' in sent && sent.failure === 'refused';
    if ('body' in sent && sent.body !== undefined && !options.has('z')) out += sent.body;
    if (options.has('v') && !refused)
      err += busybox ? `${target} (${ip}:${port}) open\n` : `Connection to ${target} (${ip}) ${port} port [udp/${serviceOf(port)}] succeeded!\n`;
  }
  // A probe of OpenBSD's takes a second to see that nobody refuses it.
  const silent = Number.isFinite(to.limit) ? to.limit : FOREVER - context.now;
  return {
    code: refused ? 1 : 0,
    takes: refused ? 1 : options.has('z') ? 1000 : silent,
    ...(out === '' ? {} : { out }),
    ...(err === '' ? {} : { err }),
    early: true,
  };
}

const telnet: Program = {
  name: 'telnet',
  run(context) {
    const [target = '', port = '23'] = context.args.filter((arg) => !arg.startsWith('-'));
    return later(context, () => {
      const resolved = context.host.network.resolve(target);
      if ('error' in resolved)
        return context.flavour === 'ash'
          ? { code: 1, err: `telnet: bad address '${target}'\n`, takes: 10 }
          : { code: 1, err: `telnet: could not resolve ${target}/${port}: Name or service not known\n`, takes: 10 };
      const ip = resolved.addresses[0] as string;
      const answer = context.host.network.tcp(target, Number(port));
      const ash = context.flavour === 'ash';
      if ('failure' in answer) {
        const why = answer.failure === 'timeout' ? 'Connection timed out' : 'Connection refused';
        return {
          code: 1,
          takes: answer.takes,
          ...(ash
            ? { err: `telnet: can't connect to remote host (${ip}): ${why}\n` }
            : { out: `Trying ${ip}...\n`, err: `telnet: Unable to connect to remote host: ${why}\n` }),
        };
      }
      return ash
        ? {
            code: 1,
            takes: answer.takes + 1,
            out: `Connected to ${target}\r\n\nEntering character mode\r\nEscape character is '^]'.\r\n\n`,
            err: 'Connection closed by foreign host\r\n',
          }
        : {
            code: 1,
            takes: answer.takes + 1,
            out: `Trying ${ip}...\nConnected to ${target}.\nEscape character is '^]'.\n`,
            err: 'Connection closed by foreign host.\n',
          };
    });
  },
};

interface PingState {
  readonly ip: string;
  readonly alive: boolean;
  /** Not in the cluster: some hops and milliseconds away. */
  readonly isFar: boolean;
  sent: number;
  next: number;
  readonly started: number;
  times: number[];
}

const ping: Program = {
  name: 'ping',
  aliases: ['ping6'],
  handles: { SIGTERM: 143, SIGINT: 0 },
  run(context) {
    const options = parseOptions(context, 'c:w:W:i:s:qnI:t:4', {});
    if (typeof options === 'number') return options;
    const target = options.operands[0] ?? '';
    const ash = context.flavour === 'ash';
    const size = Number(options.value('s') ?? 56);
    const count = options.has('c') ? Number(options.value('c')) : Number.POSITIVE_INFINITY;
    const interval = Number(options.value('i') ?? 1) * 1000;
    let state = context.state as PingState | undefined;
    if (state === undefined) {
      const resolved = context.host.network.resolve(target);
      if ('error' in resolved) {
        context.err(ash ? `ping: bad address '${target}'\n` : `ping: ${target}: Name or service not known\n`);
        return ash ? 1 : 2;
      }
      const ip = resolved.addresses[0] as string;
      // Port 7 answers nowhere, but a machine that is there refuses it. Outside, behind a firewall, whoever has a web server is there.
      const probe = context.host.network.tcp(ip, 7);
      const isFar = !isPrivate(ip) && !('failure' in context.host.network.tcp(ip, 443));
      const alive = isFar || !('failure' in probe) || probe.failure === 'refused';
      state = { ip, alive, isFar, sent: 0, next: context.now, started: context.now, times: [] };
      context.state = state;
      context.out(ash ? `PING ${target} (${ip}): ${size} data bytes\n` : `PING ${target} (${ip}) ${size}(${size + 28}) bytes of data.\n`);
    }
    const deadline = options.has('w') ? state.started + Number(options.value('w')) * 1000 : Number.POSITIVE_INFINITY;
    while (context.now >= state.next && state.sent < count && context.now < deadline) {
      if (state.alive) {
        const time = state.isFar ? 8 + context.host.random() * 4 : 0.05 + context.host.random() * 0.1;
        const ttl = state.isFar ? 116 : 64;
        state.times.push(time);
        if (!options.has('q'))
          context.out(
            ash
              ? `${size + 8} bytes from ${state.ip}: seq=${state.sent} ttl=${ttl} time=${time.toFixed(3)} ms\n`
              : `${size + 8} bytes from ${state.ip}: icmp_seq=${state.sent + 1} ttl=${ttl} time=${time.toFixed(3)} ms\n`,
          );
      }
      state.sent += 1;
      state.next += interval;
    }
    const wait = Number(options.value('W') ?? 10) * 1000;
    const lastReply = state.alive ? state.next - interval : state.next - interval + wait;
    if (state.sent >= count ? context.now >= lastReply : context.now >= deadline) {
      const lost = Math.round(((state.sent - state.times.length) / Math.max(1, state.sent)) * 100);
      context.out(`\n--- ${target} ping statistics ---\n`);
      const sum = state.times.reduce((total, time) => total + time, 0);
      const [low, mean, high] = [Math.min(...state.times), sum / Math.max(1, state.times.length), Math.max(...state.times)].map((time) => time.toFixed(3));
      if (ash) {
        context.out(`${state.sent} packets transmitted, ${state.times.length} packets received, ${lost}% packet loss\n`);
        if (state.times.length > 0) context.out(`round-trip min/avg/max = ${low}/${mean}/${high} ms\n`);
      } else {
        context.out(
          `${state.sent} packets transmitted, ${state.times.length} received, ${lost}% packet loss, time ${Math.max(0, (state.sent - 1) * interval)}ms\n`,
        );
        context.out(state.times.length > 0 ? `rtt min/avg/max/mdev = ${low}/${mean}/${high}/0.012 ms\n` : '\n');
      }
      return state.times.length > 0 ? 0 : 1;
    }
    const until = Math.min(state.sent >= count ? lastReply : state.next, deadline);
    return { wait: 'time', until: until as Time };
  },
};

const traceroute: Program = {
  name: 'traceroute',
  run(context) {
    const target = context.args.find((arg) => !arg.startsWith('-')) ?? '';
    return later(context, () => {
      const resolved = context.host.network.resolve(target);
      if ('error' in resolved) return { code: 1, err: `traceroute: bad address '${target}'\n`, takes: 10 };
      const ip = resolved.addresses[0] as string;
      const head = `traceroute to ${target} (${ip}), 30 hops max, 46 byte packets\n`;
      const gateway = context.host.ip.replace(/\d+$/, '1');
      return {
        code: 0,
        out: `${head} 1  ${gateway} (${gateway})  0.010 ms  0.006 ms  0.004 ms\n 2  ${target} (${ip})  0.052 ms  0.031 ms  0.027 ms\n`,
        takes: 20,
      };
    });
  },
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  txt: 'text/plain',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  png: 'image/png',
};

/** busybox httpd: serves files of -h (default the current directory) on -p (default 80). */
const httpd: Program = {
  name: 'httpd',
  yields: true,
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context) {
    if (context.state !== undefined) return { wait: 'forever' };
    const options = parseOptions(context, 'fvip:h:u:c:r:m:e:d:', {});
    if (typeof options === 'number') return options;
    const port = Number((options.value('p') ?? '80').split(':').at(-1));
    if (options.has('h') && context.files.stat(context.path(options.value('h') as string))?.type !== 'directory') {
      context.err(`httpd: can't change directory to '${options.value('h')}': No such file or directory\n`);
      return 1;
    }
    if (!context.listen(port)) {
      context.err('httpd: bind: Address already in use\n');
      return 1;
    }
    context.state = { port, root: context.path(options.value('h') ?? '.'), verbose: options.has('v') };
    return options.has('f') || options.has('i') ? { wait: 'forever' } : { wait: 'forever', detached: true };
  },
  serve(context, request) {
    const state = context.state as { readonly root: string; readonly verbose: boolean };
    if (request.type !== 'http') return request.type === 'tcp' ? { takes: 1 } : undefined;
    const path = decodeURI(request.path.replace(/\?.*/s, '').replace(/%(?![0-9a-fA-F]{2})/g, '%25'));
    const at = context.path(`${state.root}/${path}${path.endsWith('/') ? 'index.html' : ''}`);
    const inside = at === state.root || at.startsWith(state.root === '/' ? '/' : `${state.root}/`);
    const found = inside && context.files.stat(at)?.type === 'file';
    const body = found
      ? context.files.read(at)
      : '<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n';
    if (state.verbose) context.err(`${request.from}:40000: response:${found ? 200 : 404}\n`);
    return {
      status: found ? 200 : 404,
      headers: { 'Content-Type': found ? (TYPES[at.split('.').at(-1) as string] ?? 'application/octet-stream') : 'text/html', Connection: 'close' },
      body: request.method === 'HEAD' ? '' : body,
      takes: 1,
    };
  },
};

export const socketPrograms: readonly Program[] = [nc, telnet, ping, traceroute, httpd];
