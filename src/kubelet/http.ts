/** What HTTP probes and hooks share: requests, ports by name, URLs, and Go's net/http words for a request that fails. */
import type { NetworkAnswer, NetworkRequest } from '../api/cri.js';
import type { Container, HTTPGetAction, IntOrString } from '../resources/pod-template/types.js';
import type { Work } from './work.js';

/** ExtractPort (pkg/probe/util.go); a text is the error. */
export function findPort(container: Container, port: IntOrString): number | string {
  if (typeof port === 'number') return port > 0 && port < 65_536 ? port : `invalid port number: ${port}`;
  // The name of a port has a letter in it, so it is no number either.
  return container.ports?.find((one) => one.name === port)?.containerPort ?? `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`;
}

type HttpRequest = Extract<NetworkRequest, { type: 'http' }>;

/** NewRequestForHTTPGetAction (pkg/probe/http/request.go); a text is the error. */
export function httpRequest(work: Work, container: Container, action: HTTPGetAction, purpose: 'probe' | 'lifecycle'): HttpRequest | string {
  const port = findPort(container, action.port);
  if (typeof port === 'string') return port;
  const headers: Record<string, string> = { 'User-Agent': `kube-${purpose}/1.33`, Accept: '*/*' };
  for (const { name, value } of action.httpHeaders ?? []) headers[canonical(name)] = value;
  if (headers['Accept'] === '') delete headers['Accept'];
  return {
    type: 'http',
    scheme: action.scheme ?? 'HTTP',
    host: action.host === undefined || action.host === '' ? (work.sandbox?.ip ?? '') : action.host,
    port,
    path: action.path === undefined || action.path === '' ? '/' : action.path,
    headers,
    ...(work.record.sandbox === undefined ? {} : { sandbox: work.record.sandbox }),
  };
}

/** Go's http.Header writes names so. */
const canonical = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** Where servers speak TLS: what is served elsewhere is plain HTTP. */
const TLS_PORTS: ReadonlySet<number> = new Set([443, 6443, 8443, 9443, 10250, 10257, 10259]);
/** A server that gives an HTTP response to an HTTPS client. */
export const isPlainServer = ({ scheme, port }: HttpRequest): boolean => scheme === 'HTTPS' && !TLS_PORTS.has(port);

/** formatURL (pkg/probe/http/request.go). */
export function urlOf(scheme: string | undefined, host: string, port: number, path: string | undefined): string {
  const at = path === undefined || path === '' ? '/' : path.startsWith('/') ? path : `/${path}`;
  return `${(scheme ?? 'HTTP').toLowerCase()}://${host.includes(':') ? `[${host}]` : host}:${port}${at}`;
}

type Failed = Pick<NetworkAnswer, 'failure' | 'address'>;

export const requestError = (answer: Failed, url: string, host: string, port: number): string => `Get "${url}": ${dialError(answer, host, port)}`;

export function dialError({ failure, address }: Failed, host: string, port: number): string {
  if (failure === 'no-host') return `dial tcp: lookup ${host} on ${address}:53: no such host`;
  const to = address ?? host;
  const why = failure === 'refused' ? 'connect: connection refused' : failure === 'timeout' ? 'i/o timeout' : 'connect: no route to host';
  return `dial tcp ${to.includes(':') ? `[${to}]` : to}:${port}: ${why}`;
}
