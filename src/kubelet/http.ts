/** What HTTP probes and hooks share: ports by name, URLs, and Go's net/http words for a request that fails. */
import type { Container, IntOrString } from '../resources/pod-template/types.js';

/** ExtractPort (pkg/probe/util.go); a text is the error. */
export function findPort(container: Container, port: IntOrString): number | string {
  if (typeof port === 'number') return port > 0 && port < 65_536 ? port : `invalid port number: ${port}`;
  const named = container.ports?.find((one) => one.name === port);
  if (named !== undefined) return named.containerPort;
  const parsed = Number(port);
  return Number.isInteger(parsed) && port !== '' ? parsed : `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`;
}

/** formatURL (pkg/probe/http/request.go). */
export function urlOf(scheme: string | undefined, host: string, port: number, path: string | undefined): string {
  const at = path === undefined || path === '' ? '/' : path.startsWith('/') ? path : `/${path}`;
  return `${(scheme ?? 'HTTP').toLowerCase()}://${host.includes(':') ? `[${host}]` : host}:${port}${at}`;
}

export function requestError(failure: 'refused' | 'timeout' | 'no-route', url: string, host: string, port: number): string {
  return `Get "${url}": ${dialError(failure, host, port)}`;
}

export function dialError(failure: 'refused' | 'timeout' | 'no-route', host: string, port: number): string {
  const why = failure === 'refused' ? 'connect: connection refused' : failure === 'timeout' ? 'i/o timeout' : 'connect: no route to host';
  return `dial tcp ${host}:${port}: ${why}`;
}
