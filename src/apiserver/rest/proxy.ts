/**
 * pods/proxy, services/proxy and nodes/proxy: an HTTP request that the API server hands on to a pod or a kubelet (pkg/registry/core/pod/strategy.go and
 * pkg/registry/core/service/storage ResourceLocation, apimachinery pkg/util/proxy).
 */
import { bytesOf } from '../../api/bytes.js';
import { badRequest, failure, notFound } from '../../api/errors.js';
import type { NodeProxies } from '../../api/node-proxy.js';
import type { ApiRequest } from '../../api/transport.js';
import type { Endpoints } from '../../resources/endpoints/types.js';
import type { Node } from '../../resources/nodes/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Service } from '../../resources/services/types.js';
import type { Answer } from '../long-running.js';
import { rewriteLinks } from './html-links.js';
import type { ReadContext } from './read.js';
import type { Query, ResourceRequest } from './request-info.js';

interface Place {
  /** From where it is reached. */
  readonly node: string;
  readonly ip: string;
  readonly port: number;
  readonly scheme: 'HTTP' | 'HTTPS';
}

const unavailable = (message: string) => failure(503, 'ServiceUnavailable', message);

export function proxyRequest(context: ReadContext, target: ResourceRequest, request: ApiRequest, query: Query, nodes: NodeProxies): Answer {
  if (target.plural === 'nodes') return nodeRequest(context, target, request, query, nodes);
  const place = target.plural === 'pods' ? podPlace(context, target) : servicePlace(context, target);
  const { path, search } = parts(request);
  const [, prefix = '', rest = ''] = /^((?:\/+[^/]+){6}\/+proxy)(.*)$/.exec(path) ?? [];
  // Links of the page would lead elsewhere.
  if (rest === '') return { status: 301, headers: { location: `${path}/${search}` }, body: '' };
  return hand(place, request, { prefix, path: rest, search }, nodes);
}

function parts({ path: whole }: ApiRequest): { readonly path: string; readonly search: string } {
  const mark = whole.indexOf('?');
  return mark < 0 ? { path: whole, search: '' } : { path: whole.slice(0, mark), search: whole.slice(mark) };
}

export const KUBELET_PORT = 10_250;

/** nodes/proxy: the kubelet, or another port of its node (pkg/registry/core/node/strategy.go ResourceLocation). */
function nodeRequest(context: ReadContext, { name: id }: ResourceRequest, request: ApiRequest, query: Query, nodes: NodeProxies): Answer {
  const { scheme, name, port } = split('node', id);
  const node = context.store.get<Node>('nodes', { namespace: '', name });
  if (node === undefined) throw notFound('nodes', name);
  const { path, search } = parts(request);
  const [, prefix = '', rest = ''] = /^((?:\/+[^/]+){4}\/+proxy)(.*)$/.exec(path) ?? [];
  if (rest === '') return { status: 301, headers: { location: `${path}/${search}` }, body: '' };
  const ip = node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? name;
  const number = port === '' ? KUBELET_PORT : Number(port);
  const server = nodes(name);
  if (server === undefined) throw unavailable(`error trying to reach service: dial tcp ${ip}:${number}: i/o timeout`);
  if (number !== KUBELET_PORT) return hand({ node: name, ip, port: number, scheme }, request, { prefix, path: rest, search }, nodes);
  const { status, type, body, location } = server.answer({ method: request.method, path: rest, query });
  const headers = { 'content-type': type, ...(location === undefined ? {} : { location: `${prefix}${rest.replace(/[^/]*$/, '')}${location}` }) };
  const isPage = typeof body === 'string' && type.startsWith('text/html');
  return { status, headers, body: isPage ? rewriteLinks(body, (url) => rewriteUrl(url, prefix, ip, number, request.headers['host'])) : body };
}

/** `name`, `name:port` or `scheme:name:port`. */
function split(kind: 'pod' | 'service' | 'node', id: string): { readonly scheme: Place['scheme']; readonly name: string; readonly port: string } {
  const parts = id.split(':');
  const [scheme, name, port] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || !name || !['', 'http', 'https'].includes(scheme as string)) throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  return { scheme: scheme === 'https' ? 'HTTPS' : 'HTTP', name, port: port ?? '' };
}

function podPlace(context: ReadContext, { namespace, name: id }: ResourceRequest): Place {
  const { scheme, name, port } = split('pod', id);
  const pod = context.store.get<Pod>('pods', { namespace, name });
  if (pod === undefined) throw notFound('pods', name);
  const ip = pod.status?.podIP ?? '';
  if (ip === '') throw badRequest('address not allowed');
  const declared = pod.spec.containers.flatMap(({ ports }) => ports?.slice(0, 1) ?? [])[0]?.containerPort;
  const wanted = port === '' ? (declared ?? (scheme === 'HTTPS' ? 443 : 80)) : Number(port);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65535) throw unavailable(`error trying to reach service: dial tcp: lookup tcp/${port}: unknown port`);
  return { node: pod.spec.nodeName ?? '', ip, port: wanted, scheme };
}

function servicePlace(context: ReadContext, { namespace, name: id }: ResourceRequest): Place {
  const { scheme, name, port } = split('service', id);
  const portName = /^\d+$/.test(port) ? nameOfPort(context, namespace, name, Number(port)) : port;
  const endpoints = context.store.get<Endpoints>('endpoints', { namespace, name });
  if (endpoints === undefined) throw notFound('endpoints', name);
  const { subsets = [] } = endpoints;
  if (subsets.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  const places = subsets.flatMap(({ addresses = [], ports = [] }) => {
    const chosen = ports.find((one) => (one.name ?? '') === portName);
    if (chosen === undefined) return [];
    return addresses.flatMap(({ ip, targetRef }) => {
      const pod = targetRef?.namespace === namespace ? context.store.get<Pod>('pods', { namespace, name: targetRef.name ?? '' }) : undefined;
      return pod === undefined ? [] : [{ node: pod.spec.nodeName ?? '', ip, port: chosen.port, scheme }];
    });
  });
  // Upstream throws dice.
  const place = places[Math.floor(context.now() / 1000) % places.length];
  if (place === undefined) throw unavailable(`no endpoints available for service ${JSON.stringify(id)}`);
  return place;
}

function nameOfPort(context: ReadContext, namespace: string, name: string, number: number): string {
  const service = context.store.get<Service>('services', { namespace, name });
  if (service === undefined) throw notFound('services', name);
  const port = service.spec.ports?.find((one) => one.port === number);
  if (port === undefined) throw unavailable(`no service port ${number} found for service ${JSON.stringify(name)}`);
  return port.name ?? '';
}

interface Asked {
  /** Up to and with `/proxy`. */
  readonly prefix: string;
  readonly path: string;
  readonly search: string;
}

function hand(place: Place, request: ApiRequest, { prefix, path, search }: Asked, nodes: NodeProxies): Answer {
  const { node, ip, port, scheme } = place;
  const answer = nodes(node)?.reach({
    type: 'http',
    scheme,
    host: ip,
    port,
    method: request.method,
    path: path + search,
    headers: { ...passedOn(request.headers), 'X-Forwarded-Uri': prefix + path },
    ...(request.body === undefined ? {} : { body: textOfBody(request.body) }),
  });
  if (answer === undefined || 'error' in answer)
    throw unavailable(`error trying to reach service: ${answer === undefined ? `dial tcp ${ip}:${port}: i/o timeout` : answer.error}`);
  const { status = 200, headers: given = {}, body = '' } = answer;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
  const rewrite = (url: string) => rewriteUrl(url, prefix, ip, port, request.headers['host']);
  if (headers['location'] !== undefined) headers['location'] = rewrite(headers['location']);
  const isPage = headers['location'] === undefined && headers['content-type']?.split(';')[0]?.trim() === 'text/html';
  delete headers['content-length'];
  return { status, headers, body: bytesOf(isPage ? rewriteLinks(body, rewrite) : body) };
}

/** Who asks is the API server's business; the rest goes on. */
const KEPT: ReadonlySet<string> = new Set(['authorization', 'connection', 'content-length', 'kubectl-command', 'transfer-encoding', 'upgrade']);
const passedOn = (headers: ApiRequest['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !KEPT.has(name) && !name.startsWith('impersonate-'))
      .map(([name, value]) => [name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()), value]),
  );

const textOfBody = (body: unknown): string =>
  typeof body === 'string' ? body : body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body);

/** A path from the root, of this server, goes on through the proxy. */
function rewriteUrl(url: string, prefix: string, ip: string, port: number, asked: string | undefined): string {
  const [, authority, path = ''] = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?(.*)$/i.exec(url) ?? [];
  const isElsewhere = authority !== undefined && ![`${ip}:${port}`, ...(port === 80 ? [ip] : []), asked].includes(authority);
  if (isElsewhere || !path.startsWith('/')) return url;
  return path.startsWith(prefix) ? path : prefix + path;
}
