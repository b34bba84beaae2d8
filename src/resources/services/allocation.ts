/**
 * Cluster IPs and node ports: k8s.io/kubernetes pkg/registry/core/service/storage/alloc.go with ipallocator and portallocator. What is taken
 * is read off the stored Services by index; there is no separate book. As upstream, all this runs before validation, so its errors come alone.
 */
import { failure, internalError, invalidObject } from '../../api/errors.js';
import { type FieldError, index, invalid } from '../../api/field.js';
import { parseCIDR, parseIP } from '../../api/ip.js';
import type { PrepareContext } from '../../api/resource.js';
import { goStrings } from '../meta/validation.js';
import type { ServiceCIDR } from '../servicecidrs/types.js';
import type { Service, ServicePort, ServiceSpec } from './types.js';
import { isHeadless, needsHealthCheck, validateClusterIPs } from './validation.js';
import { nodePortsOf } from './view.js';

/** The ServiceCIDR the API server makes at its start, and what holds where it is missing. */
const DEFAULT_CIDR = 'kubernetes';
const DEFAULT_RANGE = '10.96.0.0/12';
/** --service-node-port-range; 86 = min(max(16, 2768 / 32), 128) ports are kept for those asked for by number. */
const NODE_PORTS = { first: 30000, last: 32767, band: 86 };

const OTHER = { IPv4: 'IPv6', IPv6: 'IPv4' } as const;

export const needsNodePort = ({ type }: ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer';

/** Fills in families, cluster IPs and node ports of a new or changed Service. Throws Invalid for what cannot be had. */
export function allocate(service: Service, old: Service | undefined, context: PrepareContext): Service {
  const withFamilies = initFamilies(service, old);
  const withIPs = old === undefined || old.spec.type === 'ExternalName' ? allocateClusterIP(withFamilies, context) : withFamilies;
  return allocatePorts(withIPs, old, context);
}

/** Whether a Service other than this one has the cluster IP or node port. */
function isTaken({ metadata }: Service, name: 'clusterIP' | 'nodePort', value: string, { api }: PrepareContext): boolean {
  return api
    .list<Service>('services', { index: { name, value } })
    .some((other) => other.metadata.namespace !== metadata.namespace || other.metadata.name !== metadata.name);
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
  validateClusterIPs(next.spec, loose, old?.spec.clusterIPs);
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

interface Range {
  readonly cidr: string;
  readonly first: number;
  readonly size: number;
}

/** A dry run asks a range itself, which has other words. */
const outside = (ip: string, [range]: readonly Range[], { dryRun }: PrepareContext): string =>
  dryRun && range !== undefined
    ? `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${range.cidr}`
    : 'the provided network does not match the current range';

function allocateClusterIP(service: Service, context: PrepareContext): Service {
  const { spec } = service;
  if (spec.type === 'ExternalName' || isHeadless(spec)) return service;
  const ranges = serviceRanges(context);
  const isFree = (ip: string): boolean => !isTaken(service, 'clusterIP', ip, context);
  const asked = spec.clusterIPs?.[0];
  if (asked) {
    const isInRange = parseIP(asked)?.family === 'IPv4' && ranges.some((range) => isAllocatable(range, toNumber(asked)));
    const problem = !isInRange ? outside(asked, ranges, context) : isFree(asked) ? undefined : 'provided IP is already allocated';
    if (problem !== undefined) refuse(service, [invalid('spec.clusterIPs', goStrings([asked]), `failed to allocate IP ${asked}: ${problem}`)]);
    return service;
  }
  for (const range of ranges) {
    const ip = freeIn(range, context.random('services/cluster-ip'), isFree);
    if (ip !== undefined) return { ...service, spec: { ...spec, clusterIP: ip, clusterIPs: [ip] } };
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}

/** The network's own address and its last one are nobody's. */
const isAllocatable = ({ first, size }: Range, ip: number): boolean => ip > first && ip < first + size - 1;

/** The first addresses are for IPs asked for by name (ServiceIPStaticSubrange); a range of 16 or fewer keeps none for them. */
function freeIn({ first, size }: Range, random: number, isFree: (ip: string) => boolean): string | undefined {
  const band = size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256);
  const isFreeAt = (at: number): boolean => isFree(fromNumber(at));
  const start = first + Math.max(1, band);
  const ip = nextFree(start, first + size - 1 - start, random, isFreeAt) ?? nextFree(first + 1, band - 1, 0, isFreeAt);
  return ip === undefined ? undefined : fromNumber(ip);
}

/**
 * The ranges that addresses can be had from: first --service-cluster-ip-range, as the ServiceCIDR `kubernetes` has it, and when that is full
 * those of the other ServiceCIDRs (DisableAllocatorDualWrite is off). None gives any out before it is ready, or while it is being deleted.
 */
function serviceRanges({ api }: PrepareContext): readonly Range[] {
  const stored = api.list<ServiceCIDR>('servicecidrs.networking.k8s.io');
  const own = stored.find(({ metadata }) => metadata.name === DEFAULT_CIDR);
  const cidrs = [...(own === undefined ? [] : [own]), ...stored.filter((one) => one !== own)].filter(isReady).flatMap(({ spec }) => spec.cidrs ?? []);
  const ranges = [...new Set(own === undefined ? [DEFAULT_RANGE, ...cidrs] : cidrs)].filter((cidr) => parseCIDR(cidr)?.ip.family === 'IPv4');
  return ranges.map((cidr) => {
    const [ip = '', bits = ''] = cidr.split('/');
    return { cidr, first: toNumber(ip), size: 2 ** (32 - Number(bits)) };
  });
}

const isReady = ({ metadata, status }: ServiceCIDR): boolean =>
  metadata.deletionTimestamp === undefined && (status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'True') === 'True';

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

function allocatePorts(service: Service, old: Service | undefined, context: PrepareContext): Service {
  const { spec } = service;
  const reserved = new Set<number>();
  const own = new Set(old === undefined ? [] : nodePortsOf(old.spec));
  const isUsed = (port: number): boolean => reserved.has(port) || isTaken(service, 'nodePort', String(port), context);
  const reserve = (port: number): string | undefined => {
    // A dry run does not ask whether the range has it.
    if (port < NODE_PORTS.first || port > NODE_PORTS.last)
      return context.dryRun ? undefined : `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.first}-${NODE_PORTS.last}`;
    if (isUsed(port)) return 'provided port is already allocated';
    reserved.add(port);
    return undefined;
  };
  const next = (): number => {
    const start = NODE_PORTS.first + NODE_PORTS.band;
    const isFree = (at: number): boolean => !own.has(at) && !isUsed(at);
    const port =
      nextFree(start, NODE_PORTS.last - start + 1, context.random('services/node-port'), isFree) ?? nextFree(NODE_PORTS.first, NODE_PORTS.band, 0, isFree);
    if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
    reserved.add(port);
    return port;
  };
  const askFor = (i: number, port: number): void => {
    const problem = reserve(port);
    if (problem !== undefined) refuse(service, [invalid(`${index('spec.ports', i)}.nodePort`, port, problem)]);
  };

  let result = spec;
  if (needsNodePort(spec)) {
    result = { ...result, ports: nodePorts(spec, own, old === undefined, askFor, next) };
    if (old !== undefined) refuseTwice(result.ports ?? []);
  }
  if (needsHealthCheck(spec) && !(old !== undefined && needsHealthCheck(old.spec))) {
    const asked = spec.healthCheckNodePort;
    const problem = asked ? reserve(asked) : undefined;
    if (problem !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${problem}`);
    result = { ...result, healthCheckNodePort: asked || next() };
  }
  return result === spec ? service : { ...service, spec: result };
}

/** An update that asks for one node port twice: not said as a validation's error is. */
function refuseTwice(ports: readonly ServicePort[]): void {
  const seen = new Set<string>();
  for (const { protocol, nodePort } of ports) {
    const text = `{${protocol} ${nodePort}}`;
    if (nodePort && seen.has(text)) throw failure(500, '', `duplicate nodePort: ${text}`);
    seen.add(text);
  }
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
