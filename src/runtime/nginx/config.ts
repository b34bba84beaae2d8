/** nginx's configuration as text: read with its includes, checked as `nginx -t` checks it, and what servers it comes to. */
import { normalizePath, parentOf } from '../paths.js';
import { FileError, type Files, type Network } from '../process.js';
import { patternRegExp } from '../shell/pattern.js';

/** JSON: a server's process keeps what it has read until it reloads. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly at: string;
  readonly block?: readonly Directive[];
}

export class ConfigError extends Error {}

const ERRNO: Readonly<Record<string, string>> = {
  EACCES: '13: Permission denied',
  EROFS: '30: Read-only file system',
  EPERM: '1: Operation not permitted',
  ENOENT: '2: No such file or directory',
};
/** A system call's failure as nginx writes it. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof FileError)) throw error;
  return ERRNO[error.code] ?? error.code;
};

const BLOCKS: ReadonlySet<string> = new Set('events http server location upstream map geo types if limit_except stream mail split_clients'.split(' '));
const SIMPLE: ReadonlySet<string> = new Set(
  `absolute_redirect access_log add_header add_after_body add_before_body aio alias allow ancient_browser auth_basic auth_basic_user_file auth_request autoindex
  autoindex_exact_size autoindex_format autoindex_localtime break charset chunked_transfer_encoding client_body_buffer_size client_body_temp_path client_body_timeout
  client_header_buffer_size client_header_timeout client_max_body_size daemon debug_points default default_type deny directio disable_symlinks empty_gif env
  error_log error_page etag expires fastcgi_buffer_size fastcgi_buffers fastcgi_cache fastcgi_index fastcgi_intercept_errors fastcgi_param fastcgi_pass
  fastcgi_read_timeout fastcgi_split_path_info fastcgi_temp_path flv gunzip gzip gzip_buffers gzip_comp_level gzip_disable gzip_http_version gzip_min_length gzip_proxied
  gzip_static gzip_types gzip_vary hash http2 if_modified_since ignore_invalid_headers include index internal ip_hash js_content js_import js_path js_set keepalive
  keepalive_requests keepalive_timeout large_client_header_buffers least_conn limit_conn limit_conn_zone limit_rate limit_req limit_req_zone lingering_close listen
  load_module log_format log_not_found log_subrequest master_process merge_slashes mirror mp4 msie_padding multi_accept open_file_cache open_log_file_cache output_buffers
  pcre_jit pid port_in_redirect postpone_output proxy_bind proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size proxy_cache proxy_cache_bypass
  proxy_cache_key proxy_cache_lock proxy_cache_path proxy_cache_use_stale proxy_cache_valid proxy_connect_timeout proxy_cookie_domain proxy_cookie_path proxy_hide_header
  proxy_http_version proxy_ignore_headers proxy_intercept_errors proxy_max_temp_file_size proxy_method proxy_next_upstream proxy_no_cache proxy_pass
  proxy_pass_header proxy_pass_request_body proxy_pass_request_headers proxy_read_timeout proxy_redirect proxy_request_buffering proxy_responses proxy_send_timeout
  proxy_set_body proxy_set_header proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_name proxy_ssl_server_name proxy_ssl_trusted_certificate proxy_ssl_verify
  proxy_temp_path proxy_timeout random real_ip_header real_ip_recursive recursive_error_pages request_pool_size reset_timedout_connection resolver resolver_timeout return
  rewrite rewrite_log root satisfy scgi_temp_path secure_link send_timeout sendfile sendfile_max_chunk server server_name server_name_in_redirect server_names_hash_bucket_size
  server_names_hash_max_size server_tokens set set_real_ip_from slice source_charset ssi ssl ssl_certificate ssl_certificate_key ssl_ciphers ssl_dhparam ssl_ecdh_curve
  ssl_prefer_server_ciphers ssl_protocols ssl_reject_handshake ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_verify ssl_trusted_certificate
  ssl_client_certificate ssl_verify_client ssl_verify_depth stub_status sub_filter sub_filter_once sub_filter_types tcp_nodelay tcp_nopush thread_pool timer_resolution try_files
  types_hash_bucket_size types_hash_max_size underscores_in_headers uninitialized_variable_warn use user uwsgi_pass uwsgi_temp_path valid_referers variables_hash_max_size
  worker_connections worker_cpu_affinity worker_priority worker_processes worker_rlimit_nofile worker_shutdown_timeout xclient zone`.split(/\s+/),
);
/** In these blocks names are data. */
const FREE: ReadonlySet<string> = new Set(['types', 'map', 'geo', 'split_clients']);

interface Token {
  readonly text: string;
  readonly line: number;
  readonly isQuoted: boolean;
}

function tokens(text: string): readonly Token[] {
  const out: Token[] = [];
  const pattern = /\n|[^\S\n]+|#[^\n]*|[{};]|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|(?:\$\{\w+\}|[^\s{};"'#]|(?<=[^\s{};])["'#])+/g;
  let line = 1;
  for (const match of text.matchAll(pattern)) {
    const [whole, double, single] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) out.push({ text: unquoted(quoted), line, isQuoted: true });
    else if (!/^\s|^#/.test(whole)) out.push({ text: whole, line, isQuoted: false });
    line += whole.split('\n').length - 1;
  }
  return out;
}

const unquoted = (text: string): string => text.replace(/\\(["'\\ntr])/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);

/** Reads a file and what it includes; throws a {@link ConfigError} in nginx's words. */
export function loadConfig(files: Files, file: string, context = 'main'): readonly Directive[] {
  let text: string;
  try {
    text = files.read(file);
  } catch (error) {
    throw new ConfigError(`open() "${file}" failed (${reasonOf(error)})`);
  }
  const all = tokens(text);
  let at = 0;
  const parse = (inside: string | undefined, where: string): Directive[] => {
    const out: Directive[] = [];
    for (;;) {
      const token = all[at];
      const last = `${file}:${token?.line ?? Math.max(1, text.split('\n').length - (text.endsWith('\n') ? 1 : 0))}`;
      if (token === undefined) {
        if (inside !== undefined) throw new ConfigError(`unexpected end of file, expecting "}" in ${last}`);
        return out;
      }
      at += 1;
      if (!token.isQuoted && token.text === '}') {
        if (inside === undefined) throw new ConfigError(`unexpected "}" in ${last}`);
        return out;
      }
      if (!token.isQuoted && (token.text === ';' || token.text === '{')) throw new ConfigError(`unexpected "${token.text}" in ${last}`);
      const args: string[] = [];
      let end: Token | undefined;
      for (;;) {
        end = all[at];
        if (end === undefined) throw new ConfigError(`unexpected end of file, expecting ";" or "}" in ${last}`);
        at += 1;
        if (!end.isQuoted && end.text === '}') throw new ConfigError(`unexpected "}" in ${file}:${end.line}`);
        if (!end.isQuoted && (end.text === ';' || end.text === '{')) break;
        args.push(end.text);
      }
      const name = token.text;
      const here = `${file}:${end.line}`;
      const isBlock = end.text === '{';
      if (!FREE.has(where)) {
        if (!SIMPLE.has(name) && !BLOCKS.has(name)) throw new ConfigError(`unknown directive "${name}" in ${file}:${end.line}`);
        if (isBlock && !BLOCKS.has(name)) throw new ConfigError(`directive "${name}" is not terminated by ";" in ${here}`);
        if (!isBlock && BLOCKS.has(name) && !(name === 'server' && where === 'upstream'))
          throw new ConfigError(`directive "${name}" has no opening "{" in ${here}`);
        if (name === 'server' && where !== 'http' && where !== 'upstream' && where !== 'stream')
          throw new ConfigError(`"server" directive is not allowed here in ${here}`);
        if (name === 'location' && where !== 'server' && where !== 'location') throw new ConfigError(`"location" directive is not allowed here in ${here}`);
        if ((name === 'listen' || name === 'server_name') && where !== 'server') throw new ConfigError(`"${name}" directive is not allowed here in ${here}`);
        if ((name === 'listen' || name === 'root' || name === 'proxy_pass' || name === 'include') && args.length === 0)
          throw new ConfigError(`invalid number of arguments in "${name}" directive in ${here}`);
      }
      if (isBlock) out.push({ name, args, at: here, block: parse(name, name) });
      else if (name === 'include' && !FREE.has(where)) {
        const pattern = args[0] ?? '';
        const full = normalizePath(pattern.startsWith('/') ? pattern : `/etc/nginx/${pattern}`);
        if (full === '/etc/nginx/mime.types' || full.endsWith('_params')) continue;
        for (const found of glob(files, full)) out.push(...loadConfig(files, found, where));
      } else out.push({ name, args, at: here });
    }
  };
  return parse(undefined, context);
}

function glob(files: Files, pattern: string): readonly string[] {
  if (!/[*?]/.test(pattern)) return [pattern];
  const directory = parentOf(pattern);
  const name = pattern.slice(directory.length + 1);
  const expression = patternRegExp(name, { path: true });
  if (files.stat(directory)?.type !== 'directory') return [];
  return files
    .list(directory)
    .filter((one) => expression.test(one) && !one.startsWith('.'))
    .map((one) => `${directory}/${one}`);
}

export const find = (directives: readonly Directive[], name: string): Directive | undefined => directives.findLast((one) => one.name === name);

/** Servers of the `http` block. */
export const serversOf = (config: readonly Directive[]): readonly (readonly Directive[])[] =>
  (find(config, 'http')?.block ?? []).flatMap((one) => (one.name === 'server' && one.block !== undefined ? [one.block] : []));

/** `8080`, `*:80`, `[::]:80 default_server`; 80 where nothing is said. */
export function portsOfServer(server: readonly Directive[]): readonly number[] {
  const ports = server.flatMap(({ name, args }) => {
    const port = name === 'listen' ? /(?:^|:)(\d+)$/.exec(args[0] ?? '')?.[1] : undefined;
    return name !== 'listen' ? [] : [port === undefined ? 80 : Number(port)];
  });
  return ports.length === 0 ? [80] : [...new Set(ports)];
}

/** Whether a server speaks TLS on a port. */
export const isSecurePort = (server: readonly Directive[], port: number): boolean =>
  server.some(({ name, args }) => name === 'listen' && args.includes('ssl') && new RegExp(`(^|:)${port}$`).test(args[0] ?? ''));

/** What only shows when the whole is known: no events, upstreams that do not resolve. Throws a {@link ConfigError}. */
export function checkConfig(config: readonly Directive[], network: Network, files: Files): void {
  if (find(config, 'events') === undefined) throw new ConfigError('no "events" section in configuration');
  const http = find(config, 'http')?.block ?? [];
  const upstreams = new Set(http.filter(({ name }) => name === 'upstream').map(({ args }) => args[0]));
  const isKnown = (host: string): boolean => /^\d+(\.\d+){3}$/.test(host) || !('error' in network.resolve(host));
  const visit = (directives: readonly Directive[], where: string): void => {
    for (const { name, args, at, block } of directives) {
      if (block !== undefined) visit(block, name);
      const target = args[0] ?? '';
      if (name === 'proxy_pass' && where !== 'server') {
        const host = /^https?:\/\/([^/:]+)/.exec(target)?.[1];
        if (host === undefined) {
          if (!target.startsWith('$')) throw new ConfigError(`invalid URL prefix in ${at}`);
        } else if (!host.includes('$') && !upstreams.has(host) && !isKnown(host)) throw new ConfigError(`host not found in upstream "${host}" in ${at}`);
      }
      if (name === 'server' && where === 'upstream') {
        const host = target.replace(/:\d+$/, '');
        if (!host.startsWith('unix') && !isKnown(host)) throw new ConfigError(`host not found in upstream "${target}" in ${at}`);
      }
    }
  };
  visit(config, 'main');
  for (const server of serversOf(config)) checkCertificates(server, http, files);
}

/** Who speaks TLS has a certificate and a key that can be read (ngx_http_ssl_module, ngx_event_openssl.c). */
function checkCertificates(server: readonly Directive[], http: readonly Directive[], files: Files): void {
  if (!server.some(({ name, args }) => name === 'listen' && args.includes('ssl'))) return;
  const where = /^(.*):\d+$/.exec(server[0]?.at ?? '')?.[1] ?? '';
  const line = Number(/:(\d+)$/.exec(server[0]?.at ?? '')?.[1] ?? 1);
  for (const [name, what, reader] of [
    ['ssl_certificate', 'certificate', 'PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)'],
    ['ssl_certificate_key', 'certificate key', 'PEM_read_bio_PrivateKey() failed (SSL: error:1E08010C:DECODER routines::unsupported)'],
  ] as const) {
    const given = (find(server, name) ?? find(http, name))?.args[0];
    if (given === undefined) throw new ConfigError(`no "${name}" is defined for the "listen ... ssl" directive in ${where}:${Math.max(1, line - 1)}`);
    const path = given.startsWith('/') ? given : `/etc/nginx/${given}`;
    let text: string;
    try {
      text = files.read(path);
    } catch (error) {
      const isDenied = error instanceof FileError && error.code === 'EACCES';
      const why = isDenied ? '8000000D:system library::Permission denied' : '80000002:system library::No such file or directory';
      const bio = isDenied ? '10080002:BIO routines::system lib' : '10000080:BIO routines::no such file';
      throw new ConfigError(`cannot load ${what} "${path}": BIO_new_file() failed (SSL: error:${why}:calling fopen(${path}, r) error:${bio})`);
    }
    if (!text.includes('-----BEGIN ')) throw new ConfigError(`cannot load ${what} "${path}": ${reader}`);
  }
}
