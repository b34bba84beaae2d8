/** wget: busybox's, and GNU's where the userland is GNU's. */
import type { Program, ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { headerLines, hostHeader, later, type Outcome, parseUrl, reasonOf, redirected, type Url } from './later.js';
import { parseOptions } from './options.js';

const LONG: Readonly<Record<string, string>> = {
  quiet: 'q',
  'output-document': 'O=',
  timeout: 'T=',
  spider: 'spider',
  header: 'header=',
  'post-data': 'post=',
  'no-check-certificate': 'k',
  'server-response': 'S',
  tries: 't=',
  'directory-prefix': 'P=',
  'user-agent': 'U=',
  continue: 'c',
  'no-verbose': 'n',
  'connect-timeout': 'T=',
  'read-timeout': 'T=',
  'dns-timeout': 'T=',
  'output-file': 'o=',
  method: 'method=',
  'body-data': 'post=',
  'retry-connrefused': 'r',
  'max-redirect': 'm=',
  proxy: 'Y=',
};

/** busybox's own limit (-T) when none is given; far beyond the kernel's for connecting. */
const READ_TIMEOUT = 900_000;

export const wget: Program = {
  name: 'wget',
  handles: { SIGTERM: 143, SIGINT: 130 },
  run: (context) => {
    if (context.state !== undefined) return later(context, () => ({ code: 0, takes: 0 }));
    const options = parseOptions(context, 'cqSO:o:P:U:T:t:Y:nv', LONG);
    if (typeof options === 'number') return options;
    const target = options.operands[0];
    if (target === undefined) {
      context.err(
        context.flavour === 'ash'
          ? busyboxUsage(
              context,
              'wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...',
            )
          : "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      );
      return 1;
    }
    const headers: Record<string, string> = { 'User-Agent': options.value('U') ?? (context.flavour === 'ash' ? 'Wget' : 'Wget/1.21.3') };
    for (const line of options.all.get('header') ?? []) headers[line.slice(0, line.indexOf(':'))] = line.slice(line.indexOf(':') + 1).trim();
    const seconds = options.value('T');
    const request: Request = {
      quiet: options.has('q'),
      spider: options.has('spider'),
      show: options.has('S'),
      timeout: seconds === undefined ? READ_TIMEOUT : Number.parseFloat(seconds) * 1000,
      limited: seconds !== undefined,
      tries: Number(options.value('t') ?? 20),
      headers,
      body: options.value('post'),
      method: options.value('method') ?? (options.has('post') ? 'POST' : 'GET'),
      output: options.value('O'),
      prefix: options.value('P'),
    };
    return later(context, () => (context.flavour === 'ash' ? busybox(context, target, request) : gnu(context, target, request)));
  },
};

interface Request {
  readonly quiet: boolean;
  readonly spider: boolean;
  readonly show: boolean;
  readonly timeout: number;
  readonly limited: boolean;
  readonly tries: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly method: string;
  readonly output: string | undefined;
  readonly prefix: string | undefined;
}

function fetchOnce(context: ProgramContext, url: Url, request: Request) {
  return context.host.network.http({
    method: request.method,
    scheme: url.scheme,
    host: url.host,
    port: url.port,
    path: url.path,
    headers: { Host: hostHeader(url), ...request.headers },
    body: request.body ?? '',
  });
}

function saved(context: ProgramContext, url: Url, request: Request, body: string): Pick<Outcome, 'out' | 'file'> & { readonly name: string } {
  if (request.output === '-') return { out: body, name: '-' };
  const name = request.output ?? `${request.prefix === undefined ? '' : `${request.prefix}/`}${url.path.replace(/\?.*/, '').split('/').at(-1) || 'index.html'}`;
  return { file: { path: context.path(name), data: body }, name };
}

function busybox(context: ProgramContext, target: string, request: Request): Outcome {
  // The images' busybox: the first lines about saving came with 1.30.
  const old = /^1\.2\d/.test(context.host.tag);
  let err = '';
  let takes = 0;
  let url = parseUrl(target);
  for (let hops = 0; ; hops += 1) {
    if (url === undefined || !/^(https?|ftp)$/.test(url.scheme)) return { code: 1, err: `wget: not an http or ftp url: ${target}\n`, takes };
    const resolved = context.host.network.resolve(url.host);
    if ('error' in resolved) return { code: 1, err: `${err}wget: bad address '${hostHeader(url)}'\n`, takes: takes + 10 };
    const ip = resolved.addresses[0] as string;
    if (!request.quiet) err += `Connecting to ${hostHeader(url)} (${ip}:${url.port})\n`;
    const answer = fetchOnce(context, url, request);
    takes += answer.takes;
    if ('failure' in answer || takes > request.timeout) {
      if (!('failure' in answer) || (answer.failure === 'timeout' && request.limited && takes > request.timeout))
        return { code: 1, err: `${err}wget: download timed out\n`, takes: request.timeout };
      if (answer.failure === 'no-host') return { code: 1, err: `${err}wget: bad address '${hostHeader(url)}'\n`, takes };
      const timedOut = context.host.os === 'alpine' ? 'Operation timed out' : 'Connection timed out';
      const why =
        answer.failure === 'refused'
          ? 'Connection refused'
          : answer.failure === 'no-route'
            ? context.host.os === 'alpine'
              ? 'Host is unreachable'
              : 'No route to host'
            : timedOut;
      return { code: 1, err: `${err}wget: can't connect to remote host (${ip}): ${why}\n`, takes };
    }
    const status = answer.status ?? 200;
    if (request.show)
      err += headerLines(status, answer.headers ?? {}, answer.body, context.now)
        .map((line) => `  ${line}\n`)
        .join('');
    const location = Object.entries(answer.headers ?? {}).find(([name]) => name.toLowerCase() === 'location')?.[1];
    if ([301, 302, 303, 307, 308].includes(status) && location !== undefined && hops < 20) {
      url = redirected(url, location);
      continue;
    }
    if (status >= 300 || status < 200) return { code: 1, err: `${err}wget: server returned error: HTTP/1.1 ${status} ${reasonOf(status)}\n`, takes };
    if (request.spider) return { code: 0, err: request.quiet ? err : `${err}remote file exists\n`, takes };
    const { name, ...result } = saved(context, url, request, answer.body);
    if (!request.quiet) {
      const bar = `${name.slice(0, 20).padEnd(20)} 100% |********************************|${String(answer.body.length).padStart(6)}  0:00:00 ETA\n`;
      err += old ? bar : name === '-' ? `writing to stdout\n${bar}written to stdout\n` : `saving to '${name}'\n${bar}'${name}' saved\n`;
    }
    return { code: 0, takes, ...(err === '' ? {} : { err }), ...result };
  }
}

function gnu(context: ProgramContext, target: string, request: Request): Outcome {
  const url = parseUrl(target);
  const stamp = new Date(context.now).toISOString().replace('T', ' ').slice(0, 19);
  const say = (text: string): string => (request.quiet ? '' : text);
  if (url === undefined) return { code: 1, err: `${target}: Invalid URL.\n`, takes: 0 };
  let err = say(`--${stamp}--  ${target.includes('://') ? target : `http://${target}`}${target.includes('/', 8) ? '' : '/'}\n`);
  const resolved = context.host.network.resolve(url.host);
  const literal = /^[\d.]+$/.test(url.host);
  if ('error' in resolved)
    return {
      code: 4,
      err: err + say(`Resolving ${url.host} (${url.host})... failed: Name or service not known.\nwget: unable to resolve host address '${url.host}'\n`),
      takes: 10,
    };
  if (!literal) err += say(`Resolving ${url.host} (${url.host})... ${resolved.addresses.join(', ')}\n`);
  const ip = resolved.addresses[0] as string;
  err += say(literal ? `Connecting to ${ip}:${url.port}... ` : `Connecting to ${url.host} (${url.host})|${ip}|:${url.port}... `);
  const answer = fetchOnce(context, url, request);
  if ('failure' in answer) {
    const takes = request.limited ? Math.min(answer.takes, request.timeout) : answer.takes;
    const why = answer.failure === 'refused' ? 'Connection refused' : answer.failure === 'timeout' ? 'Connection timed out' : 'No route to host';
    return { code: 4, err: `${err}${say(`failed: ${why}.\n`)}${answer.failure === 'timeout' && !request.quiet ? 'Giving up.\n\n' : ''}`, takes };
  }
  const status = answer.status ?? 200;
  err += say(`connected.\nHTTP request sent, awaiting response... ${status} ${reasonOf(status)}\n`);
  if (status >= 400) return { code: 8, err: err + say(`${stamp} ERROR ${status}: ${reasonOf(status)}.\n\n`), takes: answer.takes };
  if (request.spider) return { code: 0, err: err + say('Remote file exists.\n\n'), takes: answer.takes };
  const { name, ...result } = saved(context, url, request, answer.body);
  const size = answer.body.length;
  const type = Object.entries(answer.headers ?? {}).find(([key]) => key.toLowerCase() === 'content-type')?.[1] ?? 'text/html';
  err += say(
    `Length: ${size} [${type}]\nSaving to: '${name === '-' ? 'STDOUT' : name}'\n\n     0K ${size === 0 ? '' : '.'}                                                     100% 1.00M=0.001s\n\n${stamp} (1.00 MB/s) - ${name === '-' ? 'written to stdout' : `'${name}' saved`} [${size}/${size}]\n\n`,
  );
  return { code: 0, takes: answer.takes, ...(err === '' ? {} : { err }), ...result };
}
