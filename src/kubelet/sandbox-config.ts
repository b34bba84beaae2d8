/** What a pod's sandbox is made from: names, DNS, host ports. */
import type { PodSandboxConfig } from '../api/cri.js';
import { quantity, quantityValue } from '../api/quantity.js';
import type { PodSpec } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import type { RuntimeClass } from '../resources/runtimeclasses/types.js';
import { effective } from './admission.js';
import { normalizeSysctl } from './sysctl.js';
import type { Work } from './work.js';

/** generatePodSandboxConfig and the kubelet's DNS configurer (pkg/kubelet/network/dns). */
export function sandboxConfig(work: Work): PodSandboxConfig {
  const { pod, kubelet } = work;
  const { spec } = pod;
  const { server, domain } = kubelet.dns ?? { server: '10.96.0.10', domain: 'cluster.local' };
  const namespace = pod.metadata.namespace ?? 'default';
  const inCluster = spec.dnsPolicy === 'ClusterFirstWithHostNet' || ((spec.dnsPolicy ?? 'ClusterFirst') === 'ClusterFirst' && spec.hostNetwork !== true);
  const own = spec.dnsConfig;
  const base = inCluster
    ? { servers: [server], searches: [`${namespace}.svc.${domain}`, `svc.${domain}`, domain], options: ['ndots:5'] }
    : spec.dnsPolicy === 'None'
      ? { servers: [], searches: [], options: [] }
      : { servers: [kubelet.nodeIP().replace(/\d+$/, '1')], searches: [], options: [] };
  return {
    podKey: `${namespace}/${pod.metadata.name}`,
    podUid: pod.metadata.uid ?? '',
    ...names(pod, kubelet.node, domain),
    hostNetwork: spec.hostNetwork === true,
    hostPID: spec.hostPID === true,
    shareProcessNamespace: spec.shareProcessNamespace === true,
    dns: {
      servers: [...new Set([...base.servers, ...(own?.nameservers ?? [])])],
      searches: [...new Set([...base.searches, ...(own?.searches ?? [])])],
      options: mergeOptions(base.options, own?.options ?? []),
    },
    hostAliases: (spec.hostAliases ?? []).map((alias) => ({ ip: alias.ip ?? '', hostnames: alias.hostnames ?? [] })),
    hostPorts: hostPorts(pod),
    sysctls: Object.fromEntries((spec.securityContext?.sysctls ?? []).map((one) => [normalizeSysctl(one.name), one.value])),
    ...memoryLimit(spec),
    ...runtimeHandler(work),
  };
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
