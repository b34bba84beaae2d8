/** A node as its kubelet registers it (pkg/kubelet/kubelet_node_status.go) and kubeadm labels it, in a cluster made by kind. */
import { formatTime, type Time } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';
import type { NodeProfile, Profile } from './profile.js';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

export function makeNode(profile: Profile, node: NodeProfile, now: Time, random: (stream: string) => number): Node {
  const at = formatTime(now);
  const healthy = (type: string, reason: string, message: string) =>
    ({ type, status: 'False', lastHeartbeatTime: at, lastTransitionTime: at, reason, message }) as const;
  const isAlone = profile.nodes.length === 1;
  const resources = {
    cpu: node.cpu,
    'ephemeral-storage': node.ephemeralStorage,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: node.memory,
    pods: String(node.maxPods),
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      annotations: {
        'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock',
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
      labels: {
        'beta.kubernetes.io/arch': profile.architecture,
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': profile.architecture,
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        ...(node.isControlPlane ? { [CONTROL_PLANE]: '', ...(isAlone ? {} : { 'node.kubernetes.io/exclude-from-external-load-balancers': '' }) } : {}),
      },
    },
    spec: {
      podCIDR: node.podCIDR,
      podCIDRs: [node.podCIDR],
      providerID: `kind://docker/podsim/${node.name}`,
      // kind takes the taint away when there is no other node to run on.
      ...(node.isControlPlane && !isAlone ? { taints: [{ key: CONTROL_PLANE, effect: 'NoSchedule' }] } : {}),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: node.ip },
        { type: 'Hostname', address: node.name },
      ],
      allocatable: resources,
      capacity: resources,
      conditions: [
        healthy('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        healthy('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        healthy('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        { ...healthy('Ready', 'KubeletReady', 'kubelet is posting ready status'), status: 'True' },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: profile.architecture,
        bootID: uuid(random),
        containerRuntimeVersion: profile.containerRuntime,
        kernelVersion: profile.kernel,
        kubeProxyVersion: '',
        kubeletVersion: profile.kubernetes,
        machineID: hex(32, random),
        operatingSystem: 'linux',
        osImage: profile.osImage,
        systemUUID: uuid(random),
      },
      features: { supplementalGroupsPolicy: true },
      runtimeHandlers: [{ name: '', features: { recursiveReadOnlyMounts: true, userNamespaces: true } }],
    },
  };
}

export function hex(length: number, random: (stream: string) => number): string {
  return Array.from({ length }, () => Math.floor(random('nodes') * 16).toString(16)).join('');
}

function uuid(random: (stream: string) => number): string {
  const digits = hex(32, random);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}
