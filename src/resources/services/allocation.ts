/**
 * Cluster IPs and node ports: k8s.io/kubernetes pkg/registry/core/service/storage/alloc.go with ipallocator and portallocator. What is taken
 * is read off the stored Services; there is no separate book. As upstream, all this runs before validation, so its errors come alone.
 */
import { internalError, invalidObject } from '../../api/errors.js';
import { type FieldError, index, invalid } from '../../api/field.js';
import type { PrepareContext } from '../../api/resource.js';
import { parseIP } from '../meta/ip.js';
import { goStrings } from '../meta/validation.js';
import type { Service, ServicePort, ServiceSpec } from './types.js';
import { isHeadless, validateClusterIPs } from './validation.js';

/** --service-cluster-ip-range 10.96.0.0/12; the first 256 addresses are for IPs asked for by name (ServiceIPStaticSubrange). */
const RANGE = { first: toNumber('10.96.0.0'), size: 2 ** 20, band: 256 };
/** --service-node-port-range; 86 = min(max(16, 2768 / 32), 128) ports are kept for those asked for by number. */
const NODE_PORTS = { first: 30000, last: 32767, band: 86 };

const OTHER = { IPv4: 'IPv6', IPv6: 'IPv4' } as const;

export const needsNodePort = ({ type }: ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer';
export const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean => type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** Fills in families, cluster IPs and node ports of a new or changed Service. Throws Invalid for what cannot be had. */
export function allocate(service: Service, old: Service | undefined, context: PrepareContext): Service {
  const withFamilies = initFamilies(service, old);
  const others = context.api
    .list<Service>('services')
    .filter(({ metadata }) => metadata.namespace !== service.metadata.namespace || metadata.name !== service.metadata.name);
  const withIPs = old === undefined || old.spec.type === 'ExternalName' ? allocateClusterIP(withFamilies, others, context) : withFamilies;
  return allocatePorts(withIPs, old, others, context);
}

function refuse(service: Service, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject('', 'Service', service.metadata.name ?? '', errors);
}

/** The IP families of a service on a single-stack IPv4 cluster (initIPFamilyFields). */
function initFamilies(service: Service, old: Service | undefined): Service {
  const { spec } = service;
  if (spec.type === 'ExternalName') return service;
  const policy = spec.ipFamilyPolicy ?? old?.spec.ipFamilyPolicy ?? (isHeadless(spec) && !hasSelector(spec) ? 'RequireDualStack' : 'SingleStack');
  const next: Service = { ...service, spec: { ...spec, ipFamilyPolicy: policy } };
  const loose: FieldError[] = [];
  validateClusterIPs(next.spec, loose);
  refuse(service, loose);

  const errors: FieldError[] = [];
  const policyError = (detail: string): FieldError => invalid('spec.ipFamilyPolicy', policy, detail);
  let families: readonly string[] = spec.ipFamilies ?? [];
  if (policy === 'SingleStack') {
    if (old !== undefined && families.length > 1 && String(families) === String(old.spec.ipFamilies)) families = families.slice(0, 1);
    if ((spec.clusterIPs?.length ?? 0) === 2)
      errors.push(policyError("must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"));
    if (families.length === 2) errors.push(policyError("must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"));
  }
  for (const [i, ip] of (spec.clusterIPs ?? []).entries()) {
    if (ip === 'None') break;
    if (i < families.length) continue;
    const family = parseIP(ip)?.family ?? 'IPv4';
    if (family === 'IPv6') errors.push(invalid(index('spec.clusterIPs', i), goStrings(spec.clusterIPs ?? []), 'IPv6 is not configured on this cluster'));
    else families = [...families, family];
  }
  refuse(service, errors);

  if (isHeadless(spec) && !hasSelector(spec)) {
    if (families.length === 0) families = ['IPv4'];
    // Nobody allocates for it, so it may name families the cluster does not have.
    if (families.length < 2 && policy !== 'SingleStack') families = [families[0] as string, OTHER[families[0] as 'IPv4']];
    return { ...next, spec: { ...next.spec, ipFamilies: families } };
  }
  if (policy === 'RequireDualStack') errors.push(policyError('this cluster is not configured for dual-stack services'));
  for (const [i, family] of families.entries())
    if (family !== 'IPv4') errors.push(invalid(index('spec.ipFamilies', i), family, 'not configured on this cluster'));
  refuse(service, errors);
  return { ...next, spec: { ...next.spec, ipFamilies: families.length === 0 ? ['IPv4'] : families } };
}

const hasSelector = ({ selector }: ServiceSpec): boolean => selector !== undefined && Object.keys(selector).length > 0;

function allocateClusterIP(service: Service, others: readonly Service[], context: PrepareContext): Service {
  const { spec } = service;
  if (spec.type === 'ExternalName' || isHeadless(spec)) return service;
  const taken = new Set(others.flatMap((other) => other.spec.clusterIPs ?? []));
  const asked = spec.clusterIPs?.[0];
  if (asked) {
    const problem = !isInRange(asked)
      ? 'the provided network does not match the current range'
      : taken.has(asked)
        ? 'provided IP is already allocated'
        : undefined;
    if (problem !== undefined) refuse(service, [invalid('spec.clusterIPs', goStrings([asked]), `failed to allocate IP ${asked}: ${problem}`)]);
    return service;
  }
  const ip = nextFree(RANGE.first + RANGE.band, RANGE.size - RANGE.band - 1, context.random('services/cluster-ip'), (at) => !taken.has(fromNumber(at)));
  if (ip === undefined) throw internalError('failed to allocate a serviceIP: range is full');
  return { ...service, spec: { ...spec, clusterIP: fromNumber(ip), clusterIPs: [fromNumber(ip)] } };
}

/** The network's own address and its last one are nobody's. */
function isInRange(ip: string): boolean {
  const offset = toNumber(ip) - RANGE.first;
  return parseIP(ip)?.family === 'IPv4' && offset > 0 && offset < RANGE.size - 1;
}

function toNumber(ip: string): number {
  return ip.split('.').reduce((total, part) => total * 256 + Number(part), 0);
}

function fromNumber(ip: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(ip / unit) % 256).join('.');
}

/** The first free number at or after a random place in the range, going round once. */
function nextFree(first: number, size: number, random: number, isFree: (at: number) => boolean): number | undefined {
  const offset = Math.floor(random * size);
  for (let i = 0; i < size; i++) {
    const at = first + ((offset + i) % size);
    if (isFree(at)) return at;
  }
  return undefined;
}

function allocatePorts(service: Service, old: Service | undefined, others: readonly Service[], context: PrepareContext): Service {
  const { spec } = service;
  const taken = new Set<number>();
  for (const other of others) for (const port of nodePortsOf(other.spec)) taken.add(port);
  const own = new Set(old === undefined ? [] : nodePortsOf(old.spec));
  const reserve = (port: number): string | undefined => {
    if (port < NODE_PORTS.first || port > NODE_PORTS.last)
      return `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.first}-${NODE_PORTS.last}`;
    if (taken.has(port)) return 'provided port is already allocated';
    taken.add(port);
    return undefined;
  };
  const next = (): number => {
    const start = NODE_PORTS.first + NODE_PORTS.band;
    const isFree = (at: number): boolean => !taken.has(at) && !own.has(at);
    const port =
      nextFree(start, NODE_PORTS.last - start + 1, context.random('services/node-port'), isFree) ?? nextFree(NODE_PORTS.first, NODE_PORTS.band, 0, isFree);
    if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
    taken.add(port);
    return port;
  };
  const askFor = (i: number, port: number): void => {
    const problem = reserve(port);
    if (problem !== undefined) refuse(service, [invalid(`${index('spec.ports', i)}.nodePort`, port, problem)]);
  };

  let result = spec;
  if (needsNodePort(spec)) result = { ...result, ports: nodePorts(spec, own, old === undefined, askFor, next) };
  if (needsHealthCheck(spec) && !(old !== undefined && needsHealthCheck(old.spec))) {
    const asked = spec.healthCheckNodePort;
    const problem = asked ? reserve(asked) : undefined;
    if (problem !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${problem}`);
    result = { ...result, healthCheckNodePort: asked || next() };
  }
  return result === spec ? service : { ...service, spec: result };
}

/** initNodePorts and updateNodePorts: ports of one number (TCP and UDP 53) share a node port when the service is new. */
function nodePorts(
  spec: ServiceSpec,
  own: ReadonlySet<number>,
  isNew: boolean,
  askFor: (i: number, port: number) => void,
  next: () => number,
): readonly ServicePort[] {
  const shared = new Map<number, number>();
  const asked = new Set<number>();
  const ports = spec.ports ?? [];
  return ports.map((port, i) => {
    if (!port.nodePort && spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === false) return port;
    if (!isNew) {
      if (port.nodePort) {
        if (!own.has(port.nodePort) && !asked.has(port.nodePort)) askFor(i, port.nodePort);
        asked.add(port.nodePort);
        return port;
      }
      return { ...port, nodePort: next() };
    }
    const known = shared.get(port.port);
    if (known === undefined) {
      const wanted = ports.find((other) => other.port === port.port && other.nodePort)?.nodePort;
      if (wanted) askFor(i, wanted);
      const nodePort = wanted || next();
      shared.set(port.port, nodePort);
      return { ...port, nodePort };
    }
    if (port.nodePort === known) return port;
    if (!port.nodePort) return { ...port, nodePort: known };
    askFor(i, port.nodePort);
    return port;
  });
}

function nodePortsOf({ ports, healthCheckNodePort }: ServiceSpec): readonly number[] {
  const list = (ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
  return healthCheckNodePort ? [...list, healthCheckNodePort] : list;
}
