/** pkg/apis/core/validation/validation.go: ValidateService, ValidateServiceUpdate. */
import { duplicate, type FieldError, forbidden, type GoSyntax, goSyntax, index, invalid, mapKey, notSupported, required } from '../../api/field.js';
import { parseIP } from '../../api/ip.js';
import { validateCIDR, validateIP, validateNonSpecialIP } from '../meta/ip.js';
import { validateLabels } from '../meta/labels.js';
import { dnsLabel, dnsSubdomain, nameIs1035Label, portName, portNumber, qualifiedName } from '../meta/names.js';
import { validateLoadBalancer } from '../meta/status.js';
import { goStrings, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Service, ServicePort, ServiceSpec } from './types.js';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const SOURCE_RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';
export const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
export const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const MAX_AFFINITY_SECONDS = 86400;
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";

export const isHeadless = ({ clusterIPs, clusterIP }: ServiceSpec): boolean => (clusterIPs?.length ? clusterIPs[0] === 'None' : clusterIP === 'None');

/** Reachable from outside the cluster at an address or port of its own (pkg/api/service ExternallyAccessible). */
export const isExternallyAccessible = ({ type, externalIPs }: ServiceSpec): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0);

export const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean => type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** `old`: its addresses were found valid once. */
export function validate(service: Service, old?: Service): FieldError[] {
  const errors: FieldError[] = [];
  const { spec, metadata } = service;
  validateObjectMeta(metadata, { namespaced: true, name: nameIs1035Label }, errors);
  const { [TOPOLOGY_MODE]: mode, [TOPOLOGY_HINTS]: hints } = metadata.annotations ?? {};
  if (mode !== undefined && hints !== undefined && mode !== hints)
    errors.push(invalid(mapKey('metadata.annotations', TOPOLOGY_MODE), mode, `must match annotations[${TOPOLOGY_HINTS}] when both are specified`));
  const ports = spec.ports ?? [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  validateType(spec, errors);
  const names = new Set<string>();
  ports.forEach((port, i) => {
    validatePort(port, ports.length > 1, names, index('spec.ports', i), errors);
  });
  if (spec.selector) validateLabels(spec.selector, 'spec.selector', errors);
  validateAffinity(spec, errors);
  validateClusterIPs(spec, errors, old?.spec.clusterIPs);
  spec.externalIPs?.forEach((ip, i) => {
    const before = errors.length;
    validateIP(ip, index('spec.externalIPs', i), errors);
    if (errors.length === before) validateNonSpecialIP(ip, index('spec.externalIPs', i), errors);
  });
  if (!spec.type) errors.push(required('spec.type'));
  else if (!['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'].includes(spec.type))
    errors.push(notSupported('spec.type', spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']));
  validateDuplicatePorts(spec, ports, errors);
  validateSourceRanges(service, errors);
  validateLoadBalancerFields(spec, errors);
  validateTrafficPolicies(spec, errors);
  return errors;
}

export function validateUpdate(service: Service, old: Service): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(service.metadata, old.metadata, errors);
  const isExternalName = service.spec.type === 'ExternalName' || old.spec.type === 'ExternalName';
  const before = old.spec.clusterIPs ?? [];
  const after = service.spec.clusterIPs ?? [];
  if (!isExternalName && before.length > 0) {
    if (after.length === 0) errors.push(invalid('spec.clusterIPs[0]', goStrings(after), 'primary clusterIP can not be unset'));
    else
      for (const [i, ip] of (before.length === after.length ? before : before.slice(0, 1)).entries())
        if (ip !== after[i]) errors.push(invalid(index('spec.clusterIPs', i), goStrings(after), 'may not change once set'));
  }
  const family = old.spec.ipFamilies?.[0];
  const newFamily = service.spec.ipFamilies?.[0];
  if (!isExternalName && !isHeadless(old.spec) && family !== undefined && newFamily !== undefined && family !== newFamily)
    errors.push(invalid('spec.ipFamilies[0]', goStrings(service.spec.ipFamilies ?? [], 'core.IPFamily'), 'may not change once set'));
  if (old.spec.type === 'LoadBalancer' && service.spec.type === 'LoadBalancer' && old.spec.loadBalancerClass !== service.spec.loadBalancerClass)
    errors.push(invalid('spec.loadBalancerClass', service.spec.loadBalancerClass, 'may not change once set'));
  validateLoadBalancerClass(service.spec, errors);
  const { healthCheckNodePort = 0 } = service.spec;
  if (needsHealthCheck(old.spec) && needsHealthCheck(service.spec) && healthCheckNodePort !== (old.spec.healthCheckNodePort ?? 0))
    errors.push(forbidden('spec.healthCheckNodePort', 'field is immutable'));
  return [...errors, ...validate(service, old)];
}

function validateType(spec: ServiceSpec, errors: FieldError[]): void {
  switch (spec.type) {
    case 'LoadBalancer':
      if (isHeadless(spec)) errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"));
      break;
    case 'NodePort':
      if (isHeadless(spec)) errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"));
      break;
    case 'ExternalName': {
      for (const field of ['clusterIPs', 'ipFamilies'] as const)
        if (spec[field]?.length) errors.push(forbidden(`spec.${field}`, 'may not be set for ExternalName services'));
      if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services'));
      const name = (spec.externalName ?? '').replace(/\.$/, '');
      if (name === '') errors.push(required('spec.externalName'));
      else for (const problem of dnsSubdomain(name)) errors.push(invalid('spec.externalName', name, problem));
    }
  }
}

function validatePort(port: ServicePort, needsName: boolean, names: Set<string>, path: string, errors: FieldError[]): void {
  if (!port.name) {
    if (needsName) errors.push(required(`${path}.name`));
  } else {
    for (const problem of dnsLabel(port.name)) errors.push(invalid(`${path}.name`, port.name, problem));
    if (names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name));
    names.add(port.name);
  }
  for (const problem of portNumber(port.port ?? 0)) errors.push(invalid(`${path}.port`, port.port ?? 0, problem));
  if (!port.protocol) errors.push(required(`${path}.protocol`));
  else if (!PROTOCOLS.includes(port.protocol)) errors.push(notSupported(`${path}.protocol`, port.protocol, PROTOCOLS));
  const target = port.targetPort ?? 0;
  for (const problem of typeof target === 'number' ? portNumber(target) : portName(target)) errors.push(invalid(`${path}.targetPort`, target, problem));
  if (port.appProtocol !== undefined)
    for (const problem of qualifiedName(port.appProtocol)) errors.push(invalid(`${path}.appProtocol`, port.appProtocol, problem));
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec, errors: FieldError[]): void {
  if (!sessionAffinity) errors.push(required('spec.sessionAffinity'));
  else if (sessionAffinity !== 'ClientIP' && sessionAffinity !== 'None')
    errors.push(notSupported('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']));
  if (sessionAffinity === 'ClientIP') {
    const path = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
    const timeout = sessionAffinityConfig?.clientIP?.timeoutSeconds;
    if (timeout === undefined) errors.push(required(path, 'when session affinity type is ClientIP'));
    else if (timeout <= 0 || timeout > MAX_AFFINITY_SECONDS)
      errors.push(invalid(path, timeout, `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`));
  } else if (sessionAffinity === 'None' && sessionAffinityConfig !== undefined)
    errors.push(forbidden('spec.sessionAffinityConfig', 'must not be set when session affinity is None'));
}

/** ValidateServiceClusterIPsRelatedFields; also run before IPs are allocated. */
export function validateClusterIPs(spec: ServiceSpec, errors: FieldError[], existing: readonly string[] = []): void {
  const ips = spec.clusterIPs ?? [];
  const families = spec.ipFamilies ?? [];
  if (spec.type === 'ExternalName') return;
  if (!spec.clusterIP && ips.length > 0) errors.push(invalid('spec.clusterIPs', goStrings(ips), 'must be empty when `clusterIP` is not specified'));
  if (spec.clusterIP && ips.length === 0) errors.push(required('spec.clusterIPs'));
  if (spec.clusterIP && ips.length > 0 && spec.clusterIP !== ips[0])
    errors.push(invalid('spec.clusterIPs', goStrings(ips), 'first value must match `clusterIP`'));
  families.forEach((family, i) => {
    const path = index('spec.ipFamilies', i);
    if (family !== 'IPv4' && family !== 'IPv6') errors.push(notSupported(path, family, ['IPv4', 'IPv6']));
    if (families.indexOf(family) < i) errors.push(duplicate(path, family));
  });
  const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
  if (spec.ipFamilyPolicy !== undefined && !policies.includes(spec.ipFamilyPolicy))
    errors.push(notSupported('spec.ipFamilyPolicy', spec.ipFamilyPolicy, policies));
  const start = errors.length;
  ips.forEach((ip, i) => {
    if (i === 0 && ip === 'None') {
      if (ips.length > 1) errors.push(invalid('spec.clusterIPs', goStrings(ips), "'None' must be the first and only value"));
    } else if (!existing.includes(ip)) validateIP(ip, index('spec.clusterIPs', i), errors);
  });
  const areIPs = errors.length === start;
  if (ips.length > 2) errors.push(invalid('spec.clusterIPs', goStrings(ips), 'may only hold up to 2 values'));
  if (!areIPs || ips[0] === 'None') return;
  const kinds = ips.map((ip) => parseIP(ip)?.family);
  if (kinds.length > 1 && new Set(kinds).size < 2)
    errors.push(invalid('spec.clusterIPs', goStrings(ips), 'may specify no more than one IP for each IP family'));
  kinds.forEach((kind, i) => {
    const family = families[i];
    if ((family === 'IPv4' || family === 'IPv6') && family !== kind)
      errors.push(invalid(index('spec.clusterIPs', i), ips[i], `expected an ${family} value as indicated by \`ipFamilies[${i}]\``));
  });
}

function validateDuplicatePorts({ type }: ServiceSpec, ports: readonly ServicePort[], errors: FieldError[]): void {
  if (type === 'ClusterIP')
    ports.forEach(({ nodePort }, i) => {
      if (nodePort) errors.push(forbidden(`${index('spec.ports', i)}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    });
  const nodePorts = new Set<string>();
  ports.forEach(({ nodePort, protocol }, i) => {
    if (!nodePort) return;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(`${index('spec.ports', i)}.nodePort`, nodePort));
    nodePorts.add(key);
  });
  const seen = new Set<string>();
  ports.forEach((port, i) => {
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) errors.push(duplicate(index('spec.ports', i), goServicePort(port)));
    seen.add(key);
  });
}

/** A duplicate is reported with nothing but protocol and port set. */
const goServicePort = ({ protocol, port }: ServicePort): GoSyntax =>
  goSyntax(
    `core.ServicePort{Name:"", Protocol:"${protocol}", AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
  );

function validateSourceRanges({ metadata, spec }: Service, errors: FieldError[]): void {
  const annotation = metadata.annotations?.[SOURCE_RANGES_ANNOTATION];
  if (spec.loadBalancerSourceRanges?.length) {
    // The capital L is upstream's.
    const path = 'spec.LoadBalancerSourceRanges';
    if (spec.type !== 'LoadBalancer') errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    spec.loadBalancerSourceRanges.forEach((range, i) => {
      validateCIDR(range.trim(), index(path, i), errors);
    });
  } else if (annotation !== undefined) {
    const path = mapKey('metadata.annotations', SOURCE_RANGES_ANNOTATION);
    if (spec.type !== 'LoadBalancer') errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    if (annotation.trim() !== '') for (const range of annotation.trim().split(',')) validateCIDR(range.trim(), path, errors);
  }
}

function validateLoadBalancerFields(spec: ServiceSpec, errors: FieldError[]): void {
  const isLoadBalancer = spec.type === 'LoadBalancer';
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer) errors.push(forbidden('spec.allocateLoadBalancerNodePorts', ONLY_LOAD_BALANCER));
  if (spec.allocateLoadBalancerNodePorts === undefined && isLoadBalancer) errors.push(required('allocateLoadBalancerNodePorts'));
  validateLoadBalancerClass(spec, errors);
}

function validateLoadBalancerClass({ type, loadBalancerClass: name }: ServiceSpec, errors: FieldError[]): void {
  if (name === undefined) return;
  if (type !== 'LoadBalancer') errors.push(forbidden('spec.loadBalancerClass', ONLY_LOAD_BALANCER));
  else for (const problem of qualifiedName(name)) errors.push(invalid('spec.loadBalancerClass', name, problem));
}

function validateTrafficPolicies(spec: ServiceSpec, errors: FieldError[]): void {
  const policies = ['Cluster', 'Local'];
  const external = spec.externalTrafficPolicy;
  if (!isExternallyAccessible(spec)) {
    if (external) errors.push(invalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'));
  } else if (!external) errors.push(required('spec.externalTrafficPolicy'));
  else if (!policies.includes(external)) errors.push(notSupported('spec.externalTrafficPolicy', external, policies));
  const { healthCheckNodePort: port = 0 } = spec;
  if (!needsHealthCheck(spec)) {
    if (port !== 0)
      errors.push(invalid('spec.healthCheckNodePort', port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
  } else if (port === 0) errors.push(required('spec.healthCheckNodePort'));
  else for (const problem of portNumber(port)) errors.push(invalid('spec.healthCheckNodePort', port, problem));
  const internal = spec.internalTrafficPolicy;
  if (internal === undefined) {
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer' || spec.type === 'ClusterIP') errors.push(required('spec.internalTrafficPolicy'));
  } else if (!policies.includes(internal)) errors.push(notSupported('spec.internalTrafficPolicy', internal, policies));
  if (spec.trafficDistribution !== undefined && spec.trafficDistribution !== 'PreferClose')
    errors.push(notSupported('spec.trafficDistribution', spec.trafficDistribution, ['PreferClose']));
}

export function validateStatusUpdate({ spec, status }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (spec.type !== 'LoadBalancer' && ingress.length > 0)
    errors.push(forbidden('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'"));
  else validateLoadBalancer(ingress, true, errors);
  return errors;
}
