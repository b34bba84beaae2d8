/** What an ingress controller on the nodes answers: rules by host and path, as ingress-nginx makes them into servers and locations. */
import type { KubeObject } from '../api/object.js';
import type { Api } from '../api/verbs.js';
import type { IngressClass } from '../resources/ingressclasses/types.js';
import type { HTTPIngressPath, Ingress, IngressBackend } from '../resources/ingresses/types.js';
import type { Service } from '../resources/services/types.js';
import type { Failure, Peer } from './network.js';
import type { ServedAnswer, ServedRequest } from './process.js';

const CONTROLLER = 'k8s.io/ingress-nginx';
export const INGRESS_PORTS: readonly number[] = [80, 443];

interface Location {
  readonly host: string;
  readonly path: HTTPIngressPath;
  readonly ingress: Ingress;
}
type Dial = (service: Service, port: number) => Peer | { readonly failure: Failure };

/** Whoever answers for the Ingresses; undefined: no class says that an ingress controller is there. */
export function ingressPeer(api: Api, ip: string, port: number, dial: Dial): Peer | undefined {
  const classes = api.list<IngressClass>('ingressclasses.networking.k8s.io').filter(({ spec }) => spec.controller === CONTROLLER);
  if (classes.length === 0) return undefined;
  const names = new Set(classes.map(({ metadata }) => metadata.name));
  return {
    ip,
    port,
    serve: (request) => {
      if (request.type !== 'http') return { takes: 1 };
      const ingresses = api.list<Ingress>('ingresses.networking.k8s.io').filter((one) => names.has(classOf(one)));
      return answer(api, ingresses, request, dial);
    },
  };
}

const classOf = ({ metadata, spec }: Ingress): string | undefined => spec.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'];

function answer(api: Api, ingresses: readonly Ingress[], request: ServedRequest & { readonly type: 'http' }, dial: Dial): ServedAnswer {
  const host = (request.headers['Host'] ?? request.headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase();
  const path = request.path.replace(/\?.*$/, '');
  const found = locationOf(ingresses, host, path);
  const fallback = ingresses.find(({ spec }) => spec.defaultBackend !== undefined);
  const backend = found?.path.backend ?? fallback?.spec.defaultBackend;
  const owner = found?.ingress ?? fallback;
  if (backend === undefined || owner === undefined) return page(404, 'Not Found');
  const service = serviceOf(api, owner, backend);
  const peer = service === undefined ? undefined : dial(...service);
  if (peer === undefined || 'failure' in peer)
    return peer?.failure === 'timeout' ? page(504, 'Gateway Time-out') : page(503, 'Service Temporarily Unavailable');
  // TLS ends here.
  const { secure: _, ...plain } = request;
  return peer.serve({ ...plain, path: found === undefined ? request.path : rewritten(found, request.path) }) ?? page(502, 'Bad Gateway');
}

/** The server of that name, else of its domain, else the one without a name; in it the exact path, else the longest prefix. */
function locationOf(ingresses: readonly Ingress[], host: string, path: string): Location | undefined {
  const all = ingresses.flatMap((ingress) =>
    (ingress.spec.rules ?? []).flatMap((rule) => (rule.http?.paths ?? []).map((one): Location => ({ host: rule.host ?? '', path: one, ingress }))),
  );
  const wildcard = host.replace(/^[^.]*/, '*');
  for (const name of [host, wildcard, '']) {
    const server = all.filter((location) => location.host === name);
    if (server.length === 0) continue;
    const fitting = server.filter((location) => fits(location, path));
    return fitting.sort(
      (a, b) => Number(b.path.pathType === 'Exact') - Number(a.path.pathType === 'Exact') || (b.path.path ?? '/').length - (a.path.path ?? '/').length,
    )[0];
  }
  return undefined;
}

const isPattern = ({ metadata }: KubeObject, path: string): boolean =>
  metadata.annotations?.['nginx.ingress.kubernetes.io/use-regex'] === 'true' ||
  (metadata.annotations?.['nginx.ingress.kubernetes.io/rewrite-target'] !== undefined && path.includes('('));

function patternOf({ ingress, path: { path = '/' } }: Location): RegExp | undefined {
  if (!isPattern(ingress, path)) return undefined;
  try {
    return new RegExp(`^${path}`, 'i');
  } catch {
    return undefined;
  }
}

function fits(location: Location, path: string): boolean {
  const { path: wanted = '/', pathType } = location.path;
  const pattern = patternOf(location);
  if (pattern !== undefined) return pattern.test(path);
  if (pathType === 'Exact') return path === wanted;
  const prefix = wanted.replace(/\/$/, '');
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** rewrite-target: the path, or its parts in brackets, as the annotation puts them. */
function rewritten(location: Location, path: string): string {
  const target = location.ingress.metadata.annotations?.['nginx.ingress.kubernetes.io/rewrite-target'];
  if (target === undefined) return path;
  const [bare = '', query] = path.split('?', 2);
  const parts = patternOf(location)?.exec(bare) ?? [];
  return `${target.replace(/\$(\d)/g, (_, n) => parts[Number(n)] ?? '')}${query === undefined ? '' : `?${query}`}`;
}

function serviceOf(api: Api, { metadata }: Ingress, { service: backend }: IngressBackend): readonly [Service, number] | undefined {
  const service = backend === undefined ? undefined : api.get<Service>('services', { namespace: metadata.namespace ?? '', name: backend.name });
  const port = service?.spec.ports?.find(({ name, port: number }) => (backend?.port?.name ? name === backend.port.name : number === backend?.port?.number));
  return service === undefined || port === undefined ? undefined : [service, port.port];
}

/** nginx's own error pages. */
const page = (status: number, text: string): ServedAnswer => ({
  status,
  headers: { 'Content-Type': 'text/html' },
  body: `<html>\r\n<head><title>${status} ${text}</title></head>\r\n<body>\r\n<center><h1>${status} ${text}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  takes: 1,
});
