/** What a pod's sandbox is made from: names, DNS, host ports. */
import type { PodSandboxConfig } from '../api/cri.js';
import { quantity, quantityValue } from '../api/quantity.js';
import type { PodSpec } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import type { RuntimeClass } from '../resources/runtimeclasses/types.js';
import { effective } from './admission.js';
import { normalizeSysctl } from './sysctl.js';
import type { Work } from './work.js';

/** generatePodSandboxConfig. */
export function sandboxConfig(work: Work): PodSandboxConfig {
  const { pod, kubelet } = work;
  const { spec } = pod;
  const namespace = pod.metadata.namespace ?? 'default';
  return {
    podKey: `${namespace}/${pod.metadata.name}`,
    podUid: pod.metadata.uid ?? '',
    ...names(pod, kubelet.node, clusterDns(work).domain),
    hostNetwork: spec.hostNetwork === true,
    hostPID: spec.hostPID === true,
    shareProcessNamespace: spec.shareProcessNamespace === true,
    dns: podDns(work).dns,
    hostAliases: (spec.hostAliases ?? []).map((alias) => ({ ip: alias.ip ?? '', hostnames: alias.hostnames ?? [] })),
    hostPorts: hostPorts(pod),
    sysctls: Object.fromEntries((spec.securityContext?.sysctls ?? []).map((one) => [normalizeSysctl(one.name), one.value])),
    ...memoryLimit(spec),
    ...runtimeHandler(work),
  };
}

const clusterDns = ({ kubelet: { dns } }: Work) => dns ?? { server: '10.96.0.10', domain: 'cluster.local' };

/** What a resolver takes (apis/core/validation). */
const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_LINE = 2048;

/** The kubelet's DNS configurer (pkg/kubelet/network/dns); `excess`: what is said of what was left out. */
export function podDns(work: Work): { readonly dns: PodSandboxConfig['dns']; readonly excess: readonly string[] } {
  const { spec, metadata } = work.pod;
  const { server, domain } = clusterDns(work);
  const inCluster = spec.dnsPolicy === 'ClusterFirstWithHostNet' || ((spec.dnsPolicy ?? 'ClusterFirst') === 'ClusterFirst' && spec.hostNetwork !== true);
  const own = spec.dnsConfig;
  const base = inCluster
    ? { servers: [server], searches: [`${metadata.namespace ?? 'default'}.svc.${domain}`, `svc.${domain}`, domain], options: ['ndots:5'] }
    : spec.dnsPolicy === 'None'
      ? { servers: [], searches: [], options: [] }
      : { servers: [work.kubelet.nodeIP().replace(/\d+$/, '1')], searches: [], options: [] };
  const allServers = [...new Set([...base.servers, ...(own?.nameservers ?? [])])];
  const allSearches = [...new Set([...base.searches, ...(own?.searches ?? [])])];
  const servers = allServers.slice(0, MAX_SERVERS);
  const searches = allSearches.slice(0, MAX_SEARCHES);
  while (searches.join(' ').length > MAX_SEARCH_LINE) searches.pop();
  const excess: string[] = [];
  if (servers.length < allServers.length)
    excess.push(`Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.join(' ')}`);
  if (searches.length < allSearches.length)
    excess.push(`Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(' ')}`);
  return { dns: { servers, searches, options: mergeOptions(base.options, own?.options ?? []) }, excess };
}

function runtimeHandler({ pod, context }: Work): Pick<PodSandboxConfig, 'runtimeHandler'> {
  const name = pod.spec.runtimeClassName;
  const handler = name ? context.api.get<RuntimeClass>('runtimeclasses.node.k8s.io', { namespace: '', name })?.handler : undefined;
  return handler === undefined ? {} : { runtimeHandler: handler };
}

/** ResourceConfigForPod: the pod has a limit if all its containers have one. */
function memoryLimit(spec: PodSpec): Pick<PodSandboxConfig, 'memoryLimit'> {
  const isLimited = [...spec.containers, ...(spec.initContainers ?? [])].every(({ resources }) => resources?.limits?.['memory'] !== undefined);
  return isLimited ? { memoryLimit: effective(spec, 'limits', (list) => (list?.['memory'] === undefined ? 0 : quantityValue(quantity(list['memory'])))) } : {};
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
export function sandboxTrouble({ pod: { spec } }: Work, { hostname, runtimeHandler: handler }: PodSandboxConfig): string | undefined {
  const { length } = hostname;
  if (spec.runtimeClassName && handler === undefined) return `runtimeclass.node.k8s.io "${spec.runtimeClassName}" not found`;
  return length <= LONGEST
    ? undefined
    : `failed to construct FQDN from pod hostname and cluster domain, FQDN ${hostname} is too long (${LONGEST} characters is the max, ${length} characters requested)`;
}

function hostPorts({ spec }: Pod): PodSandboxConfig['hostPorts'] {
  const out: PodSandboxConfig['hostPorts'][number][] = [];
  for (const containers of [spec.containers, spec.initContainers ?? []])
    for (const { ports = [] } of containers)
      for (const { containerPort, hostPort = 0, protocol = 'TCP', hostIP = '' } of ports)
        if (hostPort > 0) out.push({ containerPort, hostPort, protocol, hostIP });
  return out;
}
