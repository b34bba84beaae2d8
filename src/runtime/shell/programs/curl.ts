/** curl(1). */
import { byteLength } from '../../../api/bytes.js';
import type { Program, ProgramContext } from '../program.js';
import { headerLines, hostHeader, isPrivate, later, type Outcome, parseUrl, redirected, type Url } from './later.js';
import { type Options, parseOptions } from './options.js';

const LONG: Readonly<Record<string, string>> = {
  silent: 's',
  'show-error': 'S',
  output: 'o=',
  'write-out': 'w=',
  head: 'I',
  include: 'i',
  header: 'H=',
  request: 'X=',
  data: 'd=',
  'data-raw': 'd=',
  'data-binary': 'd=',
  'max-time': 'm=',
  'connect-timeout': 'connect=',
  insecure: 'k',
  location: 'L',
  fail: 'f',
  'fail-with-body': 'f',
  user: 'u=',
  'user-agent': 'A=',
  verbose: 'v',
  'remote-name': 'O',
  retry: 'retry=',
  'retry-delay': 'delay=',
  'retry-connrefused': 'refused',
  'retry-all-errors': 'refused',
  cacert: 'E=',
  cert: 'E=',
  key: 'E=',
  resolve: 'resolve=',
  'no-progress-meter': 'q',
  'http1.1': 'q',
  http2: 'q',
  ipv4: '4',
  version: 'V',
  help: 'h',
  compressed: 'q',
  get: 'G',
  globoff: 'g',
  'unix-socket': 'E=',
  'max-redirs': 'E=',
  form: 'F=',
  oauth2bearer: 'E=',
};

/** The one in the newest alpine; Debian's is older. */
const versionOf = (context: ProgramContext): { readonly text: string; readonly old: boolean } =>
  context.host.os === 'debian' || context.host.os === 'ubuntu' ? { text: '7.88.1', old: true } : { text: '8.14.1', old: false };

export const curl: Program = {
  name: 'curl',
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context) {
    if (context.state !== undefined) return later(context, () => ({ code: 0, takes: 0 }));
    const options = parseOptions(context, 'sSo:w:IiH:X:d:m:kLfgu:A:vOV46GF:qhx:b:c:NE:#', LONG);
    if (typeof options === 'number') return 2;
    if (options.has('V')) {
      const { text } = versionOf(context);
      context.out(`curl ${text} (x86_64-pc-linux-gnu) libcurl/${text} OpenSSL/3.0.16\nProtocols: file ftp http https\n`);
      return 0;
    }
    if (options.operands.length === 0) {
      context.err("curl: try 'curl --help' or 'curl --manual' for more information\n");
      return 2;
    }
    return later(context, () => {
      const all: Outcome[] = options.operands.map((target) => withRetries(context, target, options));
      return {
        ...all.reduce((sum, one) => ({ ...one, out: (sum.out ?? '') + (one.out ?? ''), err: (sum.err ?? '') + (one.err ?? ''), takes: sum.takes + one.takes })),
      };
    });
  },
};

function withRetries(context: ProgramContext, target: string, options: Options): Outcome {
  const retries = Number(options.value('retry') ?? 0);
  let takes = 0;
  let err = '';
  for (let attempt = 0; ; attempt += 1) {
    const outcome = transfer(context, target, options);
    takes += outcome.takes;
    const again = outcome.code === 28 || (outcome.code === 7 && options.has('refused')) || outcome.code === 6;
    if (!again || attempt >= retries) return { ...outcome, takes, err: err + (outcome.err ?? '') };
    const delay = Number(options.value('delay') ?? 2 ** attempt);
    takes += delay * 1000;
    if (!options.has('s'))
      err += `${outcome.err ?? ''}Warning: Transient problem: timeout Will retry in ${delay} seconds. ${retries - attempt} retries left.\n`;
  }
}

const UNKNOWN_AUTHORITY =
  'SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.';

/** Whoever answers in the cluster has a certificate of an authority that images do not know. */
function isUnknownAuthority(context: ProgramContext, { scheme, host, port }: Url, options: Options): boolean {
  if (scheme !== 'https' || options.has('k') || options.has('E') || /\/secrets\//.test(context.env['CURL_CA_BUNDLE'] ?? '')) return false;
  const { network } = context.host;
  const resolved = network.resolve(host);
  const ip = 'error' in resolved ? '' : (resolved.addresses[0] ?? '');
  return isPrivate(ip) && !('failure' in network.tcp(host, port));
}

function transfer(context: ProgramContext, target: string, options: Options): Outcome {
  let url = parseUrl(target);
  const quiet = options.has('s');
  const speaks = !quiet || options.has('S');
  const fail = (code: number, text: string, takes: number, before = ''): Outcome => ({
    code,
    takes,
    err: `${before}${speaks ? `curl: (${code}) ${text}\n` : ''}`,
    ...(options.has('w') ? { out: written(options.value('w') as string, { status: 0, size: 0, takes, ip: '', code }) } : {}),
  });
  if (url === undefined || url.host === '') return fail(3, 'URL rejected: No host part in the URL', 0);
  if (!/^https?$/.test(url.scheme)) return fail(1, `Protocol "${url.scheme}" not supported`, 0);
  const data = options.all
    .get('d')
    ?.map((text) => (text.startsWith('@') ? readOr(context, text.slice(1)) : text))
    .join('&');
  const headers: Record<string, string> = { 'User-Agent': options.value('A') ?? `curl/${versionOf(context).text}`, Accept: '*/*' };
  if (data !== undefined && !options.has('G')) headers['Content-Type'] = 'application/x-www-form-urlencoded';
  for (const line of options.all.get('H') ?? []) headers[line.slice(0, line.indexOf(':'))] = line.slice(line.indexOf(':') + 1).trim();
  if (data !== undefined && options.has('G')) url = { ...url, path: `${url.path}${url.path.includes('?') ? '&' : '?'}${data}` };
  const method = options.value('X') ?? (options.has('I') ? 'HEAD' : data === undefined || options.has('G') ? 'GET' : 'POST');
  const limit = Math.min(...['m', 'connect'].map((name) => (options.has(name) ? Number(options.value(name)) * 1000 : Number.POSITIVE_INFINITY)));
  let takes = 0;
  let talk = '';
  for (let hops = 0; ; hops += 1) {
    if (isUnknownAuthority(context, url, options)) return fail(60, UNKNOWN_AUTHORITY, 20, waiting(quiet));
    const answer = context.host.network.http({
      method,
      scheme: url.scheme,
      host: url.host,
      port: url.port,
      path: url.path,
      headers: { Host: hostHeader(url), ...headers },
      body: options.has('G') ? '' : (data ?? ''),
    });
    takes += answer.takes;
    const resolved = context.host.network.resolve(url.host);
    const ip = 'error' in resolved ? '' : (resolved.addresses[0] ?? '');
    if (options.has('v') && ip !== '') talk += `*   Trying ${ip}:${url.port}...\n`;
    if ('failure' in answer) {
      const where = `${url.host} port ${url.port}`;
      const could = versionOf(context).old ? "Couldn't connect to server" : 'Could not connect to server';
      if (answer.failure === 'no-host') return fail(6, `Could not resolve host: ${url.host}`, takes, waiting(quiet));
      if (answer.failure === 'timeout' && takes > limit)
        return fail(
          28,
          options.has('connect') && !options.has('m') && versionOf(context).old === false
            ? `Failed to connect to ${where} after ${limit} ms: Timeout was reached`
            : `Connection timed out after ${limit + 1} milliseconds`,
          limit + 1,
          talk + waiting(quiet),
        );
      if (answer.failure === 'timeout') return fail(28, `Failed to connect to ${where} after ${takes} ms: ${could}`, takes, talk + waiting(quiet));
      return fail(7, `Failed to connect to ${where} after ${takes} ms: ${could}`, takes, talk + waiting(quiet));
    }
    if (takes > limit) return fail(28, `Operation timed out after ${limit + 1} milliseconds with 0 bytes received`, limit + 1, talk + waiting(quiet));
    const status = answer.status ?? 200;
    const lines = headerLines(status, answer.headers ?? {}, answer.body, context.now);
    if (options.has('v')) {
      talk += `* Connected to ${url.host} (${ip}) port ${url.port}${versionOf(context).old ? ' (#0)' : ''}\n> ${method} ${url.path} HTTP/1.1\n> Host: ${hostHeader(url)}\n${Object.entries(
        headers,
      )
        .map(([name, value]) => `> ${name}: ${value}\n`)
        .join('')}> \n${lines.map((line) => `< ${line}\n`).join('')}< \n`;
    }
    const location = Object.entries(answer.headers ?? {}).find(([name]) => name.toLowerCase() === 'location')?.[1];
    if (options.has('L') && location !== undefined && status >= 300 && status < 400 && hops < 50) {
      const next = redirected(url, location);
      if (next !== undefined) {
        url = next;
        continue;
      }
    }
    const next = location === undefined || status < 300 || status >= 400 ? undefined : redirected(url, location);
    const facts = {
      status,
      size: byteLength(answer.body),
      takes,
      ip: answer.remote,
      code: 0,
      others: {
        redirect_url: next === undefined ? '' : textOf(next),
        num_redirects: String(hops),
        url_effective: textOf(url),
        content_type: Object.entries(answer.headers ?? {}).find(([one]) => one.toLowerCase() === 'content-type')?.[1] ?? '',
        method,
        scheme: url.scheme,
        remote_port: String(url.port),
        local_ip: context.host.ip,
        http_version: '1.1',
      },
    };
    if (options.has('f') && status >= 400) {
      const failed = fail(22, `The requested URL returned error: ${status}`, takes, talk + waiting(quiet));
      return options.has('w') ? { ...failed, out: written(options.value('w') as string, { ...facts, code: 22 }) } : failed;
    }
    const head = options.has('I') || options.has('i') ? `${lines.join('\r\n')}\r\n\r\n` : '';
    const body = options.has('I') ? head : head + answer.body;
    const name = options.has('O') ? (url.path.replace(/\?.*/, '').split('/').at(-1) as string) : options.value('o');
    const extra = options.has('w') ? written(options.value('w') as string, facts) : '';
    const progress = quiet || (options.has('I') && name === undefined) ? (quiet ? '' : progressMeter(0)) : progressMeter(byteLength(answer.body));
    const err = `${options.has('q') ? '' : progress}${talk}`;
    const toFile = name !== undefined && name !== '-' && name !== '/dev/null';
    return {
      code: 0,
      takes,
      ...(err === '' ? {} : { err }),
      ...(toFile ? { file: { path: context.path(name), data: body } } : {}),
      out: (name === undefined || name === '-' ? body : '') + extra,
    };
  }
}

const textOf = (url: Url): string => `${url.scheme}://${hostHeader(url)}${url.path}`;

function readOr(context: ProgramContext, name: string): string {
  try {
    return context.files.read(context.path(name)).replace(/[\r\n]/g, '');
  } catch {
    return '';
  }
}

const HEADING =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n';
const waiting = (quiet: boolean): string => (quiet ? '' : `${HEADING}\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\n`);
const progressMeter = (size: number): string => {
  const n = size < 100_000 ? String(size) : `${Math.floor(size / 1024)}k`;
  const speed = size === 0 ? '0' : size < 10 ? String(size * 1000) : `${Math.floor((size * 1000) / 1024)}k`;
  const percent = size === 0 ? '  0' : '100';
  return `${HEADING}\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r${percent} ${n.padStart(5)}  ${percent} ${n.padStart(5)}    0     0 ${speed.padStart(6)}      0 --:--:-- --:--:-- --:--:-- ${speed.padStart(5)}\n`;
};

function written(
  format: string,
  facts: {
    readonly status: number;
    readonly size: number;
    readonly takes: number;
    readonly ip: string;
    readonly code: number;
    readonly others?: Readonly<Record<string, string>>;
  },
): string {
  const time = (facts.takes / 1000).toFixed(6);
  const values: Readonly<Record<string, string>> = {
    http_code: String(facts.status).padStart(3, '0'),
    response_code: String(facts.status).padStart(3, '0'),
    size_download: String(facts.size),
    time_total: time,
    time_connect: time,
    time_starttransfer: time,
    time_namelookup: '0.001000',
    remote_ip: facts.ip,
    exitcode: String(facts.code),
    ...facts.others,
  };
  return format
    .replace(/\\([nrt])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] as string)
    .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
    .replace(/%%/g, '%');
}
