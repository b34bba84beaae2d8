/** What a pod's sandbox is made from: names, DNS, host ports. */
import type { PodSandboxConfig, SandboxStart } from '../api/cri.js';
import type { Mutable } from '../api/object.js';
import type { Container } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import type { RuntimeClass } from '../resources/runtimeclasses/types.js';
import { memoryLimit } from './node-usage.js';
import { normalizeSysctl } from './sysctl.js';
import type { Work } from './work.js';

/** generatePodSandboxConfig. */
export function sandboxConfig(work: Work): PodSandboxConfig {
  const { pod, kubelet } = work;
  const { spec } = pod;
  const namespace = pod.metadata.namespace ?? 'default';
  const { hostname, domain } = names(pod, kubelet.node, clusterDns(work).domain);
  const config: Mutable<PodSandboxConfig> = { podKey: `${namespace}/${pod.metadata.name}`, podUid: pod.metadata.uid ?? '', hostname, dns: podDns(work).dns };
  const ports = hostPorts(pod);
  const { hostAliases = [] } = spec;
  const { sysctls = [] } = spec.securityContext ?? {};
  if (spec.hostNetwork === true) config.hostNetwork = true;
  if (spec.hostPID === true) config.hostPID = true;
  if (spec.hostIPC === true) config.hostIPC = true;
  if (spec.hostUsers === false) config.ownUsers = true;
  if (spec.shareProcessNamespace === true) config.shareProcessNamespace = true;
  if (domain !== undefined) config.domain = domain;
  if (hostAliases.length > 0) config.hostAliases = hostAliases.map(({ ip = '', hostnames = [] }) => ({ ip, hostnames }));
  if (ports.length > 0) config.hostPorts = ports;
  if (sysctls.length > 0) config.sysctls = Object.fromEntries(sysctls.map((one) => [normalizeSysctl(one.name), one.value]));
  return config;
}

export function sandboxStart(work: Work): SandboxStart {
  const start: Mutable<SandboxStart> = {};
  const limit = memoryLimit(work.pod.spec);
  const handler = runtimeHandler(work);
  if (limit !== undefined) start.memoryLimit = limit;
  if (handler !== undefined) start.runtimeHandler = handler;
  return start;
}

const clusterDns = ({ kubelet: { dns } }: Work) => dns ?? { server: '10.96.0.10', domain: 'cluster.local' };

/** What a resolver takes (apis/core/validation). */
const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_LINE = 2048;

/** The kubelet's DNS configurer (pkg/kubelet/network/dns); `excess`: what is said of what was left out. */
export function podDns(work: Work): { readonly dns: PodSandboxConfig['dns']; readonly excess: readonly string[] } {
  const { spec, metadata } = work.pod;
  const inCluster = spec.dnsPolicy === 'ClusterFirstWithHostNet' || ((spec.dnsPolicy ?? 'ClusterFirst') === 'ClusterFirst' && spec.hostNetwork !== true);
  const base = inCluster
    ? clusterFirst(work, metadata.namespace ?? 'default')
    : spec.dnsPolicy === 'None'
      ? { servers: [], searches: [], options: [] }
      : { servers: [work.kubelet.nodeIP().replace(/\d+$/, '1')], searches: [], options: [] };
  const own = spec.dnsConfig;
  if (own === undefined) return { dns: base, excess: [] };
  const allServers = [...new Set([...base.servers, ...(own.nameservers ?? [])])];
  const allSearches = [...new Set([...base.searches, ...(own.searches ?? [])])];
  const servers = allServers.slice(0, MAX_SERVERS);
  const searches = allSearches.slice(0, MAX_SEARCHES);
  while (searches.join(' ').length > MAX_SEARCH_LINE) searches.pop();
  const excess: string[] = [];
  if (servers.length < allServers.length)
    excess.push(`Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.join(' ')}`);
  if (searches.length < allSearches.length)
    excess.push(`Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(' ')}`);
  return { dns: { servers, searches, options: mergeOptions(base.options, own.options ?? []) }, excess };
}

/** All pods of a namespace have the same. */
function clusterFirst(work: Work, namespace: string): PodSandboxConfig['dns'] {
  const { resolvers } = work.kubelet;
  let known = resolvers.get(namespace);
  if (known === undefined) {
    const { server, domain } = clusterDns(work);
    known = { servers: [server], searches: [`${namespace}.svc.${domain}`, `svc.${domain}`, domain], options: ['ndots:5'] };
    resolvers.set(namespace, known);
  }
  return known;
}

function runtimeHandler({ pod, context }: Work): string | undefined {
  const name = pod.spec.runtimeClassName;
  return name ? context.api.get<RuntimeClass>('runtimeclasses.node.k8s.io', { namespace: '', name })?.handler : undefined;
}

/** mergeDNSOptions: the pod's own win. Upstream writes them in no order. */
function mergeOptions(given: readonly string[], own: readonly { readonly name?: string; readonly value?: string }[]): readonly string[] {
  const merged = new Map(given.map((option) => option.split(':', 2) as [string, string | undefined]));
  for (const { name = '', value } of own) merged.set(name, value);
  return [...merged].map(([name, value]) => (value ? `${name}:${value}` : name));
}

/** The longest name the kernel keeps. */
const LONGEST = 64;

/** GeneratePodHostNameAndDomain, GetNodenameForKernel. */
function names({ metadata, spec }: Pod, node: string, clusterDomain: string): { readonly hostname: string; readonly domain?: string } {
  if (spec.hostNetwork === true) return { hostname: node };
  const hostname = (spec.hostname || (metadata.name ?? '')).slice(0, LONGEST - 1).replace(/[-.]+$/, '');
  if (!spec.subdomain) return { hostname };
  const domain = `${spec.subdomain}.${metadata.namespace}.svc.${clusterDomain}`;
  return { hostname: spec.setHostnameAsFQDN === true ? `${hostname}.${domain}` : hostname, domain };
}

/** Why there can be no such sandbox, before the runtime is asked. */
export function sandboxTrouble({ pod: { spec } }: Work, { hostname }: PodSandboxConfig, { runtimeHandler: handler }: SandboxStart): string | undefined {
  const { length } = hostname;
  if (spec.runtimeClassName && handler === undefined) return `runtimeclass.node.k8s.io "${spec.runtimeClassName}" not found`;
  return length <= LONGEST
    ? undefined
    : `failed to construct FQDN from pod hostname and cluster domain, FQDN ${hostname} is too long (${LONGEST} characters is the max, ${length} characters requested)`;
}

function hostPorts({ spec: { containers, initContainers } }: Pod): NonNullable<PodSandboxConfig['hostPorts']> {
  const out: NonNullable<PodSandboxConfig['hostPorts']>[number][] = [];
  const look = ({ ports }: Container): void =>
    ports?.forEach(({ containerPort, hostPort = 0, protocol = 'TCP', hostIP = '' }) => {
      if (hostPort > 0) out.push({ containerPort, hostPort, protocol, hostIP });
    });
  containers.forEach(look);
  initContainers?.forEach(look);
  return out;
}
