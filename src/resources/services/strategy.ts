/** pkg/apis/core/v1/defaults.go SetDefaults_Service, pkg/registry/core/service/{strategy.go,storage/storage.go}, pkg/api/service/warnings.go. */
import type { PrepareContext, Strategy } from '../../api/resource.js';
import { cidrWarnings, ipWarnings, loadBalancerWarnings } from '../meta/ip.js';
import { allocate, needsNodePort } from './allocation.js';
import type { Service, ServicePort, ServiceSpec } from './types.js';
import {
  isExternallyAccessible,
  isHeadless,
  needsHealthCheck,
  TOPOLOGY_HINTS,
  TOPOLOGY_MODE,
  validate,
  validateStatusUpdate,
  validateUpdate,
} from './validation.js';

const POLICIES = ['Cluster', 'Local'];
const AFFINITY_SECONDS = 10800;

export const strategy: Strategy<Service> = {
  defaults,
  prepareForCreate: (service, context) => allocate(normalizeClusterIPs({ ...service, status: { loadBalancer: {} } }), undefined, context),
  prepareForUpdate,
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings,
  statusWarnings: ({ status }) => loadBalancerWarnings(status?.loadBalancer?.ingress),
  hasGeneration: false,
  hasStatus: true,
  allowCreateOnUpdate: true,
  returnsDeletedObject: true,
};

function defaults(service: Service): Service {
  const spec = service.spec ?? {};
  const type = spec.type || 'ClusterIP';
  const affinity = spec.sessionAffinity || 'None';
  const { sessionAffinityConfig: config, internalTrafficPolicy, ...rest } = spec;
  const externallyAccessible = isExternallyAccessible({ ...spec, type });
  return {
    ...service,
    spec: {
      ...rest,
      type,
      sessionAffinity: affinity,
      ...(affinity === 'None'
        ? {}
        : affinity === 'ClientIP'
          ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: config?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS } } }
          : config === undefined
            ? {}
            : { sessionAffinityConfig: config }),
      ...(spec.ports === undefined ? {} : { ports: spec.ports.map(defaultPort) }),
      ...(externallyAccessible && !spec.externalTrafficPolicy ? { externalTrafficPolicy: 'Cluster' } : {}),
      // Reading drops it from services without a cluster IP of their own (storage.go defaultOnReadInternalTrafficPolicy).
      ...(type === 'ExternalName' && (internalTrafficPolicy === undefined || POLICIES.includes(internalTrafficPolicy))
        ? {}
        : { internalTrafficPolicy: internalTrafficPolicy ?? 'Cluster' }),
      ...(type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === undefined ? { allocateLoadBalancerNodePorts: true } : {}),
    },
    status: defaultStatus(service),
  };
}

const defaultPort = (port: ServicePort): ServicePort => ({ ...port, protocol: port.protocol || 'TCP', targetPort: port.targetPort || port.port });

function defaultStatus({ status }: Service): Service['status'] {
  const ingress = status?.loadBalancer?.ingress;
  if (ingress === undefined) return { ...status, loadBalancer: status?.loadBalancer ?? {} };
  return { ...status, loadBalancer: { ingress: ingress.map((entry) => (entry.ip && entry.ipMode === undefined ? { ...entry, ipMode: 'VIP' } : entry)) } };
}

function prepareForUpdate(service: Service, old: Service, context: PrepareContext): Service {
  const kept = normalizeClusterIPs(keepAllocated({ ...service, status: old.status }, old), old);
  return dropTypeDependentFields(allocate(kept, old, context), old);
}

/** A PUT that leaves out what the server allocated keeps it (patchAllocatedValues). */
function keepAllocated(service: Service, old: Service): Service {
  let { spec } = service;
  if (needsClusterIP(old.spec) && needsClusterIP(spec)) {
    if (!spec.clusterIP && old.spec.clusterIP) spec = { ...spec, clusterIP: old.spec.clusterIP };
    if (!spec.clusterIPs?.length && old.spec.clusterIPs) spec = { ...spec, clusterIPs: old.spec.clusterIPs };
  }
  if (needsNodePort(old.spec) && needsNodePort(spec)) spec = { ...spec, ports: keepNodePorts(spec.ports ?? [], old.spec.ports ?? []) };
  if (needsHealthCheck(old.spec) && needsHealthCheck(spec) && !spec.healthCheckNodePort && old.spec.healthCheckNodePort)
    spec = { ...spec, healthCheckNodePort: old.spec.healthCheckNodePort };
  return { ...service, spec };
}

/** By the ports' names: a port keeps its node port whatever else of it changes, unless another one asks for that. */
function keepNodePorts(ports: readonly ServicePort[], old: readonly ServicePort[]): readonly ServicePort[] {
  const used = new Set(ports.map(({ nodePort }) => nodePort));
  const before = new Map(old.map(({ name = '', nodePort }) => [name, nodePort]));
  return ports.map((port) => {
    if (port.nodePort) return port;
    const nodePort = before.get(port.name ?? '');
    return nodePort && !used.has(nodePort) ? { ...port, nodePort } : port;
  });
}

const needsClusterIP = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';

/** clusterIP is the first of clusterIPs; who sets only one of them means both (NormalizeClusterIPs). */
function normalizeClusterIPs(service: Service, old?: Service): Service {
  const { clusterIP, clusterIPs } = service.spec;
  const set = (ips: readonly string[] | undefined): Service => {
    const { clusterIPs: _, ...spec } = service.spec;
    return { ...service, spec: ips === undefined ? spec : { ...spec, clusterIPs: ips } };
  };
  if (old === undefined) return clusterIP && !clusterIPs?.length ? set([clusterIP]) : service;
  const sameIPs = String(clusterIPs ?? []) === String(old.spec.clusterIPs ?? []);
  if (!clusterIP && old.spec.clusterIP) return sameIPs ? set(undefined) : service;
  if (clusterIP && clusterIP !== old.spec.clusterIP && sameIPs) return set([clusterIP]);
  if (clusterIP && !clusterIPs?.length) return set([clusterIP]);
  return service;
}

/** Changing the type drops the fields that only made sense for the old one, unless they were changed as well. */
function dropTypeDependentFields(service: Service, old: Service): Service {
  const spec: { -readonly [K in keyof ServiceSpec]: ServiceSpec[K] } = { ...service.spec };
  const before = old.spec;
  const drop = (name: keyof ServiceSpec): void => {
    if (JSON.stringify(spec[name]) === JSON.stringify(before[name])) delete spec[name];
  };
  if (needsClusterIP(before) && !needsClusterIP(spec)) {
    drop('clusterIP');
    drop('clusterIPs');
    drop('ipFamilies');
    drop('ipFamilyPolicy');
  }
  if (needsNodePort(before) && !needsNodePort(spec)) {
    const had = new Set((before.ports ?? []).map(({ nodePort }) => nodePort));
    if ((spec.ports ?? []).every(({ nodePort }) => !nodePort || had.has(nodePort))) spec.ports = (spec.ports ?? []).map(({ nodePort: _, ...port }) => port);
  }
  if (needsHealthCheck(before) && !needsHealthCheck(spec)) drop('healthCheckNodePort');
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    drop('allocateLoadBalancerNodePorts');
    drop('loadBalancerClass');
  }
  if (isExternallyAccessible(before) && !isExternallyAccessible(spec)) drop('externalTrafficPolicy');
  // An address is a load balancer's.
  return spec.type === 'LoadBalancer' ? { ...service, spec } : { ...service, spec, status: { ...service.status, loadBalancer: {} } };
}

function warnings({ spec, metadata }: Service): readonly string[] {
  const list: string[] = [];
  if (metadata.annotations?.[TOPOLOGY_HINTS] !== undefined) list.push(`annotation ${TOPOLOGY_HINTS} is deprecated, please use ${TOPOLOGY_MODE} instead`);
  const addresses = (field: string, ips: readonly string[] | undefined): void => {
    for (const [i, ip] of (ips ?? []).entries()) list.push(...ipWarnings(ip, `${field}[${i}]`));
  };
  if (!isHeadless(spec)) addresses('spec.clusterIPs', spec.clusterIPs);
  addresses('spec.externalIPs', spec.externalIPs);
  if (spec.loadBalancerIP) list.push(...ipWarnings(spec.loadBalancerIP, 'spec.loadBalancerIP'));
  for (const [i, range] of (spec.loadBalancerSourceRanges ?? []).entries()) list.push(...cidrWarnings(range, `spec.loadBalancerSourceRanges[${i}]`));
  if (spec.type === 'ExternalName' && spec.externalIPs?.length) list.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (spec.type !== 'ExternalName' && spec.externalName) list.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  return list;
}
