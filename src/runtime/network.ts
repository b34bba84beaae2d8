/**
 * The cluster's network: from a pod (or a node) to whoever answers at an address. Pod addresses by their node's range, services
 * as kube-proxy's rules have them, node ports and host ports, NetworkPolicy where the CNI enforces it.
 */
import type { KubeObject } from '../api/object.js';
import type { Api } from '../api/verbs.js';
import type { EndpointSlice } from '../resources/endpointslices/types.js';
import type { Node } from '../resources/nodes/types.js';
import type { Service, ServicePort } from '../resources/services/types.js';
import { isIn } from './addresses.js';
import { createResolver, type NameServer, type Resolution } from './dns.js';
import type { FakeRuntime } from './fake-runtime.js';
import { spreadOf } from './identity.js';
import { INGRESS_PORTS, ingressPeer } from './ingress.js';
import { isAllowed, mayLeave } from './network-policy.js';
import type { Protocol, ServedAnswer, ServedRequest } from './process.js';

/** Who asks: a pod's sandbox, or a node (the kubelet). */
export interface Caller {
  readonly ip: string;
  /** `namespace/name`; absent for a node. */
  readonly podKey?: string;
  readonly sandbox?: string;
  readonly dns?: { readonly servers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] };
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
  readonly hostname?: string;
  /** With the domain, where there is one. */
  readonly fullName?: string;
}

export type Failure = 'refused' | 'timeout' | 'no-route';
/** The far end of a connection. */
export interface Peer {
  readonly ip: string;
  readonly port: number;
  /** Undefined: nobody listens (any more). */
  serve(request: ServedRequest): ServedAnswer | undefined;
}

/** Given to every node's runtime by the cluster. */
export interface NetworkView {
  resolve(name: string, from: Caller): Resolution;
  /** The name of an address (a PTR record). */
  reverse?(ip: string): string | undefined;
  /** To an address (not a name). */
  dial(ip: string, port: number, from: Caller, protocol?: Protocol): Peer | { readonly failure: Failure };
}

export interface NetworkOptions {
  api(): Api;
  runtime(node: string): FakeRuntime | undefined;
  readonly domain?: string;
  /** Calico does, flannel does not. */
  readonly enforcesPolicy: boolean;
  /** Pod addresses and service addresses: what lies in neither is outside. */
  readonly podCIDR: string;
  readonly serviceCIDR: string;
  /** What the API server says to who reaches its pod. Absent: nothing of its own. */
  apiServer?(request: ServedRequest): ServedAnswer;
  /** A node that cannot be reached. */
  isNodeDown?(node: string): boolean;
}

const DNS_PORT = 53;
const API_PORT = 6443;
const API_SERVER = 'kube-system/kube-apiserver-';

export function createNetwork(options: NetworkOptions): NetworkView {
  const { runtime, podCIDR, serviceCIDR } = options;
  const resolve = createResolver({ api: options.api, domain: options.domain ?? 'cluster.local', serverOf });

  /** The Service whose cluster IP it is: further ServiceCIDRs may have given it out. */
  const serviceAt = (ip: string): Service | undefined => options.api().list<Service>('services', { index: { name: 'clusterIP', value: ip } })[0];

  /** Names are asked of the first server alone. */
  function serverOf(from: Caller): NameServer {
    const [server] = from.dns?.servers ?? [];
    if (server === undefined) return 'cluster';
    const api = options.api();
    const service = serviceAt(server);
    // Beside CoreDNS no pod is taken for a name server.
    if (service === undefined && isIn(server, podCIDR)) return isNameServer(api, server) ? 'cluster' : 'nobody';
    if (service === undefined && !isIn(server, serviceCIDR))
      return options.enforcesPolicy && !mayLeave(api, from, server, DNS_PORT, 'UDP') ? 'nobody' : 'outside';
    // A cluster made of manifests has no CoreDNS to ask, and is answered all the same.
    if (service === undefined) return 'cluster';
    const { namespace = '', name = '' } = service.metadata;
    const ready = api
      .list<EndpointSlice>('endpointslices.discovery.k8s.io', { index: { name: 'service', value: `${namespace}/${name}` } })
      .flatMap(({ endpoints }) => (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false));
    const answers = ready.some(
      ({ targetRef }) =>
        !options.enforcesPolicy || targetRef === undefined || isAllowed(api, from, `${targetRef.namespace}/${targetRef.name}`, DNS_PORT, 'UDP'),
    );
    return answers ? 'cluster' : 'nobody';
  }

  function toSandbox(node: string, sandbox: string | undefined, ip: string, port: number, from: Caller, protocol: Protocol): Peer | { failure: Failure } {
    if (options.isNodeDown?.(node) === true) return { failure: 'timeout' };
    const target = runtime(node);
    if (target === undefined || sandbox === undefined) return { failure: 'no-route' };
    const podKey = target.podKey(sandbox);
    if (options.enforcesPolicy && podKey !== undefined && !isAllowed(options.api(), from, podKey, port, protocol)) return { failure: 'timeout' };
    const { apiServer } = options;
    const isApiServer = port === API_PORT && podKey?.startsWith(API_SERVER) === true;
    if (apiServer !== undefined && isApiServer) return { ip, port, serve: apiServer };
    return {
      ip,
      port,
      serve: (request) => {
        const answer = target.serve(sandbox, port, request);
        const ingress = answer?.ingress === true ? ingressAt(ip, port, from, protocol) : undefined;
        return ingress === undefined ? answer : ingress.serve(request);
      },
    };
  }

  const ingressAt = (ip: string, port: number, from: Caller, protocol: Protocol): Peer | undefined =>
    ingressPeer(options.api(), ip, port, (to, at) => toService(to, at, from, protocol));

  function toNode(node: Node, ip: string, port: number, from: Caller, protocol: Protocol): Peer | { failure: Failure } {
    const name = node.metadata.name ?? '';
    if (options.isNodeDown?.(name) === true) return { failure: 'timeout' };
    const isHere = (one: ServicePort): boolean => one.nodePort === port && (one.protocol ?? 'TCP') === protocol;
    const service = options
      .api()
      .list<Service>('services', { index: { name: 'nodePort', value: String(port) } })
      .find(({ spec }) => spec.ports?.some(isHere) === true);
    if (service !== undefined) {
      // What comes from pods, or from the node itself, is spread over the whole cluster all the same.
      const isOutside = callerNode(from)?.metadata.name !== name && !isIn(from.ip, podCIDR);
      const local = service.spec.externalTrafficPolicy === 'Local' && isOutside ? name : undefined;
      return toService(service, service.spec.ports?.find(isHere)?.port ?? port, from, protocol, local);
    }
    const target = runtime(name)?.onHost(port, protocol, ip);
    const ingress = target === undefined && protocol === 'TCP' && INGRESS_PORTS.includes(port) ? ingressAt(ip, port, from, protocol) : undefined;
    if (ingress !== undefined) return ingress;
    if (options.enforcesPolicy && !mayLeave(options.api(), from, ip, port, protocol)) return { failure: 'timeout' };
    return target === undefined ? { failure: 'refused' } : toSandbox(name, target.sandbox, ip, target.port, from, protocol);
  }

  /**
   * kube-proxy (pkg/proxy/topology.go): one of the ready endpoints, or where there is none, of those that end but still serve. `local`: of
   * this node alone. None here but some elsewhere: dropped; none at all: rejected.
   */
  function toService(service: Service, port: number, from: Caller, protocol: Protocol, local?: string): Peer | { failure: Failure } {
    const found = service.spec.ports?.find((one) => one.port === port && (one.protocol ?? 'TCP') === protocol);
    if (found === undefined) return { failure: 'timeout' };
    const slices = options
      .api()
      .list<EndpointSlice>('endpointslices.discovery.k8s.io', { index: { name: 'service', value: `${service.metadata.namespace}/${service.metadata.name}` } });
    const ready: Target[] = [];
    const ending: Target[] = [];
    for (const slice of slices) {
      const target = slice.ports?.find((one) => (one.name ?? '') === (found.name ?? '') && (one.protocol ?? 'TCP') === protocol)?.port;
      if (target === undefined) continue;
      for (const { conditions, addresses, nodeName } of slice.endpoints ?? []) {
        const list = conditions?.ready !== false ? ready : conditions.serving === true && conditions.terminating === true ? ending : undefined;
        for (const address of addresses) list?.push({ ip: address, port: target, node: nodeName });
      }
    }
    const onNode = (list: readonly Target[]): readonly Target[] => (local === undefined ? list : list.filter(({ node }) => node === local));
    const all = onNode(ready).length > 0 ? onNode(ready) : onNode(ending);
    if (all.length === 0) return { failure: ready.length + ending.length === 0 ? 'refused' : 'timeout' };
    const drawn = (): Target => all[Math.floor(spreadOf(`balance/${service.metadata.uid}/${from.ip}/${nextTurn(from)}`) * all.length)] as Target;
    const chosen = service.spec.sessionAffinity === 'ClientIP' ? affine(service, `${port}/${protocol}`, all, from, drawn) : drawn();
    return dial(chosen.ip, chosen.port, from, protocol);
  }

  /** Where it went the last time, if that is still there and not too long ago (the rules' `recent --rcheck --seconds`). */
  function affine(service: Service, port: string, all: readonly Target[], from: Caller, drawn: () => Target): Target {
    const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS;
    const keeper = from.sandbox === undefined ? undefined : runtimeOf(from);
    if (keeper === undefined || from.sandbox === undefined)
      return all[Math.floor(spreadOf(`affinity/${service.metadata.uid}/${from.ip}`) * all.length)] as Target;
    const key = `${service.metadata.uid}/${port}`;
    const last = keeper.affinity(from.sandbox, key, seconds * 1000);
    const chosen = all.find(({ ip, port: at }) => last === `${ip}:${at}`) ?? drawn();
    keeper.affinity(from.sandbox, key, seconds * 1000, `${chosen.ip}:${chosen.port}`);
    return chosen;
  }

  /** Spreads connections: the same caller meets another endpoint next time, and the same one when the story is told again. */
  function nextTurn(from: Caller): number {
    return from.sandbox === undefined ? 0 : (runtimeOf(from)?.nextConnection(from.sandbox) ?? 0);
  }
  const runtimeOf = (from: Caller): FakeRuntime | undefined => {
    const node = callerNode(from);
    return node === undefined ? undefined : runtime(node.metadata.name ?? '');
  };
  /** Whose kube-proxy the caller's connections go through: its pod's, or the node's that it shares the network with. */
  const callerNode = ({ ip }: Caller): Node | undefined => (isIn(ip, podCIDR) ? nodeFor(ip) : nodeAt(ip));
  const nodeAt = (ip: string): Node | undefined =>
    options
      .api()
      .list<Node>('nodes')
      .find((one) => one.status?.addresses?.some(({ address }) => address === ip));
  const nodeFor = (ip: string): Node | undefined =>
    options
      .api()
      .list<Node>('nodes')
      .find((node) => node.spec?.podCIDR !== undefined && isIn(ip, node.spec.podCIDR));

  function dial(ip: string, port: number, from: Caller, protocol: Protocol = 'TCP'): Peer | { failure: Failure } {
    if (isIn(ip, podCIDR)) {
      const node = nodeFor(ip);
      const name = node?.metadata.name ?? '';
      return node === undefined ? { failure: 'no-route' } : toSandbox(name, runtime(name)?.sandboxAt(ip), ip, port, from, protocol);
    }
    const service = serviceAt(ip);
    if (service !== undefined || isIn(ip, serviceCIDR)) {
      if (service === undefined || isNotForProxy(service)) return { failure: 'timeout' };
      return toService(service, port, from, protocol, service.spec.internalTrafficPolicy === 'Local' ? (callerNode(from)?.metadata.name ?? '') : undefined);
    }
    // Who shares a node's network finds the node at its loopback address.
    const node = nodeAt(ip.startsWith('127.') ? from.ip : ip);
    if (node !== undefined) return toNode(node, ip, port, from, protocol);
    const balanced = options
      .api()
      .list<Service>('services')
      .find(
        (service) =>
          (service as LoadBalanced).status?.loadBalancer?.ingress?.some((one) => one.ip === ip) === true || service.spec.externalIPs?.includes(ip) === true,
      );
    if (balanced !== undefined) return toService(balanced, port, from, protocol);
    return protocol === 'UDP' || (options.enforcesPolicy && !mayLeave(options.api(), from, ip, port)) ? { failure: 'timeout' } : outside(ip, port);
  }

  /** CoreDNS knows services' addresses, and pods behind a headless service. */
  function reverse(ip: string): string | undefined {
    const domain = options.domain ?? 'cluster.local';
    const service = serviceAt(ip);
    if (service !== undefined || isIn(ip, serviceCIDR)) {
      return service === undefined ? undefined : `${service.metadata.name}.${service.metadata.namespace}.svc.${domain}`;
    }
    if (!isIn(ip, podCIDR)) return undefined;
    for (const slice of options.api().list<EndpointSlice>('endpointslices.discovery.k8s.io')) {
      const endpoint = slice.endpoints?.find((one) => one.addresses.includes(ip));
      const service = slice.metadata.labels?.['kubernetes.io/service-name'];
      if (endpoint !== undefined && service !== undefined)
        return `${endpoint.hostname ?? ip.replaceAll('.', '-')}.${service}.${slice.metadata.namespace}.svc.${domain}`;
    }
    return undefined;
  }

  return { resolve, reverse, dial };
}

/** sessionAffinityConfig's default: three hours. */
const AFFINITY_SECONDS = 10_800;

/** Where a connection to a service may go. */
interface Target {
  readonly ip: string;
  readonly port: number;
  readonly node: string | undefined;
}

/** One of those behind the cluster's name service. */
const isNameServer = (api: Api, ip: string): boolean =>
  api
    .list<EndpointSlice>('endpointslices.discovery.k8s.io', { index: { name: 'service', value: 'kube-system/kube-dns' } })
    .some(({ endpoints }) => endpoints?.some(({ addresses, conditions }) => addresses.includes(ip) && conditions?.ready !== false) === true);

/** Services that say so are left to another proxy, or to none. */
const isNotForProxy = ({ metadata }: Service): boolean =>
  metadata.labels?.['service.kubernetes.io/service-proxy-name'] !== undefined || metadata.labels?.['service.kubernetes.io/headless'] !== undefined;

type LoadBalanced = KubeObject & { readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } } };

/** The rest of the world: web servers, and nothing else. */
function outside(ip: string, port: number): Peer | { failure: Failure } {
  if ((port !== 80 && port !== 443) || PRIVATE.some((range) => isIn(ip, range))) return { failure: 'timeout' };
  return {
    ip,
    port,
    serve: (request) =>
      request.type === 'http'
        ? {
            status: 200,
            headers: { 'Content-Type': 'text/html' },
            body: '<!doctype html>\n<html><head><title>Outside</title></head><body>podsim: the world outside the cluster</body></html>\n',
            takes: 40,
          }
        : { takes: 40 },
  };
}

/** Addresses of private networks (RFC 1918) and of links: nobody there. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'];
