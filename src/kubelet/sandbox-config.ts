/** What a pod's sandbox is made from: names, DNS, host ports. */
import type { PodSandboxConfig } from '../api/cri.js';
import type { Pod } from '../resources/pods/types.js';
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
    hostname: spec.hostNetwork === true ? kubelet.node : (spec.hostname ?? pod.metadata.name ?? '').slice(0, 63),
    hostNetwork: spec.hostNetwork === true,
    hostPID: spec.hostPID === true,
    shareProcessNamespace: spec.shareProcessNamespace === true,
    dns: {
      servers: [...base.servers, ...(own?.nameservers ?? [])],
      searches: [...base.searches, ...(own?.searches ?? [])],
      options: [...base.options, ...(own?.options ?? []).map((one) => (one.value === undefined ? (one.name ?? '') : `${one.name}:${one.value}`))],
    },
    hostAliases: (spec.hostAliases ?? []).map((alias) => ({ ip: alias.ip ?? '', hostnames: alias.hostnames ?? [] })),
    hostPorts: hostPorts(pod),
    sysctls: Object.fromEntries((spec.securityContext?.sysctls ?? []).map((one) => [one.name, one.value])),
  };
}

function hostPorts({ spec }: Pod): PodSandboxConfig['hostPorts'] {
  const out: PodSandboxConfig['hostPorts'][number][] = [];
  for (const containers of [spec.containers, spec.initContainers ?? []])
    for (const { ports = [] } of containers)
      for (const { containerPort, hostPort = 0, protocol = 'TCP', hostIP = '' } of ports)
        if (hostPort > 0) out.push({ containerPort, hostPort, protocol, hostIP });
  return out;
}
